#include "security.h"

#define RETRIES "retries"
#define INTERVAL "retryInterval"

struct wanting {
	struct bb_rest *rest;
	const char *url;
	int64_t request_id;
	struct job_making making;
};

static void put_known(struct bb_builder *b, const char *key, const struct bb_json *v)
{
	if (v)
		bb_put_json(b, key, v);
}

static void ask(struct wanting *w)
{
	struct bb_rest *r = w->rest;
	const struct bb_json *body = r->api->payload(r->call);
	struct bb_builder log = bb_build(r->arena), b = bb_build(r->arena);
	bb_put_str(&log, "remoteLocation", w->url);
	put_known(&log, "oldestTimestamp", bb_json_get(body, "oldest_at"));
	put_known(&log, "latestTimestamp", bb_json_get(body, "latest_at"));
	bb_put_json(&b, "log", bb_build_object(&log));
	bb_put_json(&b, "logType", bb_json_get(body, "log_type"));
	bb_put_int(&b, "requestId", w->request_id);
	put_known(&b, RETRIES, bb_json_get(body, "retries"));
	put_known(&b, INTERVAL, bb_json_get(body, "retry_interval_s"));
	job_command(r, "GetLog", bb_build_object(&b), &w->making);
}

static void on_url(int err, const struct bb_rows *rows, void *arg)
{
	struct wanting *w = arg;
	(void)rows;
	if (err)
		bb_rest_storage_failed(w->rest, err);
	else
		ask(w);
}

/* A URL of ours, which works once it is stored. */
static void make_url(struct wanting *w)
{
	struct bb_rest *r = w->rest;
	struct security *p = r->self;
	const struct bb_charger *c = r->arg;
	const char *error = NULL;
	struct bb_unit *u = p->api->begin(p->bb);
	w->making.ref = bb_printf(r->arena, "ocpp16_security/%lld/%lld", (long long)c->id,
				  (long long)w->request_id);
	const struct bb_file_wish wish = {
	    .charger_id = c->id,
	    .purpose = "log",
	    .ref = w->making.ref,
	    .max_bytes = p->config->max_log_bytes,
	    .valid_until_ms = p->api->now_ms() + waits_ms(r) + p->config->url_ms,
	};
	int err = p->files->receive(u, &wish, r->arena, &w->url, &error);
	if (err) {
		p->api->rollback(u);
		bb_rest_fail(r, "409", error ? error : "there is no URL to upload to");
		return;
	}
	err = p->api->commit(u, on_url, w);
	if (err < 0)
		bb_rest_storage_failed(r, err);
}

static void found(struct bb_rest *r)
{
	struct security *p = r->self;
	struct wanting *w = bb_zalloc(r->arena, sizeof *w);
	w->rest = r;
	w->request_id = job_request_id();
	w->url = bb_json_get_str(p->api->payload(r->call), "location", NULL);
	if (w->url)
		ask(w);
	else
		make_url(w);
}

/* POST /api/admin/chargers/{id}/get-log */
int get_log(struct bb_call *call, void *self)
{
	return on_charger(call, self, found);
}
