/* The last answer to `price`: the tariff that is assigned to where the session was. Passes where
 * there is none. */
#include "tariffs.h"

/* Columns of the query tariff_for. */
enum { ID, NAME, VERSION, CURRENCY, SOURCE, SETTINGS };

struct asked {
	struct tariffs *plugin;
	struct bb_arena *arena;
	struct bb_reply *reply;
	const struct bb_json *session;
	const char *operator_id, *tariff;
	int64_t id, version;
};

static void answer(void *arg, const struct bb_json *bill, const char *error)
{
	struct asked *q = arg;
	const struct bb_api *api = q->plugin->api;
	if (!bill) {
		api->reject(q->reply, "TariffError",
			    bb_printf(q->arena, "tariff \"%s\", version %lld: %s", q->tariff,
				      (long long)q->version, error));
		return;
	}
	struct bb_builder b = bb_build(q->arena);
	for (uint32_t i = 0; i < bill->len; i++)
		bb_put(&b, bill->members[i].key, bill->members[i].value);
	bb_put_int(&b, "tariff_id", q->id);
	bb_put_int(&b, "tariff_version", q->version);
	api->resolve(q->reply, bb_build_object(&b));
}

static void with_tariff(int err, const struct bb_rows *rows, void *arg)
{
	struct asked *q = arg;
	const struct bb_api *api = q->plugin->api;
	if (err) {
		api->reject(q->reply, "StorageError", "the tariff could not be read");
		return;
	}
	if (!rows->rows) {
		api->pass(q->reply);
		return;
	}
	const struct bb_val *text = bb_cell(rows, 0, SOURCE);
	q->id = bb_cell_int(rows, 0, ID, 0);
	q->version = bb_cell_int(rows, 0, VERSION, 0);
	q->tariff = bb_strdup(q->arena, bb_cell_text(rows, 0, NAME));
	struct source s = {
	    .operator_id = q->operator_id,
	    .name = bb_printf(q->arena, "tariffs/%lld", (long long)q->id),
	    .version = bb_printf(q->arena, "%lld", (long long)q->version),
	    .text = bb_strndup(q->arena, text->s, text->len),
	    .len = text->len,
	    .currency = bb_strdup(q->arena, bb_cell_text(rows, 0, CURRENCY)),
	    .settings = run_settings(q->plugin, q->arena, bb_cell_text(rows, 0, SETTINGS)),
	};
	run_tariff(q->plugin, q->arena, &s, q->session, answer, q);
}

static struct bb_val place(struct bb_arena *a, const char *kind, const struct bb_json *of)
{
	int64_t id = bb_json_get_int(of, "id", 0);
	return id ? bb_text(bb_printf(a, "%s/%lld", kind, (long long)id)) : bb_null();
}

int price_hook(struct bb_call *call, void *self)
{
	struct tariffs *p = self;
	struct bb_arena *a = p->api->arena(call);
	const struct bb_json *session = p->api->payload(call);
	struct asked *q = bb_zalloc(a, sizeof *q);
	*q = (struct asked){
	    .plugin = p,
	    .arena = a,
	    .session = session,
	    .operator_id = bb_json_get_str(session, "operator_id", "default"),
	    .reply = p->api->defer(call, (uint32_t)p->cfg->price_timeout_ms, NULL, NULL),
	};
	const char *started_at = bb_json_get_str(session, "started_at", NULL);
	struct bb_val v[] = {
	    bb_text(q->operator_id), place(a, "station", bb_json_get(session, "station")),
	    place(a, "charger", bb_json_get(session, "charger")), bb_text(started_at),
	    bb_text(bb_json_get_str(session, "tariff_at", started_at))};
	int err = p->api->read(p->me, p->q[Q_TARIFF_FOR], 5, v, with_tariff, q);
	if (err < 0)
		with_tariff(err, NULL, q);
	return BB_LATER;
}
