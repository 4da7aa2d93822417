/* Claims: one charger after the other, in a unit that counts those at work. */
#include "pass.h"
#include "place.h"

static void next_candidate(struct pass *);

static void on_released(int err, const struct bb_rows *rows, void *arg)
{
	struct pass *s = arg;
	(void)rows;
	if (err)
		pass_over(s);
	else
		next_candidate(s);
}

static void release(struct pass *s, const struct candidate *c)
{
	const struct bb_val v[] = {bb_i64(s->id), bb_i64(c->id), bb_text(s->draft.id)};
	struct bb_unit *unit = s->p->api->begin(s->p->me);
	if (s->file_id)
		s->p->files->withdraw(unit, s->draft.id);
	s->p->api->add(unit, s->p->q[Q_TARGET_RELEASE], 3, v, NULL, NULL);
	pass_commit(s, unit, on_released);
}

static void leave_out(struct pass *s, const struct candidate *c)
{
	const struct bb_val v[] = {bb_i64(s->id), bb_i64(c->id),
				   bb_text("the file is not of the charger's operator")};
	struct bb_unit *unit = s->p->api->begin(s->p->me);
	s->p->api->add(unit, s->p->q[Q_TARGET_LEAVE_OUT], 3, v, NULL, NULL);
	pass_commit(s, unit, on_released);
}

static void ask(struct pass *s, const struct candidate *c)
{
	const struct bb_api *api = s->p->api;
	const struct bb_ask question = {
	    .charge_point_id = c->charge_point_id,
	    .action = "UpdateFirmware",
	    .payload = place_update(api, s->arena, s->url, api->now_ms(), s->options),
	    .requested_by = bb_printf(s->arena, "firmware campaign %lld", (long long)s->id),
	    .operator_id = c->operator_id,
	};
	if (job_ask(s->p, &question, &s->draft, s->arena)) {
		release(s, c);
		return;
	}
	s->free--;
	next_candidate(s);
}

static void on_claim(int err, const struct bb_rows *rows, void *arg)
{
	struct pass *s = arg;
	s->claimed = !err && rows->rows > 0;
}

static void on_claim_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct pass *s = arg;
	const struct candidate *c = &s->list[s->at - 1];
	(void)rows;
	if (err == -EEXIST)
		leave_out(s, c);
	else if (err)
		pass_over(s);
	else if (s->claimed)
		ask(s, c);
	else
		next_candidate(s);
}

static int offer(struct pass *s, struct bb_unit *unit, const struct candidate *c)
{
	const struct bb_file_offer o = {
	    .file_id = s->file_id,
	    .charger_id = c->id,
	    .name = s->file_name,
	    .ref = s->draft.id,
	    .valid_until_ms = job_deadline_ms(s->p, FIRMWARE, s->p->api->now_ms()),
	};
	const char *error = NULL;
	int err = s->p->files->offer(unit, &o, s->arena, &s->url, &error);
	if (err)
		s->p->api->log(s->p->me, BB_WARN, "campaign %lld: %s", (long long)s->id,
			       error ? error : "the file cannot be offered");
	return err;
}

static void claim(struct pass *s, const struct candidate *c)
{
	const struct bb_api *api = s->p->api;
	s->draft = (struct draft){
	    .id = api->new_id(s->arena),
	    .campaign_id = s->id,
	    .file_id = s->file_id,
	    .location = s->location,
	    .expected_version = s->expected_version,
	};
	s->url = s->location;
	s->claimed = false;
	const struct bb_val lock[] = {bb_i64(s->id), bb_now(s->p->api, s->arena)};
	const struct bb_val v[] = {bb_i64(s->id), bb_i64(c->id), bb_text(s->draft.id), lock[1]};
	struct bb_unit *unit = api->begin(s->p->me);
	api->add(unit, s->p->q[Q_CAMPAIGN_LOCK], 2, lock, NULL, NULL);
	api->add(unit, s->p->q[Q_TARGET_CLAIM], 4, v, on_claim, s);
	if (s->file_id && offer(s, unit, c)) {
		api->rollback(unit);
		pass_next(s);
		return;
	}
	pass_commit(s, unit, on_claim_stored);
}

static void on_waiting(int err, const struct bb_rows *rows, void *arg)
{
	struct pass *s = arg;
	if (err) {
		pass_over(s);
		return;
	}
	s->count = rows->rows;
	s->more = rows->rows == SELECT_AT_ONCE;
	s->at = 0;
	s->list = bb_alloc(s->arena, (rows->rows + 1u) * sizeof *s->list);
	for (uint32_t i = 0; i < rows->rows; i++)
		s->list[i] = (struct candidate){
		    .id = bb_cell_int(rows, i, 0, 0),
		    .charge_point_id = bb_strdup(s->arena, bb_cell_text(rows, i, 1)),
		    .operator_id = bb_strdup(s->arena, bb_cell_text(rows, i, 2)),
		};
	next_candidate(s);
}

static void read_waiting(struct pass *s)
{
	const struct bb_val v[] = {bb_i64(s->id), bb_i64(s->count ? s->list[s->count - 1].id : 0)};
	pass_read(s, Q_TARGETS_WAITING, 2, v, on_waiting);
}

/* Those that are connected to this node; the others wait, or are another node's. */
static void next_candidate(struct pass *s)
{
	while (s->free > 0 && s->at < s->count) {
		const struct candidate *c = &s->list[s->at++];
		if (s->p->api->link_find(c->charge_point_id)) {
			claim(s, c);
			return;
		}
	}
	if (s->free > 0 && s->more)
		read_waiting(s);
	else
		pass_next(s);
}

void claim_begin(struct pass *s)
{
	s->count = 0;
	read_waiting(s);
}
