/* What happens to reservations afterwards: transactions use them, chargers' reports confirm and end
 * them, time ends them. Everything is read from what is stored, and may be read again: a look that
 * a crash has prevented is made up for by the next, at the start or when the timer fires. */
#include "reservation.h"
#include "rules.h"

#define LATE_MS (30 * INT64_C(86400000)) /* how late a start that was made offline may come */

enum { LOOK_AT_USES = 1, LOOK_AT_REPORTS = 2 };

struct look {
	struct reservation *plugin;
	struct bb_arena *arena;
	struct bb_unit *unit; /* NULL until there is something to store */
	int64_t first, last;  /* the chargers' ids */
	int what;
	bool all; /* the timer's */
};

static void over(struct look *l)
{
	if (l->all)
		l->plugin->looking = false;
	l->plugin->api->arena_free(l->arena);
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct look *l = arg;
	(void)rows;
	if (err && err != -ECANCELED)
		l->plugin->api->log(l->plugin->me, BB_WARN,
				    "what became of reservations could not be stored; once more "
				    "in a moment");
	over(l);
}

static void store(struct look *l)
{
	if (!l->unit || l->plugin->api->commit(l->unit, on_stored, l) < 0)
		over(l);
}

static void add(struct look *l, enum query q, uint32_t n, const struct bb_val *v)
{
	const struct bb_api *api = l->plugin->api;
	if (!l->unit)
		l->unit = api->begin(l->plugin->me);
	api->add(l->unit, l->plugin->q[q], n, v, NULL, NULL);
}

static int64_t ms_at(const struct look *l, const struct bb_rows *r, uint32_t row, uint32_t column)
{
	const char *text = bb_cell_text(r, row, column);
	int64_t ms = 0;
	if (text)
		l->plugin->api->time_parse(text, strlen(text), &ms);
	return ms;
}

/* Columns of the query `uses`. */
enum {
	U_TRANSACTION,
	U_CONNECTOR,
	U_ID_TAG,
	U_GROUP,
	U_NAMED,
	U_TOKEN_STATUS,
	U_RESERVATION,
	U_NUMBER,
	U_AT,
	U_FOR_TAG,
	U_FOR_GROUP,
	U_PASSED_OVER_BY,
	U_STATE,
	U_CHARGE_POINT,
};

static struct reserved reserved_at(const struct bb_rows *r, uint32_t i)
{
	const char *state = bb_cell_text(r, i, U_STATE);
	return (struct reserved){
	    .number = bb_cell_int(r, i, U_NUMBER, 0),
	    .connector_id = bb_cell_int(r, i, U_AT, 0),
	    .id_tag = bb_cell_text(r, i, U_FOR_TAG),
	    .parent_id_tag = bb_cell_text(r, i, U_FOR_GROUP),
	    .open = !strcmp(state, "pending") || !strcmp(state, "active"),
	};
}

static struct started started_at(const struct bb_rows *r, uint32_t i)
{
	return (struct started){
	    .number = bb_cell_int(r, i, U_NAMED, 0),
	    .connector_id = bb_cell_int(r, i, U_CONNECTOR, 0),
	    .id_tag = bb_cell_text(r, i, U_ID_TAG),
	    .parent_id_tag = bb_cell_text(r, i, U_GROUP),
	    .accepted = !strcmp(bb_cell_text(r, i, U_TOKEN_STATUS), "Accepted"),
	};
}

static void use(struct look *l, const struct bb_rows *r, uint32_t i)
{
	const struct reservation *p = l->plugin;
	const struct reserved res = reserved_at(r, i);
	const struct started t = started_at(r, i);
	const char *reason = rules_may_use(&res, &t) ? NULL : "by another token";
	const struct bb_val v[] = {
	    *bb_cell(r, i, U_RESERVATION),
	    *bb_cell(r, i, U_TRANSACTION),
	    bb_text(reason),
	    bb_now(p->api, l->arena),
	    history_line(p, l->arena, "used",
			 bb_printf(l->arena, "by transaction %lld of token %s",
				   (long long)bb_cell_int(r, i, U_TRANSACTION, 0), t.id_tag)),
	};
	add(l, Q_USE, sizeof v / sizeof *v, v);
}

static void pass_over(struct look *l, const struct bb_rows *r, uint32_t i)
{
	const struct reservation *p = l->plugin;
	int64_t transaction = bb_cell_int(r, i, U_TRANSACTION, 0);
	if (bb_cell_int(r, i, U_PASSED_OVER_BY, 0) >= transaction)
		return;
	p->api->log(p->me, BB_WARN,
		    "%s: transaction %lld of another token runs on connector %lld, which "
		    "reservation %lld holds",
		    bb_cell_text(r, i, U_CHARGE_POINT), (long long)transaction,
		    (long long)bb_cell_int(r, i, U_AT, 0),
		    (long long)bb_cell_int(r, i, U_NUMBER, 0));
	const struct bb_val v[] = {
	    *bb_cell(r, i, U_RESERVATION), bb_i64(transaction),
	    history_line(p, l->arena, NULL,
			 bb_printf(l->arena, "transaction %lld of another token, %s, runs there",
				   (long long)transaction, bb_cell_text(r, i, U_ID_TAG)))};
	add(l, Q_PASSED_OVER, 3, v);
}

/* The rows of one transaction, from `i` on: the best is used. The row after them. */
static uint32_t choose(struct look *l, const struct bb_rows *r, uint32_t i)
{
	int64_t transaction = bb_cell_int(r, i, U_TRANSACTION, 0);
	enum fit best = FIT_NONE;
	uint32_t best_row = i;
	for (; i < r->rows && bb_cell_int(r, i, U_TRANSACTION, 0) == transaction; i++) {
		const struct reserved res = reserved_at(r, i);
		const struct started t = started_at(r, i);
		enum fit fit = rules_fit(&res, &t);
		if (fit == FIT_PASSES_OVER)
			pass_over(l, r, i);
		if (fit > best) {
			best = fit;
			best_row = i;
		}
	}
	if (best > FIT_NONE)
		use(l, r, best_row);
	return i;
}

/* Columns of the query `reports`. */
enum {
	R_RESERVATION,
	R_STATE,
	R_AT,
	R_ASKED,
	R_ACCEPTED,
	R_CONFIRMED,
	R_EXPIRES,
	R_CONNECTOR,
	R_STATUS,
	R_RECEIVED,
	R_CHARGE_POINT,
	R_NUMBER,
};

static struct standing standing_at(const struct look *l, const struct bb_rows *r, uint32_t i)
{
	bool active = !strcmp(bb_cell_text(r, i, R_STATE), "active");
	return (struct standing){
	    .connector_id = bb_cell_int(r, i, R_AT, 0),
	    .asked_ms = ms_at(l, r, i, R_ASKED),
	    .accepted_ms = active ? ms_at(l, r, i, R_ACCEPTED) : 0,
	    .expires_ms = ms_at(l, r, i, R_EXPIRES),
	    .confirmed = bb_cell(r, i, R_CONFIRMED)->type != BB_NULL,
	};
}

static void store_standing(struct look *l, const struct bb_val *id, const struct standing *st)
{
	const struct reservation *p = l->plugin;
	struct bb_arena *a = l->arena;
	if (st->confirmed_ms) {
		const struct bb_val v[] = {*id, bb_time(p->api, a, st->confirmed_ms),
					   history_line(p, a, NULL, "the connector is Reserved")};
		add(l, Q_CONFIRM, 3, v);
	}
	if (st->state) {
		const struct bb_val v[] = {
		    *id, bb_text(st->state), bb_text(st->reason), bb_time(p->api, a, st->ended_ms),
		    history_line(p, a, st->state, st->reason ? st->reason : "Available")};
		add(l, Q_END, 5, v);
	}
}

/* The reports on one reservation, from `i` on. The row after them. */
static uint32_t see(struct look *l, const struct bb_rows *r, uint32_t i)
{
	const struct bb_val *id = bb_cell(r, i, R_RESERVATION);
	struct standing st = standing_at(l, r, i);
	for (; i < r->rows && bb_cell_int(r, i, R_RESERVATION, 0) == id->i; i++)
		rules_see(&st, bb_cell_int(r, i, R_CONNECTOR, 0), bb_cell_text(r, i, R_STATUS),
			  ms_at(l, r, i, R_RECEIVED));
	store_standing(l, id, &st);
	return i;
}

static void on_reports(int err, const struct bb_rows *rows, void *arg)
{
	struct look *l = arg;
	for (uint32_t i = 0; !err && i < rows->rows;)
		i = see(l, rows, i);
	store(l);
}

static void look_at_reports(struct look *l)
{
	const struct reservation *p = l->plugin;
	const struct bb_val v[] = {bb_i64(l->first), bb_i64(l->last)};
	if (!(l->what & LOOK_AT_REPORTS) ||
	    p->api->read(p->me, p->q[Q_REPORTS], 2, v, on_reports, l) < 0)
		store(l);
}

static void on_uses(int err, const struct bb_rows *rows, void *arg)
{
	struct look *l = arg;
	for (uint32_t i = 0; !err && i < rows->rows;)
		i = choose(l, rows, i);
	look_at_reports(l);
}

static struct look *look_new(struct reservation *p, int what)
{
	struct bb_arena *a = p->api->arena_new();
	struct look *l = bb_alloc(a, sizeof *l);
	*l = (struct look){.plugin = p, .arena = a, .what = what};
	return l;
}

static void look_begin(struct look *l)
{
	const struct reservation *p = l->plugin;
	int64_t since = p->api->now_ms() - LATE_MS;
	const struct bb_val v[] = {bb_i64(l->first), bb_i64(l->last),
				   bb_time(p->api, l->arena, since)};
	if (!(l->what & LOOK_AT_USES) || p->api->read(p->me, p->q[Q_USES], 3, v, on_uses, l) < 0)
		look_at_reports(l);
}

static void look_at(struct reservation *p, int64_t charger_id, int what)
{
	struct look *l = look_new(p, what);
	l->first = l->last = charger_id;
	look_begin(l);
}

void upkeep_look(struct reservation *p, int64_t charger_id)
{
	look_at(p, charger_id, LOOK_AT_USES | LOOK_AT_REPORTS);
}

int see_start(struct bb_call *call, void *self)
{
	struct reservation *p = self;
	look_at(p, p->api->link(call)->charger_id, LOOK_AT_USES);
	return BB_PASS;
}

int see_status(struct bb_call *call, void *self)
{
	struct reservation *p = self;
	look_at(p, p->api->link(call)->charger_id, LOOK_AT_REPORTS);
	return BB_PASS;
}

static void on_due(int err, const struct bb_rows *rows, void *arg)
{
	struct look *l = arg;
	const struct reservation *p = l->plugin;
	if (!err && rows->rows) {
		const struct bb_val v[] = {bb_now(p->api, l->arena),
					   history_line(p, l->arena, "expired", "its time is up")};
		add(l, Q_EXPIRE, 2, v);
	}
	look_begin(l);
}

static void on_timer(void *arg)
{
	struct reservation *p = arg;
	if (p->looking)
		return;
	struct look *l = look_new(p, LOOK_AT_USES | LOOK_AT_REPORTS);
	l->all = p->looking = true;
	l->last = INT64_MAX;
	const struct bb_val now = bb_now(p->api, l->arena);
	if (p->api->read(p->me, p->q[Q_DUE], 1, &now, on_due, l) < 0)
		over(l);
}

int upkeep_start(struct reservation *p)
{
	p->timer = p->api->timer(p->me, (uint64_t)p->cfg->check_every_ms, true, on_timer, p);
	on_timer(p);
	return p->timer ? 0 : -ENOMEM;
}

void upkeep_stop(struct reservation *p)
{
	if (p->timer)
		p->api->release(p->timer);
	p->timer = NULL;
}
