/* The last answer to `price`: the tariffs that are assigned to where the session was. Passes where
 * none held when it started. */
#include "parts.h"
#include "tariffs.h"

/* Columns of the query tariffs_for. */
enum { RANK, ID, NAME, VERSION, CURRENCY, SOURCE, SETTINGS, RUNNING, FROM, UNTIL, CREATED, BASE };

struct asked {
	struct tariffs *plugin;
	struct bb_arena *arena;
	struct bb_reply *reply;
	const struct bb_json *session;
	const char *operator_id;
};

static void answer(void *arg, const struct bb_json *bill, const char *error)
{
	struct asked *q = arg;
	if (bill)
		q->plugin->api->resolve(q->reply, bill);
	else
		q->plugin->api->reject(q->reply, "TariffError", error);
}

static int64_t text_ms(const struct asked *q, const char *text, int64_t otherwise)
{
	int64_t ms;
	if (!text || q->plugin->api->time_parse(text, strlen(text), &ms))
		return otherwise;
	return ms;
}

static struct candidate candidate(const struct asked *q, const struct bb_rows *rows, uint32_t row)
{
	int64_t created_ms = text_ms(q, bb_cell_text(rows, row, CREATED), INT64_MIN);
	return (struct candidate){
	    .rank = bb_cell_int(rows, row, RANK, 0),
	    .id = bb_cell_int(rows, row, ID, 0),
	    .version = bb_cell_int(rows, row, VERSION, 0),
	    .valid_from_ms = text_ms(q, bb_cell_text(rows, row, FROM), INT64_MIN),
	    .valid_until_ms = text_ms(q, bb_cell_text(rows, row, UNTIL), INT64_MAX),
	    .since_ms = bb_cell_int(rows, row, BASE, 0) ? INT64_MIN : created_ms,
	    .running = bb_cell_int(rows, row, RUNNING, 0) != 0,
	    .currency = bb_strdup(q->arena, bb_cell_text(rows, row, CURRENCY)),
	};
}

static struct priced_part priced_part(const struct asked *q, const struct bb_rows *rows,
				      uint32_t row, int64_t from_ms)
{
	int64_t id = bb_cell_int(rows, row, ID, 0), version = bb_cell_int(rows, row, VERSION, 0);
	return (struct priced_part){
	    .source = source_of_row(q->plugin, q->arena, rows, row, q->operator_id),
	    .id = id,
	    .version = version,
	    .from_ms = from_ms,
	    .title = bb_printf(q->arena, "tariff \"%s\", version %lld",
			       bb_cell_text(rows, row, NAME), (long long)version),
	};
}

static void with_tariffs(int err, const struct bb_rows *rows, void *arg)
{
	struct asked *q = arg;
	const struct bb_api *api = q->plugin->api;
	if (err) {
		api->reject(q->reply, "StorageError", "the tariff could not be read");
		return;
	}
	struct candidate *c = bb_alloc(q->arena, (rows->rows + 1) * sizeof *c);
	struct part parts[PARTS_MOST];
	for (uint32_t i = 0; i < rows->rows; i++)
		c[i] = candidate(q, rows, i);
	size_t count =
	    parts_of(c, rows->rows, text_ms(q, bb_json_get_str(q->session, "started_at", NULL), 0),
		     text_ms(q, bb_json_get_str(q->session, "stopped_at", NULL), 0), parts);
	if (!count) {
		api->pass(q->reply);
		return;
	}
	struct priced_part *priced = bb_alloc(q->arena, count * sizeof *priced);
	for (size_t i = 0; i < count; i++)
		priced[i] = priced_part(q, rows, (uint32_t)(parts[i].tariff - c), parts[i].from_ms);
	parts_run(q->plugin, q->arena, q->session, priced, count, answer, q);
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
	struct bb_val v[] = {bb_text(q->operator_id),
			     place(a, "station", bb_json_get(session, "station")),
			     place(a, "charger", bb_json_get(session, "charger")),
			     bb_text(started_at),
			     bb_text(bb_json_get_str(session, "stopped_at", started_at)),
			     bb_text(bb_json_get_str(session, "tariff_at", NULL))};
	bb_read(p->api, p->me, p->q[Q_TARIFFS_FOR], 6, v, with_tariffs, q);
	return BB_LATER;
}
