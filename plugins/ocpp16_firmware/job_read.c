/* Jobs over REST: lists, one with its history, and an end before its time. */
#include "firmware.h"

/* The parameters of job_list before the filters. */
enum { OPERATOR, KIND, CHARGER, OWN };

static const struct bb_filter filters[] = {
    {"charge_point_id", BB_BY_TEXT},  {"state", BB_BY_TEXT}, {"campaign_id", BB_BY_INT},
    {"command_id", BB_BY_TEXT},       {"from", BB_BY_TIME},  {"to", BB_BY_TIME},
    {"cursor", BB_BY_TEXT, bb_is_id},
};
#define FILTERS (sizeof filters / sizeof *filters)

/* The last column, "request", is JSON. */
static void put_job(const struct bb_api *api, struct bb_builder *b, const struct bb_rows *r,
		    uint32_t row)
{
	uint32_t last = r->columns - 1;
	for (uint32_t c = 1; c < last; c++)
		bb_put_column(b, r, row, c);
	bb_put(b, "request", bb_cell_parsed(api, b->arena, bb_cell(r, row, last)));
}

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	struct bb_builder b = bb_build(a);
	put_job(((const struct firmware *)arg)->api, &b, r, row);
	return bb_build_object(&b);
}

static struct bb_list *job_list(struct firmware *p, struct bb_call *call, const char *kind)
{
	struct bb_list *list = bb_list_new(p->api, call, p, OWN, filters, FILTERS);
	if (!list)
		return NULL;
	list->v[OPERATOR] = bb_text(p->api->attr(call, "operator_id"));
	list->v[KIND] = bb_text(kind);
	return list;
}

static int of_all(struct bb_call *call, struct firmware *p, const char *kind)
{
	struct bb_list *list = job_list(p, call, kind);
	if (!list)
		return BB_DONE;
	return bb_list_read(bb_rest_later(p->api, p->me, call, p), list, p->q[Q_JOB_LIST], item, p);
}

static void jobs_of_charger(struct bb_rest *r)
{
	struct bb_list *list = r->self;
	struct firmware *p = list->self;
	list->v[CHARGER] = bb_i64(((const struct bb_charger *)r->arg)->id);
	bb_list_read(r, list, p->q[Q_JOB_LIST], item, p);
}

static int of_charger(struct bb_call *call, struct firmware *p, const char *kind)
{
	struct bb_list *list = job_list(p, call, kind);
	if (!list)
		return BB_DONE;
	return bb_on_charger(p->api, p->me, p->chargers, call, list, jobs_of_charger);
}

int firmware_job_list(struct bb_call *call, void *self)
{
	return of_all(call, self, FIRMWARE);
}

int diagnostics_job_list(struct bb_call *call, void *self)
{
	return of_all(call, self, DIAGNOSTICS);
}

int charger_firmware_jobs(struct bb_call *call, void *self)
{
	return of_charger(call, self, FIRMWARE);
}

int charger_diagnostics_jobs(struct bb_call *call, void *self)
{
	return of_charger(call, self, DIAGNOSTICS);
}

static void statuses_of_charger(struct bb_rest *r)
{
	struct bb_list *list = r->self;
	const struct firmware *p = list->self;
	list->v[1] = bb_i64(((const struct bb_charger *)r->arg)->id);
	bb_list_read(r, list, p->q[Q_STATUS_LIST], NULL, NULL);
}

int charger_statuses(struct bb_call *call, void *self)
{
	static const struct bb_filter status_filters[] = {{"kind", BB_BY_TEXT},
							  {"cursor", BB_BY_INT}};
	struct firmware *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 2, status_filters, 2);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(p->api->attr(call, "operator_id"));
	return bb_on_charger(p->api, p->me, p->chargers, call, list, statuses_of_charger);
}

static void with_history(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder *b = r->arg, list = bb_build(r->arena);
	for (uint32_t i = 0; i < rows->rows; i++) {
		struct bb_builder one = bb_build(r->arena);
		bb_put_row(&one, rows, i, 0);
		bb_push(&list, *bb_build_object(&one));
	}
	bb_put_json(b, "history", bb_build_array(&list));
	bb_rest_done(r, bb_build_object(b));
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct firmware *p = r->self;
	const struct bb_val id = bb_text(bb_strdup(r->arena, bb_cell_text(rows, 0, 0)));
	struct bb_builder *b = bb_alloc(r->arena, sizeof *b);
	*b = bb_build(r->arena);
	put_job(r->api, b, rows, 0);
	r->arg = b;
	bb_rest_read(r, p->q[Q_JOB_STATUSES], 1, &id, with_history);
}

static void find(struct bb_rest *r, const char *kind, bb_rest_fn *then)
{
	const struct firmware *p = r->self;
	const struct bb_val v[] = {bb_text(r->api->attr(r->call, "id")), bb_text(kind),
				   bb_text(r->api->attr(r->call, "operator_id"))};
	bb_rest_one(r, "job", p->q[Q_JOB_GET], 3, v, then);
}

static int get(struct bb_call *call, struct firmware *p, const char *kind, bb_rest_fn *then)
{
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = (void *)kind;
	find(r, kind, then);
	return BB_LATER;
}

int firmware_job_get(struct bb_call *call, void *self)
{
	return get(call, self, FIRMWARE, show);
}

int diagnostics_job_get(struct bb_call *call, void *self)
{
	return get(call, self, DIAGNOSTICS, show);
}

/* The job's row came back, unless it ended first. */
static void cancelled(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		bb_rest_fail(r, "409", "the job has ended");
		return;
	}
	jobs_tell(0, rows, r->self);
	find(r, r->arg, show);
}

static void cancel(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct firmware *p = r->self;
	struct bb_builder b = bb_build(r->arena);
	put_job(r->api, &b, rows, 0);
	const struct bb_json *job = bb_build_object(&b);
	if (bb_json_is(bb_json_get(job, "location"), BB_JSON_STRING)) {
		bb_rest_fail(r, "409",
			     "OCPP 1.6 cannot take back what is fetched from or sent to "
			     "another server");
		return;
	}
	bb_set_before(r->api, r->call, job);
	const char *id = bb_json_get_str(job, "id", "");
	const struct bb_val v[] = {bb_text(id), bb_now(p->api, r->arena)};
	struct bb_unit *unit = r->api->begin(r->me);
	p->files->withdraw(unit, id);
	r->api->add(unit, p->q[Q_JOB_CANCEL], 2, v, NULL, NULL);
	bb_rest_commit(r, unit, cancelled);
}

int firmware_job_cancel(struct bb_call *call, void *self)
{
	return get(call, self, FIRMWARE, cancel);
}

int diagnostics_job_cancel(struct bb_call *call, void *self)
{
	return get(call, self, DIAGNOSTICS, cancel);
}
