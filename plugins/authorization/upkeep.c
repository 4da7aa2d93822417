/* What time changes: tokens become valid, and whoever keeps copies of them has to look again; what
 * services have said holds no more. */
#include "authorization.h"

#define EVERY_MS 30000

static void on_timer(void *arg)
{
	struct authorization *p = arg;
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val now = bb_now(p->api, a);
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_BECAME_VALID], 1, &now, NULL, NULL);
	p->api->add(unit, p->q[Q_ANSWERS_EXPIRE], 1, &now, NULL, NULL);
	p->api->commit(unit, NULL, NULL);
	p->api->arena_free(a);
}

int upkeep_start(struct authorization *p)
{
	p->timer = p->api->timer(p->me, EVERY_MS, true, on_timer, p);
	return p->timer ? 0 : -ENOMEM;
}

void upkeep_stop(struct authorization *p)
{
	if (p->timer)
		p->api->release(p->timer);
	p->timer = NULL;
}
