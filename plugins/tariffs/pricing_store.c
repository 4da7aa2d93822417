/* A price, or the reason why there is none, as rows. */
#include "pricing.h"

/* What comes after a price, or after the lack of one. */
static void enqueue_bill(struct pricing *t, struct bb_unit *unit)
{
	t->plugin->api->enqueue(t->plugin->me, unit, "bill_transaction",
				bb_json_one(t->arena, "transaction_id", bb_json_make_int(t->id)));
}

static void on_unpriced(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	if (err)
		pricing_give_up(arg, "StorageError", "the next task could not be stored");
	else
		pricing_done(arg);
}

/* It has no price and will have none by itself. */
void pricing_none(struct pricing *t)
{
	struct bb_unit *unit = t->plugin->api->begin(t->plugin->me);
	enqueue_bill(t, unit);
	bb_commit(t->plugin->api, unit, on_unpriced, t);
}

static void on_failure_kept(int err, const struct bb_rows *rows, void *arg)
{
	struct pricing *t = arg;
	(void)err;
	(void)rows;
	pricing_give_up(t, "PriceError", t->error);
}

/* The transaction shows why it has no price; the task is tried again. */
void pricing_fail(struct pricing *t, const char *error)
{
	const struct bb_api *api = t->plugin->api;
	const struct bb_val v[] = {bb_i64(t->id), bb_text(t->ended_at), bb_text(error)};
	struct bb_unit *unit = api->begin(t->plugin->me);
	t->error = error;
	api->add(unit, t->plugin->q[Q_PRICE_FAILED], 3, v, NULL, NULL);
	enqueue_bill(t, unit);
	bb_commit(api, unit, on_failure_kept, t);
}

static void on_priced(int err, const struct bb_rows *rows, void *arg)
{
	struct pricing *t = arg;
	t->changed = !err && rows->rows > 0;
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct pricing *t = arg;
	(void)rows;
	if (err) {
		pricing_give_up(t, "StorageError", "the price could not be stored");
		return;
	}
	if (t->changed)
		t->plugin->api->emit(t->plugin->me, NULL, "transaction.priced",
				     bb_build_object(&t->event));
	pricing_done(t);
}

static void add_line(struct pricing *t, struct bb_unit *unit, const struct bb_json *line,
		     const char *at, uint32_t number)
{
	const struct bb_val v[] = {bb_i64(t->id),
				   bb_text(at),
				   bb_i64(number),
				   bb_member_val(line, "kind"),
				   bb_member_val(line, "description"),
				   bb_member_val(line, "quantity"),
				   bb_member_val(line, "unit"),
				   bb_member_val(line, "unit_price_minor"),
				   bb_member_val(line, "amount_minor"),
				   bb_member_val(line, "note"),
				   bb_member_val(line, "included_tax_percent")};
	t->plugin->api->add(unit, t->plugin->q[Q_ADD_LINE], sizeof v / sizeof *v, v, NULL, NULL);
}

static void add_part(struct pricing *t, struct bb_unit *unit, const struct bb_json *part,
		     const char *at, uint32_t number)
{
	const struct bb_val v[] = {bb_i64(t->id),
				   bb_text(at),
				   bb_i64(number),
				   bb_member_val(part, "tariff_id"),
				   bb_member_val(part, "tariff_version"),
				   bb_member_val(part, "from_at"),
				   bb_member_val(part, "energy_wh")};
	t->plugin->api->add(unit, t->plugin->q[Q_ADD_PART], 7, v, NULL, NULL);
}

/* By what it can be computed again. */
static void add_evidence(struct pricing *t, struct bb_unit *unit, const struct bb_json *bill,
			 const char *at)
{
	const struct bb_api *api = t->plugin->api;
	const struct bb_query *const *q = t->plugin->q;
	const struct bb_json *parts = bb_json_get(bill, "parts");
	const struct bb_val v[] = {bb_i64(t->id), bb_text(at),
				   bb_text(api->json_write(t->arena, t->session, NULL)),
				   bb_member_val(bill, "script_activation")};
	api->add(unit, q[Q_DROP_PARTS], 2, v, NULL, NULL);
	for (uint32_t i = 0; i < bb_json_count(parts); i++)
		add_part(t, unit, bb_json_at(parts, i), at, i + 1);
	api->add(unit, q[Q_KEEP_FACTS], 4, v, NULL, NULL);
}

static void put_copy(struct pricing *t, const char *key, const struct bb_json *bill)
{
	const struct bb_json *v = bb_json_get(bill, key);
	if (bb_json_is(v, BB_JSON_STRING))
		bb_put_str(&t->event, key, bb_strdup(t->arena, v->s));
	else
		bb_put_json(&t->event, key, v);
}

void pricing_store(struct pricing *t, const struct bb_json *bill)
{
	const struct bb_api *api = t->plugin->api;
	const struct bb_query *const *q = t->plugin->q;
	const struct bb_json *lines = bb_json_get(bill, "lines");
	const char *at = api->time_format(t->arena, api->now_ms());
	const struct bb_val v[] = {bb_i64(t->id),
				   bb_text(t->ended_at),
				   bb_member_val(bill, "currency"),
				   bb_member_val(bill, "total_minor"),
				   bb_member_val(bill, "tariff_id"),
				   bb_member_val(bill, "tariff_version"),
				   bb_text(at)};
	const struct bb_val mine[] = {bb_i64(t->id), bb_text(at)};
	struct bb_unit *unit = api->begin(t->plugin->me);
	api->add(unit, q[Q_PRICE], 7, v, on_priced, t);
	api->add(unit, q[Q_DROP_LINES], 2, mine, NULL, NULL);
	for (uint32_t i = 0; i < bb_json_count(lines); i++)
		add_line(t, unit, bb_json_at(lines, i), at, i + 1);
	add_evidence(t, unit, bill, at);
	enqueue_bill(t, unit);
	put_copy(t, "currency", bill);
	put_copy(t, "total_minor", bill);
	put_copy(t, "tariff_id", bill);
	put_copy(t, "tariff_version", bill);
	bb_commit(api, unit, on_stored, t);
}
