/* One charger's list is brought up to date in steps, each of which reads what is stored, asks the
 * charger one thing, and waits until its answer is stored: its limits, its version, then a message
 * after the other until there is no difference left. */
#include "list.h"
#include "local_auth.h"

#define REFUSED_MOST 2 /* refusals of one kind, until a charger is left alone */

/* What is stored. */
struct facts {
	const char *operator_id;
	bool wanted, known, asked_limits, as_compared;
	int64_t version, list_max, part_max, revision, failures;
};

struct sync {
	struct sync *next;
	struct local_auth *p;
	struct bb_arena *arena; /* of all */
	struct bb_arena *step;  /* of this step */
	int64_t charger_id;
	const char *charge_point_id;
	struct facts f;
	struct entries wants, has;
	int64_t left_out, version_tried;
	bool asked_limits, asked_version, full;
	int refused[2]; /* by `full`: whoever takes whole lists but no parts never comes to an end
			 */
};

static void step(struct sync *);

static void sync_end(struct sync *s)
{
	struct local_auth *p = s->p;
	struct sync **at = &p->syncs;
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	p->sync_count--;
	look_ended(p, s->charger_id);
	p->api->arena_free(s->step);
	p->api->arena_free(s->arena);
}

static void on_last_stored(int err, const struct bb_rows *rows, void *arg)
{
	(void)err;
	(void)rows;
	sync_end(arg);
}

static void finish(struct sync *s, enum query q, uint32_t n, const struct bb_val *v)
{
	const struct bb_api *api = s->p->api;
	struct bb_unit *unit = api->begin(s->p->me);
	api->add(unit, s->p->q[q], n, v, NULL, NULL);
	if (api->commit(unit, on_last_stored, s) < 0)
		sync_end(s);
}

static void give_up(struct sync *s, const char *state, const char *reason)
{
	const struct local_auth *p = s->p;
	int64_t doubled = s->f.failures < 6 ? s->f.failures : 6;
	int64_t at = p->api->now_ms() + (p->cfg->retry_after_ms << doubled);
	p->api->log(p->me, BB_WARN, "%s: its local list is not up to date: %s", s->charge_point_id,
		    reason);
	const struct bb_val v[] = {bb_i64(s->charger_id), bb_text(state), bb_text(reason),
				   bb_time(p->api, s->step, at), bb_now(p->api, s->step)};
	finish(s, Q_FAILED, 5, v);
}

static void is_current(struct sync *s)
{
	const struct bb_val now = bb_now(s->p->api, s->step), none = bb_null();
	const struct bb_val v[] = {bb_i64(s->charger_id),
				   s->f.wanted ? bb_i64(s->f.revision) : none, bb_i64(s->left_out),
				   now, s->f.wanted ? now : none};
	finish(s, Q_CURRENT, 5, v);
}

/* Nothing has happened since it was compared: an operator may have many tokens, and many chargers
 * come back at once. */
static void is_unchanged(struct sync *s)
{
	const struct bb_val v[] = {bb_i64(s->charger_id), bb_now(s->p->api, s->step)};
	finish(s, Q_UNCHANGED, 2, v);
}

/* Asking. `answered` is called once the answer is stored. */

static void ask(struct sync *s, const char *action, const struct bb_json *payload,
		bb_command_fn *answered)
{
	const struct bb_ask question = {
	    .charge_point_id = s->charge_point_id,
	    .action = action,
	    .payload = payload,
	    .requested_by = "ocpp16_local_auth",
	    .operator_id = s->f.operator_id,
	};
	const struct bb_json *errors = NULL;
	int err = s->p->api->ask_charger(s->p->me, &question, s->step, NULL, &errors, answered, s);
	if (err == -ENOTCONN || err == -EPERM || s->p->stopping)
		sync_end(s); /* it is still due */
	else if (err)
		give_up(s, "failed",
			err == -EOPNOTSUPP
			    ? bb_printf(s->step, "no plugin here sends %s", action)
			    : bb_json_get_str(bb_json_at(errors, 0), "rule", "it cannot be asked"));
}

/* True if there is no usable answer, and the sync is over. */
static bool is_unanswered(struct sync *s, const struct bb_command *c, const char *action)
{
	if (!strcmp(c->state, "accepted") || !strcmp(c->state, "rejected"))
		return false;
	const char *code = c->error_code;
	bool unable = code && (!strcmp(code, "NotSupported") || !strcmp(code, "NotImplemented"));
	if (s->p->stopping || !s->p->api->link_find(s->charge_point_id))
		sync_end(s);
	else
		give_up(s, unable ? "unsupported" : "failed",
			bb_printf(s->step, "%s: %s", action,
				  code              ? code
				  : c->error_detail ? c->error_detail
						    : c->state));
	return true;
}

static void on_limits(const struct bb_command *c, void *arg)
{
	struct sync *s = arg;
	if (c->ended)
		step(s); /* a charger that will not tell is taken to have none */
}

static void ask_limits(struct sync *s)
{
	static const char *const names[] = {LIST_MAX, PART_MAX};
	struct bb_builder keys = bb_build(s->step);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		bb_push(&keys, bb_json_make_str(names[i]));
	s->asked_limits = true;
	ask(s, "GetConfiguration", bb_json_one(s->step, "key", *bb_build_array(&keys)), on_limits);
}

static void on_version(const struct bb_command *c, void *arg)
{
	struct sync *s = arg;
	if (!c->ended || is_unanswered(s, c, "GetLocalListVersion"))
		return;
	if (bb_json_get_int(c->response, "listVersion", 0) < 0)
		give_up(s, "unsupported",
			"the charger has no local list, or its LocalAuthListEnabled is false");
	else
		step(s);
}

static void ask_version(struct sync *s)
{
	s->asked_version = true;
	ask(s, "GetLocalListVersion", bb_json_empty(s->step), on_version);
}

static void on_sent(const struct bb_command *c, void *arg)
{
	struct sync *s = arg;
	if (!c->ended || is_unanswered(s, c, "SendLocalList"))
		return;
	const char *status = bb_json_get_str(c->response, "status", "");
	bool refused = !strcmp(c->state, "rejected");
	if (refused && !strcmp(status, "NotSupported")) {
		give_up(s, "unsupported", "SendLocalList: NotSupported");
		return;
	}
	if (refused && ++s->refused[s->full] == REFUSED_MOST) {
		give_up(s, "failed",
			bb_printf(s->step, "SendLocalList %s: %s",
				  s->full ? "Full" : "Differential", status));
		return;
	}
	/* A version that is not above what the charger has shows in what it tells. */
	s->asked_version = !refused;
	step(s);
}

static size_t part_most(const struct sync *s)
{
	return (size_t)(s->f.part_max > 0 ? s->f.part_max : s->p->cfg->part_most);
}

static void send_part(struct sync *s, const struct entries *part)
{
	s->version_tried = list_version(s->f.version, s->version_tried);
	s->full = !s->f.known;
	ask(s, "SendLocalList",
	    list_message(s->step, s->full, s->version_tried, part, part_most(s),
			 s->p->api->json_parse),
	    on_sent);
}

/* Comparing. */

static void compare(struct sync *s)
{
	entries_sort(&s->has);
	entries_sort(&s->wants);
	const struct entries none = {0};
	const struct entries part =
	    entries_difference(s->step, s->f.known ? &s->has : &none, &s->wants);
	if (s->f.known && !part.count)
		is_current(s);
	else
		send_part(s, &part);
}

static const char *info_text(const struct sync *s, const struct bb_rows *r, uint32_t row)
{
	struct bb_builder b = bb_build(s->step);
	const char *expires = bb_cell_text(r, row, 2), *group = bb_cell_text(r, row, 3);
	bb_put_str(&b, "status", bb_cell_text(r, row, 1));
	if (expires) /* some chargers cannot read fractions */
		bb_put_str(&b, "expiryDate",
			   bb_printf(s->step, "%.*sZ", (int)strcspn(expires, ".Z"), expires));
	if (group)
		bb_put_str(&b, "parentIdTag", group);
	return s->p->api->json_write(s->step, bb_build_object(&b), NULL);
}

static void on_entries(int err, const struct bb_rows *rows, void *arg)
{
	struct sync *s = arg;
	if (err) {
		sync_end(s);
		return;
	}
	s->has = (struct entries){bb_alloc(s->step, (rows->rows + 1u) * sizeof *s->has.list),
				  rows->rows};
	for (uint32_t i = 0; i < rows->rows; i++)
		s->has.list[i] = (struct entry){bb_strdup(s->step, bb_cell_text(rows, i, 0)),
						bb_strdup(s->step, bb_cell_text(rows, i, 1))};
	compare(s);
}

static void read_entries(struct sync *s)
{
	const struct bb_val id = bb_i64(s->charger_id);
	if (s->p->api->read(s->p->me, s->p->q[Q_ENTRIES], 1, &id, on_entries, s) < 0)
		sync_end(s);
}

static void on_wanted(int err, const struct bb_rows *rows, void *arg)
{
	struct sync *s = arg;
	if (err) {
		sync_end(s);
		return;
	}
	size_t count = rows->rows;
	s->left_out = count ? bb_cell_int(rows, 0, 4, 0) - (int64_t)count : 0;
	s->wants = (struct entries){bb_alloc(s->step, (count + 1) * sizeof *s->wants.list), count};
	for (uint32_t i = 0; i < count; i++)
		s->wants.list[i] = (struct entry){bb_strdup(s->step, bb_cell_text(rows, i, 0)),
						  info_text(s, rows, i)};
	read_entries(s);
}

static void read_wanted(struct sync *s)
{
	const struct bb_val v[] = {bb_i64(s->charger_id), bb_now(s->p->api, s->step),
				   bb_i64(s->f.list_max > 0 ? s->f.list_max : INT32_MAX)};
	s->wants = (struct entries){0};
	s->left_out = 0;
	if (!s->f.wanted)
		read_entries(s);
	else if (s->p->api->read(s->p->me, s->p->q[Q_WANTED], 3, v, on_wanted, s) < 0)
		sync_end(s);
}

/* The columns of `facts`. */
enum {
	OPERATOR,
	WANTED,
	VERSION,
	KNOWN,
	ENTRIES_MOST,
	PART_MOST,
	ASKED_LIMITS,
	REVISION,
	FAILURES,
	AS_COMPARED
};

static void on_facts(int err, const struct bb_rows *rows, void *arg)
{
	struct sync *s = arg;
	if (err || !rows->rows || s->p->stopping) {
		sync_end(s);
		return;
	}
	s->f = (struct facts){
	    .operator_id = bb_strdup(s->step, bb_cell_text(rows, 0, OPERATOR)),
	    .wanted = bb_cell_int(rows, 0, WANTED, 0),
	    .known = bb_cell_int(rows, 0, KNOWN, 0),
	    .asked_limits = bb_cell_int(rows, 0, ASKED_LIMITS, 0),
	    .version = bb_cell_int(rows, 0, VERSION, 0),
	    .list_max = bb_cell_int(rows, 0, ENTRIES_MOST, 0),
	    .part_max = bb_cell_int(rows, 0, PART_MOST, 0),
	    .revision = bb_cell_int(rows, 0, REVISION, 0),
	    .failures = bb_cell_int(rows, 0, FAILURES, 0),
	    .as_compared = bb_cell_int(rows, 0, AS_COMPARED, 0),
	};
	if (!s->f.asked_limits && !s->asked_limits)
		ask_limits(s);
	else if (!s->asked_version)
		ask_version(s);
	else if (s->f.wanted && s->f.as_compared)
		is_unchanged(s);
	else
		read_wanted(s);
}

static void step(struct sync *s)
{
	const struct local_auth *p = s->p;
	p->api->arena_free(s->step);
	s->step = p->api->arena_new();
	const struct bb_val row[] = {bb_i64(s->charger_id), bb_now(p->api, s->step)},
			    v[] = {row[0], bb_text(p->cfg->lists)};
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_ROW_ADD], 2, row, NULL, NULL);
	p->api->add(unit, p->q[Q_FACTS], 2, v, NULL, NULL);
	if (p->api->commit(unit, on_facts, s) < 0)
		sync_end(s);
}

bool sync_is_at_work(const struct local_auth *p, int64_t charger_id)
{
	const struct sync *s = p->syncs;
	while (s && s->charger_id != charger_id)
		s = s->next;
	return s;
}

void sync_begin(struct local_auth *p, int64_t charger_id, const char *charge_point_id)
{
	struct bb_arena *a = p->api->arena_new();
	struct sync *s = bb_zalloc(a, sizeof *s);
	*s = (struct sync){
	    .next = p->syncs,
	    .p = p,
	    .arena = a,
	    .step = p->api->arena_new(),
	    .charger_id = charger_id,
	    .charge_point_id = bb_strdup(a, charge_point_id),
	};
	p->syncs = s;
	p->sync_count++;
	step(s);
}

void sync_free_all(struct local_auth *p)
{
	while (p->syncs)
		sync_end(p->syncs);
}
