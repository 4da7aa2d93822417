/* How runs begin: by the admin, or by themselves when a month is over. */
#include "run.h"

#define SCRIPT_MS 10000
#define FIRST_LOOK_MS 3000u
#define ISSUERS_AT_ONCE 50

struct beginning {
	struct invoices *p;
	struct bb_arena *arena;
	const char *operator_id, *month, *from, *to;
	bool once;
	run_begun_fn *fn;
	void *arg;
};

static void end(struct beginning *b, const struct run_begun *begun)
{
	b->fn(begun, b->arg);
	b->p->api->arena_free(b->arena);
}

static void fail(struct beginning *b, const char *status, const char *text)
{
	end(b, &(struct run_begun){.status = status, .text = text});
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct beginning *b = arg;
	(void)rows;
	if (err)
		fail(b, "503", "storage is away; try again");
	else
		end(b, &(struct run_begun){.month = b->month});
}

static void store(struct beginning *b)
{
	const struct bb_api *api = b->p->api;
	const char *token = api->new_id(b->arena);
	struct bb_builder payload = bb_build(b->arena);
	const struct bb_val v[] = {bb_text(b->operator_id), bb_text(b->month),
				   bb_text(token),          bb_text(b->from),
				   bb_text(b->to),          bb_now(api, b->arena)};
	struct bb_unit *unit = api->begin(b->p->me);
	bb_put_str(&payload, "operator_id", b->operator_id);
	bb_put_str(&payload, "month", b->month);
	bb_put_str(&payload, "token", token);
	api->add(unit, b->p->q[Q_RUN_BEGIN], 6, v, NULL, NULL);
	api->add(unit, b->p->q[Q_RUN_SKIPS_CLEAR], 2, v, NULL, NULL);
	api->enqueue(b->p->me, unit, RUN_TASK, bb_build_object(&payload));
	bb_commit(api, unit, on_stored, b);
}

static void on_earlier(int err, const struct bb_rows *rows, void *arg)
{
	struct beginning *b = arg;
	if (err)
		fail(b, "503", "storage is away; try again");
	else if (rows->rows)
		end(b, &(struct run_begun){.month = b->month});
	else
		store(b);
}

static void on_month(int err, const struct bb_json *v, void *arg)
{
	struct beginning *b = arg;
	const struct bb_api *api = b->p->api;
	int64_t to_ms;
	if (err) {
		fail(b, "422", "there is no such month");
		return;
	}
	b->month = bb_strdup(b->arena, bb_json_get_str(v, "month", ""));
	b->from = stored_time(api, b->arena, bb_json_get_str(v, "from", NULL));
	b->to = stored_time(api, b->arena, bb_json_get_str(v, "to", NULL));
	if (!b->to || api->time_parse(b->to, strlen(b->to), &to_ms) || to_ms > api->now_ms()) {
		fail(b, "422", "the month is not over");
		return;
	}
	if (!b->once) {
		store(b);
		return;
	}
	const struct bb_val key[] = {bb_text(b->operator_id), bb_text(b->month)};
	err = api->read(b->p->me, b->p->q[Q_RUN_GET], 2, key, on_earlier, b);
	if (err < 0)
		on_earlier(err, NULL, b);
}

void run_begin(struct invoices *p, const char *operator_id, const char *zone, const char *month,
	       bool once, run_begun_fn *fn, void *arg)
{
	struct bb_arena *a = p->api->arena_new();
	struct beginning *b = bb_zalloc(a, sizeof *b);
	*b =
	    (struct beginning){p, a, bb_strdup(a, operator_id), .once = once, .fn = fn, .arg = arg};
	struct bb_script script = p->calendar;
	struct bb_builder question = bb_build(a);
	script.operator_id = b->operator_id;
	bb_put_str(&question, "zone", zone);
	bb_put_int(&question, "after_s", p->cfg->run_after_ms / 1000);
	if (month)
		bb_put_str(&question, "month", month);
	int err = p->api->script_call(p->me, &script, "month", bb_build_object(&question),
				      SCRIPT_MS, on_month, b);
	if (err < 0)
		on_month(err, NULL, b);
}

/* By the admin. */

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	static const char *const hidden[] = {"cursor", "token", "after_user", "details"};
	struct bb_builder b = bb_build(a);
	(void)arg;
	for (uint32_t c = 0; c < r->columns; c++) {
		bool shown = true;
		for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
			shown = shown && strcmp(r->names[c], hidden[i]) != 0;
		if (shown)
			bb_put_column(&b, r, row, c);
	}
	return bb_build_object(&b);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	r->api->set_status(r->call, 202);
	bb_rest_done(r, item(r->arena, rows, 0, NULL));
}

static void on_begun(const struct run_begun *begun, void *arg)
{
	struct bb_rest *r = arg;
	const struct invoices *p = r->self;
	if (!begun->month) {
		if (!strcmp(begun->status, "422"))
			bb_rest_fault(r->api, r->call, "month", begun->text);
		bb_rest_fail(r, begun->status, begun->text);
		return;
	}
	const struct bb_val v[] = {bb_text(r->arg), bb_text(begun->month)};
	bb_rest_one(r, "run", p->q[Q_RUN_GET], 2, v, show);
}

static void on_operator(struct bb_rest *r, const struct bb_rows *rows)
{
	const char *month = bb_json_get_str(r->api->payload(r->call), "month", NULL);
	if (bb_cell(rows, 0, 1)->type == BB_NULL)
		bb_rest_fail(r, "409", "the operator has no issuer");
	else
		run_begin(r->self, r->arg, bb_cell_text(rows, 0, 0), month, false, on_begun, r);
}

int run_start(struct bb_call *call, void *self)
{
	struct invoices *p = self;
	const char *operator_id = bb_rest_operator(p->api, call);
	if (!operator_id)
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = bb_strdup(r->arena, operator_id);
	const struct bb_val v[] = {bb_text(r->arg), bb_text("")};
	return bb_rest_one(r, "operator", p->q[Q_BASIS], 2, v, on_operator);
}

int run_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"month", BB_BY_TEXT},
						   {"cursor", BB_BY_TEXT, bb_is_name}};
	struct invoices *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_RUN_LIST], filters, 2, item);
}

int run_skips(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"month", BB_BY_TEXT},
						   {"cursor", BB_BY_TEXT, bb_is_name}};
	struct invoices *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_RUN_SKIP_LIST], filters, 2, NULL);
}

/* By themselves. */

static void on_monthly(const struct run_begun *begun, void *arg)
{
	struct invoices *p = arg;
	if (begun->status)
		p->api->log(p->me, BB_WARN, "a monthly run did not begin: %s", begun->text);
}

struct watch {
	struct invoices *p;
	bool receipts;
	char after[128];
};

static void read_issuers(struct watch *w);

static void on_issuers(int err, const struct bb_rows *rows, void *arg)
{
	struct watch *w = arg;
	struct invoices *p = w->p;
	if (err || !rows->rows) {
		if (!err)
			p->receipts_wanted = w->receipts;
		free(w);
		return;
	}
	struct bb_arena *a = p->api->arena_new();
	for (uint32_t i = 0; i < rows->rows; i++) {
		struct bb_json details = bb_cell_parsed(p->api, a, bb_cell(rows, i, 2));
		const char *operator_id = bb_cell_text(rows, i, 0);
		w->receipts |= bb_json_get_bool(&details, "receipts", false);
		if (bb_json_get_bool(&details, "monthly", false))
			run_begin(p, operator_id, bb_cell_text(rows, i, 1), NULL, true, on_monthly,
				  p);
		snprintf(w->after, sizeof w->after, "%s", operator_id);
	}
	p->api->arena_free(a);
	read_issuers(w);
}

static void read_issuers(struct watch *w)
{
	const struct invoices *p = w->p;
	const struct bb_val v[] = {bb_text(w->after), bb_i64(ISSUERS_AT_ONCE)};
	bb_read(p->api, p->me, p->q[Q_ISSUERS], 2, v, on_issuers, w);
}

static void look(void *arg)
{
	struct invoices *p = arg;
	struct watch *w = calloc(1, sizeof *w);
	if (!w)
		abort();
	w->p = p;
	read_issuers(w);
	refunds_look(p);
}

static void on_look(void *arg)
{
	struct invoices *p = arg;
	p->api->timer(p->me, (uint64_t)p->cfg->look_every_ms, false, on_look, p);
	look(p);
}

void run_watch(struct invoices *p)
{
	p->receipts_wanted = true; /* until all issuers have been read */
	uint64_t first = (uint64_t)p->cfg->look_every_ms;
	p->api->timer(p->me, first < FIRST_LOOK_MS ? first : FIRST_LOOK_MS, false, on_look, p);
}
