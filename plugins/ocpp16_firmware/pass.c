/* A pass goes over the campaigns that have not ended, one after the other: selects their chargers,
 * settles how they stand, and asks as many chargers as may be asked. Every step is a unit, so that
 * the next pass, on any node, goes on where a crash has ended this one. */
#include "pass.h"

void pass_over(struct pass *s)
{
	struct firmware *p = s->p;
	p->pass = NULL;
	p->api->arena_free(s->arena);
	free(s);
	if (p->again)
		campaigns_wake(p);
}

/* Goes on with `fn`; a failure of storage ends the pass, and the timer begins another. */
void pass_read(struct pass *s, enum query q, uint32_t n, const struct bb_val *v, bb_rows_fn *fn)
{
	bb_read(s->p->api, s->p->me, s->p->q[q], n, v, fn, s);
}

void pass_commit(struct pass *s, struct bb_unit *unit, bb_rows_fn *fn)
{
	bb_commit(s->p->api, unit, fn, s);
}

/* Settling. */

static void on_ended(int err, const struct bb_rows *rows, void *arg)
{
	struct pass *s = arg;
	if (!err && rows->rows)
		s->open = false;
	campaigns_tell(err, rows, s->p);
}

static void on_settled(int err, const struct bb_rows *rows, void *arg)
{
	struct pass *s = arg;
	if (err) {
		pass_over(s);
		return;
	}
	s->free = rows->rows ? bb_cell_int(rows, 0, 0, 0) : 0;
	if (s->open && s->free > 0)
		claim_begin(s);
	else
		pass_next(s);
}

static void settle(struct pass *s)
{
	static const enum query ends[] = {Q_CAMPAIGN_STOP_FAILING, Q_CAMPAIGN_CLOSE,
					  Q_CAMPAIGN_FINISH};
	struct firmware *p = s->p;
	int64_t since = p->api->now_ms() - p->config->claim_timeout_ms;
	const struct bb_val id = bb_i64(s->id), at[] = {id, bb_now(s->p->api, s->arena)};
	const struct bb_val old[] = {id, bb_time(p->api, s->arena, since)};
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_TARGETS_RELEASE], 2, old, NULL, NULL);
	p->api->add(unit, p->q[Q_TARGETS_SKIP], 1, &id, NULL, NULL);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		p->api->add(unit, p->q[ends[i]], 2, at, on_ended, s);
	p->api->add(unit, p->q[Q_CAMPAIGN_FREE], 1, &id, NULL, NULL);
	pass_commit(s, unit, on_settled);
}

/* Selecting. */

static void select_some(struct pass *);

static void on_selected_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct pass *s = arg;
	(void)rows;
	if (err)
		pass_over(s);
	else if (s->selected_to >= 0)
		select_some(s);
	else
		settle(s);
}

static void on_selected(int err, const struct bb_charger *c, uint32_t n, void *arg)
{
	struct pass *s = arg;
	const struct bb_api *api = s->p->api;
	if (err) {
		pass_over(s);
		return;
	}
	struct bb_unit *unit = api->begin(s->p->me);
	for (uint32_t i = 0; i < n; i++) {
		const struct bb_val v[] = {bb_i64(s->id), bb_i64(c[i].id),
					   bb_text(s->expected_version)};
		api->add(unit, s->p->q[Q_TARGET_ADD], 3, v, NULL, NULL);
	}
	s->selected_to = n == SELECT_AT_ONCE ? c[n - 1].id : -1;
	const struct bb_val v[] = {bb_i64(s->id),
				   s->selected_to >= 0 ? bb_i64(s->selected_to) : bb_null(),
				   bb_now(s->p->api, s->arena)};
	api->add(unit, s->p->q[Q_CAMPAIGN_SELECTED], 3, v, NULL, NULL);
	pass_commit(s, unit, on_selected_stored);
}

static void select_some(struct pass *s)
{
	s->p->chargers->select(s->selection, s->operator_id, s->selected_to, SELECT_AT_ONCE,
			       on_selected, s);
}

/* The columns of campaign_next. */
enum {
	ID,
	OPERATOR,
	SELECTION,
	FILE_ID,
	FILE_NAME,
	LOCATION,
	VERSION,
	RETRIES,
	INTERVAL,
	SELECTED,
	OPEN
};

static const char *text_at(const struct pass *s, const struct bb_rows *rows, uint32_t column)
{
	const char *text = bb_cell_text(rows, 0, column);
	return text ? bb_strdup(s->arena, text) : NULL;
}

static void read_campaign(struct pass *s, const struct bb_rows *rows)
{
	const struct bb_val *selection = bb_cell(rows, 0, SELECTION);
	struct bb_builder options = bb_build(s->arena);
	bb_put(&options, "retries", bb_cell_json(s->arena, bb_cell(rows, 0, RETRIES)));
	bb_put(&options, "retry_interval_s", bb_cell_json(s->arena, bb_cell(rows, 0, INTERVAL)));
	s->options = bb_build_object(&options);
	s->id = bb_cell_int(rows, 0, ID, 0);
	s->operator_id = text_at(s, rows, OPERATOR);
	s->file_id = bb_cell_int(rows, 0, FILE_ID, 0);
	s->file_name = text_at(s, rows, FILE_NAME);
	s->location = text_at(s, rows, LOCATION);
	s->expected_version = text_at(s, rows, VERSION);
	s->selected_to = bb_cell_int(rows, 0, SELECTED, -1);
	s->open = bb_cell_int(rows, 0, OPEN, 0) != 0;
	s->selection = NULL;
	s->p->api->json_parse(s->arena, selection->s, selection->len, &s->selection, NULL);
}

static void on_campaign(int err, const struct bb_rows *rows, void *arg)
{
	struct pass *s = arg;
	if (err || !rows->rows || s->p->stopping) {
		pass_over(s);
		return;
	}
	read_campaign(s, rows);
	if (s->selected_to >= 0)
		select_some(s);
	else
		settle(s);
}

void pass_next(struct pass *s)
{
	s->p->api->arena_free(s->arena);
	s->arena = s->p->api->arena_new();
	const struct bb_val v[] = {bb_i64(s->id), bb_now(s->p->api, s->arena)};
	pass_read(s, Q_CAMPAIGN_NEXT, 2, v, on_campaign);
}

void campaigns_wake(struct firmware *p)
{
	p->again = p->pass != NULL;
	if (p->pass || p->stopping)
		return;
	struct pass *s = calloc(1, sizeof *s);
	if (!s)
		abort();
	s->p = p;
	p->pass = s;
	pass_next(s);
}

static void on_timer(void *arg)
{
	campaigns_wake(arg);
}

int campaigns_start(struct firmware *p)
{
	p->campaign_timer =
	    p->api->timer(p->me, (uint64_t)p->config->campaign_every_ms, true, on_timer, p);
	campaigns_wake(p);
	return p->campaign_timer ? 0 : -ENOMEM;
}

void campaigns_stop(struct firmware *p)
{
	p->stopping = true;
	if (p->campaign_timer)
		p->api->release(p->campaign_timer);
	p->campaign_timer = NULL;
}
