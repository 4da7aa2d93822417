/* The hook `admit`: whose charger it is, those behind in the chain say first; of one that they let
 * in, its operator's script may refuse to. All of it at once: the core does not wait. */
#include "scripts.h"

#define ADMIT_MS 1000u

struct door {
	struct scripts *plugin;
	struct bb_call *call; /* NULL: too late */
	bool answered;
	const char *operator_id;        /* as those behind said */
	const struct bb_json *admitted; /* their answer, while it is there */
};

static const struct bb_json *visitor(struct bb_arena *a, const struct bb_json *asked,
				     const struct bb_json *admitted)
{
	static const char *const of_link[] = {"charge_point_id", "remote", "subprotocol", "tls",
					      "client_certificate"};
	static const char *const of_it[] = {"charger_id", "operator_id", "registration",
					    "vendor",     "model",       "firmware_version"};
	struct bb_builder b = bb_build(a);
	for (size_t i = 0; i < sizeof of_link / sizeof *of_link; i++)
		bb_put_json(&b, of_link[i], bb_json_get(asked, of_link[i]));
	for (size_t i = 0; i < sizeof of_it / sizeof *of_it; i++)
		bb_put_json(&b, of_it[i], bb_json_get(admitted, of_it[i]));
	return bb_build_object(&b);
}

static void tell_refused(const struct door *d, int status, const char *reason)
{
	const struct bb_api *api = d->plugin->api;
	const struct bb_json *asked = api->payload(d->call);
	const char *remote = bb_json_get_str(asked, "remote", "?");
	int64_t count = bb_refusals_note(&d->plugin->refusals, remote, status, api->now_ms());
	if (count)
		api->log(d->plugin->me, BB_WARN,
			 "charger refused charge_point_id=%s operator=%s reason=\"%s\" remote=%s "
			 "(%lld since the last line)",
			 bb_json_get_str(asked, "charge_point_id", ""), d->operator_id, reason,
			 remote, (long long)count);
}

static void refuse(const struct door *d, const struct bb_json *v)
{
	const struct bb_api *api = d->plugin->api;
	int64_t status = bb_json_get_int(v, "status", 403);
	int64_t retry_after_s = bb_json_get_int(v, "retry_after_s", 0);
	const char *reason = bb_json_get_str(v, "reason", "refused by its operator's script");
	struct bb_builder b = bb_build(api->arena(d->call));
	bb_put_int(&b, "status", status >= 400 && status < 600 ? status : 403);
	bb_put_str(&b, "reason", reason);
	if (retry_after_s > 0)
		bb_put_int(&b, "retry_after_s", retry_after_s);
	tell_refused(d, (int)status, reason);
	api->reply(d->call, bb_build_object(&b));
}

static void on_verdict(int err, const struct bb_json *v, void *arg)
{
	struct door *d = arg;
	if (!d->call) {
		free(d);
		return;
	}
	d->answered = true;
	if (err)
		d->plugin->api->fail(d->call, "ScriptError", "%s",
				     bb_json_get_str(v, "detail", ""));
	else if (v)
		refuse(d, v);
	else
		d->plugin->api->reply(d->call, d->admitted);
}

static void ask_script(struct door *d, const struct active *a, const struct bb_json *admitted)
{
	const struct bb_api *api = d->plugin->api;
	const struct bb_json *q = visitor(api->arena(d->call), api->payload(d->call), admitted);
	d->admitted = admitted;
	d->operator_id = bb_strdup(api->arena(d->call), a->script.operator_id);
	int err = api->script_ask(d->plugin->me, &a->script, "admit", q, ADMIT_MS, on_verdict, d);
	if (err < 0)
		on_verdict(err, NULL, d);
}

static void on_door(int err, const struct bb_json *v, void *arg)
{
	struct door *d = arg;
	if (!d->call) {
		free(d);
		return;
	}
	const struct bb_api *api = d->plugin->api;
	const struct active *a = NULL;
	if (!err && bb_json_get_int(v, "status", 0) == 101)
		a = book_find(d->plugin, bb_json_get_str(v, "operator_id", "default"), H_ADMIT);
	if (a) {
		ask_script(d, a, v);
		return;
	}
	d->answered = true;
	if (!err)
		api->reply(d->call, v);
	else if (err == -ENOENT)
		api->reply(d->call,
			   bb_json_one(api->arena(d->call), "status", bb_json_make_int(404)));
	else
		api->fail(d->call, bb_json_get_str(v, "code", "Failed"), "%s",
			  bb_json_get_str(v, "detail", ""));
}

/* It waits for the host, or somebody behind it does. */
static void give_up(struct door *d, struct bb_call *call)
{
	const struct bb_api *api = d->plugin->api;
	const char *operator_id = d->operator_id ? d->operator_id : "default";
	const char *detail = "admit must be answered at once: it cannot wait for the host";
	d->call = NULL;
	api->log(d->plugin->me, BB_ERROR, "hook admit: %s operator=%s", detail, operator_id);
	struct bb_builder b = bb_build(api->arena(call));
	bb_put_str(&b, "operator_id", operator_id);
	bb_put_str(&b, "hook", "admit");
	bb_put_str(&b, "script", "main");
	bb_put_str(&b, "version", "");
	bb_put_int(&b, "line", 0);
	bb_put_str(&b, "detail", detail);
	api->emit(d->plugin->me, NULL, "script.failed", bb_build_object(&b));
	api->fail(call, "ScriptError", "%s", detail);
}

int on_admit(struct bb_call *call, void *self)
{
	struct scripts *p = self;
	if (!(p->hooks & H_ADMIT))
		return BB_PASS;
	struct door *d = calloc(1, sizeof *d);
	if (!d)
		return -ENOMEM;
	*d = (struct door){.plugin = p, .call = call};
	int err = p->api->ask_behind(call, p->api->payload(call), on_door, d);
	if (err < 0)
		on_door(err, NULL, d);
	if (d->answered)
		free(d);
	else
		give_up(d, call);
	return BB_DONE;
}
