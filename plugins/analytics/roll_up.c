/* Changes into sums, some at a time, so that no batch of messages waits long behind them. */
#include "analytics.h"

#define GO_ON_MS 20u

static void on_timer(void *arg);

static void wait_ms(struct analytics *p, int64_t ms)
{
	if (!p->stopping)
		p->timer = p->api->timer(p->me, (uint64_t)ms, false, on_timer, p);
}

static void on_rolled_up(int err, const struct bb_rows *rows, void *arg)
{
	struct analytics *p = arg;
	bool is_more = !err && rows->rows;
	wait_ms(p, is_more ? GO_ON_MS : p->cfg->roll_up_every_ms);
}

static void on_timer(void *arg)
{
	struct analytics *p = arg;
	const struct bb_val most = bb_i64(p->cfg->roll_up_at_once);
	p->timer = NULL;
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_ROLL_UP_ALONE], 0, NULL, NULL, NULL);
	p->api->add(unit, p->q[Q_ROLL_UP], 1, &most, NULL, NULL);
	p->api->add(unit, p->q[Q_ROLLED_UP], 1, &most, NULL, NULL);
	p->api->add(unit, p->q[Q_LEFT_OVER], 0, NULL, NULL, NULL);
	bb_commit(p->api, unit, on_rolled_up, p);
}

int roll_up_start(struct analytics *p)
{
	wait_ms(p, p->cfg->roll_up_every_ms);
	return p->timer ? 0 : -ENOMEM;
}

void roll_up_stop(struct analytics *p)
{
	p->stopping = true;
	if (p->timer)
		p->api->release(p->timer);
	p->timer = NULL;
}
