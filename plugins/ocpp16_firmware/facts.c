/* What others tell and what time brings. A fact may be lost with the process that told it, so the
 * timer looks for the same things in the database. */
#include "firmware.h"

static void commit(struct firmware *p, struct bb_unit *unit, struct bb_arena *a)
{
	p->api->commit(unit, NULL, NULL);
	p->api->arena_free(a);
}

/* A boot is part of a job's history, and may be its end. */
void on_booted(const struct bb_json *event, void *self)
{
	struct firmware *p = self;
	struct bb_arena *a = p->api->arena_new();
	int64_t now = p->api->now_ms();
	const struct bb_val charger = bb_i64(bb_json_get_int(event, "charger_id", 0));
	const struct bb_val v[] = {
	    bb_text(bb_json_get_str(event, "operator_id", "default")),
	    charger,
	    bb_text(FIRMWARE),
	    bb_text("Booted"),
	    bb_text(bb_json_get_str(event, "firmware_version", NULL)),
	    bb_time(p->api, a, now),
	    bb_time(p->api, a, now - p->config->late_ms),
	    bb_i64(1),
	};
	const struct bb_val booted[] = {charger, bb_time(p->api, a, now)};
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_STATUS_ADD], 8, v, NULL, NULL);
	p->api->add(unit, p->q[Q_JOBS_BOOTED], 2, booted, jobs_tell, p);
	commit(p, unit, a);
	campaigns_wake(p);
}

static void add_uploaded(struct firmware *p, struct bb_unit *unit, struct bb_arena *a,
			 const char *job_id)
{
	int64_t now = p->api->now_ms();
	const struct bb_val v[] = {bb_text(job_id), bb_time(p->api, a, now),
				   bb_time(p->api, a, now - p->config->late_ms)};
	p->api->add(unit, p->q[Q_JOBS_UPLOADED], 3, v, jobs_tell, p);
}

void on_file_received(const struct bb_json *event, void *self)
{
	struct firmware *p = self;
	const char *ref = bb_json_get_str(event, "ref", NULL);
	if (!ref)
		return;
	struct bb_arena *a = p->api->arena_new();
	struct bb_unit *unit = p->api->begin(p->me);
	add_uploaded(p, unit, a, ref);
	commit(p, unit, a);
}

static void on_check(void *arg)
{
	struct firmware *p = arg;
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val booted[] = {bb_null(), bb_now(p->api, a)};
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_JOBS_BOOTED], 2, booted, jobs_tell, p);
	add_uploaded(p, unit, a, NULL);
	p->api->add(unit, p->q[Q_JOBS_OVERDUE], 1, &booted[1], jobs_tell, p);
	commit(p, unit, a);
}

int facts_start(struct firmware *p)
{
	p->check_timer =
	    p->api->timer(p->me, (uint64_t)p->config->check_every_ms, true, on_check, p);
	return p->check_timer ? 0 : -ENOMEM;
}

void facts_stop(struct firmware *p)
{
	if (p->check_timer)
		p->api->release(p->check_timer);
	p->check_timer = NULL;
}
