/* Campaigns over REST: begun, paused, resumed, stopped. */
#include "campaign.h"
#include "place.h"

struct making {
	const char *operator_id, *file_name;
	struct bb_val from, until;
};

static void made(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		bb_rest_fault(r->api, r->call, "operator_id", "names no operator");
		bb_rest_fail(r, "422", "operator_id names no operator");
		return;
	}
	int64_t id = bb_cell_int(rows, 0, 0, 0);
	r->api->set_status(r->call, 201);
	r->api->set_header(
	    r->call, "location",
	    bb_printf(r->arena, "/api/admin/firmware-campaigns/%lld", (long long)id));
	campaigns_wake(r->self);
	campaign_look(r, id, campaign_show);
}

static void insert(struct bb_rest *r)
{
	const struct firmware *p = r->self;
	const struct making *m = r->arg;
	const struct bb_json *body = r->api->payload(r->call);
	const char *key_name = r->api->attr(r->call, "key_name");
	const struct bb_json *selection = bb_json_get(body, "selection");
	const struct bb_val v[] = {
	    bb_text(m->operator_id),
	    bb_member_val(body, "name"),
	    bb_text(r->api->json_write(r->arena, selection, NULL)),
	    bb_member_val(body, "file_id"),
	    bb_member_val(body, "location"),
	    bb_member_val(body, "expected_version"),
	    m->from,
	    m->until,
	    bb_i64(bb_json_get_int(body, "at_once", 10)),
	    bb_member_val(body, "max_failure_percent"),
	    bb_i64(bb_json_get_int(body, "min_samples", 5)),
	    bb_member_val(body, "retries"),
	    bb_member_val(body, "retry_interval_s"),
	    bb_text(key_name ? key_name : "rest"),
	    bb_now(p->api, r->arena),
	    bb_text(m->file_name),
	};
	bb_rest_write(r, p->q[Q_CAMPAIGN_ADD], sizeof v / sizeof *v, v, made);
}

/* Chargers have to be told a URL: a trial shows whether one can be made at all. */
static bool can_be_offered(struct bb_rest *r, const struct bb_file *file)
{
	const struct firmware *p = r->self;
	const struct bb_file_offer offer = {.file_id = file->id, .name = file->name};
	const char *url, *error = NULL;
	struct bb_unit *unit = r->api->begin(r->me);
	int err = p->files->offer(unit, &offer, r->arena, &url, &error);
	r->api->rollback(unit);
	if (err)
		bb_rest_fail(r, "409", error ? error : "the file cannot be offered");
	return !err;
}

static void on_file(int err, const struct bb_file *file, void *arg)
{
	struct bb_rest *r = arg;
	struct making *m = r->arg;
	if (err == -ENOENT) {
		bb_rest_fault(r->api, r->call, "file_id", "names no file of the operator");
		bb_rest_fail(r, "422", "file_id names no file of the operator");
	} else if (err) {
		bb_rest_storage_failed(r, err);
	} else {
		m->file_name = bb_strdup(r->arena, file->name);
		if (can_be_offered(r, file))
			insert(r);
	}
}

static bool refuse(const struct bb_api *api, struct bb_call *call, const char *path,
		   const char *rule)
{
	bb_rest_fault(api, call, path, rule);
	api->fail(call, "422", "%s %s", path, rule);
	return false;
}

static bool read_time(const struct bb_api *api, struct bb_arena *a, const struct bb_json *body,
		      const char *name, int64_t *ret_ms, struct bb_val *ret)
{
	const char *text = bb_json_get_str(body, name, NULL);
	*ret = bb_null();
	if (!text || api->time_parse(text, strlen(text), ret_ms))
		return false;
	*ret = bb_time(api, a, *ret_ms);
	return true;
}

static bool read_body(const struct firmware *p, struct bb_call *call, struct making *m)
{
	const struct bb_api *api = p->api;
	const struct bb_json *body = api->payload(call);
	struct bb_arena *a = api->arena(call);
	int64_t from, until;
	if (!place_check(api, call, body))
		return false;
	if (!bb_json_get(body, "file_id") && !bb_json_get(body, "location"))
		return refuse(api, call, "file_id", "is missing, and so is location");
	bool has_from = read_time(api, a, body, "from_at", &from, &m->from);
	bool has_until = read_time(api, a, body, "until_at", &until, &m->until);
	if (has_until && until <= api->now_ms())
		return refuse(api, call, "until_at", "has passed");
	if (has_from && has_until && until <= from)
		return refuse(api, call, "until_at", "is not later than from_at");
	return true;
}

int campaign_create(struct bb_call *call, void *self)
{
	struct firmware *p = self;
	struct making *m = bb_zalloc(p->api->arena(call), sizeof *m);
	const char *operator_id = bb_rest_operator(p->api, call);
	if (!operator_id || !read_body(p, call, m))
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	int64_t file_id = bb_json_get_int(p->api->payload(call), "file_id", 0);
	m->operator_id = bb_strdup(r->arena, operator_id);
	r->arg = m;
	if (file_id)
		p->files->find(file_id, m->operator_id, on_file, r);
	else
		insert(r);
	return BB_LATER;
}

/* What an admin may do to a campaign. */
struct order {
	const char *state, *reason, *from, *refusal;
	bool ends;
};

static void ordered(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct order *o = r->arg;
	if (!rows->rows) {
		bb_rest_fail(r, "409", o->refusal);
		return;
	}
	int64_t id = bb_cell_int(rows, 0, 0, 0);
	if (o->ends)
		campaigns_tell(0, rows, r->self);
	campaigns_wake(r->self);
	campaign_look(r, id, campaign_show);
}

static void give_order(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct firmware *p = r->self;
	const struct order *o = r->arg;
	struct bb_val now = bb_now(p->api, r->arena);
	bb_set_before(r->api, r->call, campaign_json(r->arena, rows, 0, (void *)r->api));
	const struct bb_val v[] = {
	    *bb_cell(rows, 0, 0),      bb_text(o->state), bb_text(o->reason), bb_text(o->from), now,
	    o->ends ? now : bb_null(),
	};
	bb_rest_write(r, p->q[Q_CAMPAIGN_MOVE], 6, v, ordered);
}

int campaign_pause(struct bb_call *call, void *self)
{
	static const struct order pause = {"paused", NULL, "|running|",
					   "the campaign is not running", false};
	return campaign_find(call, self, give_order, (void *)&pause);
}

int campaign_resume(struct bb_call *call, void *self)
{
	static const struct order resume = {"running", NULL, "|paused|",
					    "the campaign is not paused", false};
	return campaign_find(call, self, give_order, (void *)&resume);
}

int campaign_stop(struct bb_call *call, void *self)
{
	static const struct order stop = {"stopped", "request", "|running|paused|",
					  "the campaign has ended", true};
	return campaign_find(call, self, give_order, (void *)&stop);
}

void campaigns_tell(int err, const struct bb_rows *rows, void *arg)
{
	struct firmware *p = arg;
	for (uint32_t i = 0; !err && i < rows->rows; i++) {
		struct bb_arena *a = p->api->arena_new();
		struct bb_builder b = bb_build(a);
		bb_put_row(&b, rows, i, 0);
		const struct bb_json *event = bb_build_object(&b);
		const char *state = bb_json_get_str(event, "state", "");
		p->api->log(p->me, BB_INFO, "campaign %lld %s: %s",
			    (long long)bb_json_get_int(event, "id", 0), state,
			    bb_json_get_str(event, "reason", ""));
		p->api->emit(p->me, NULL, bb_printf(a, "firmware.campaign.%s", state), event);
		p->api->arena_free(a);
	}
}
