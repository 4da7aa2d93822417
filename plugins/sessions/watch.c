/* Which sessions run, and who is looked at when: at meter values, but not more often than `every`;
 * silent ones by the clock. At most `at_once` looks are at work; a charger that is told to stop,
 * and may not answer, is none. */
#include "sessions.h"

#define LOOK_MS 1000u
#define READ_AGAIN_MS 300000u

static void work(struct sessions *p)
{
	struct running *r;
	while (!p->stopping && p->telling < p->cfg->at_once && (r = board_take_stop(&p->board))) {
		p->telling++;
		r->next_ms = 0;
		tell_to_stop(p, r);
	}
	while (!p->stopping && p->at_work < p->cfg->at_once && (r = board_take(&p->board))) {
		p->at_work++;
		r->next_ms = 0;
		r->looked_ms = p->api->now_ms();
		r->metered = false;
		look(p, r);
	}
}

void done(struct sessions *p, struct running *r)
{
	p->at_work--;
	board_done(&p->board, r);
	work(p);
}

void told(struct sessions *p)
{
	p->telling--;
	work(p);
}

static void on_timer(void *arg)
{
	struct sessions *p = arg;
	const struct pace pace = {p->cfg->every_ms, p->cfg->silent_every_ms};
	board_queue(&p->board, &pace, p->api->now_ms());
	work(p);
}

/* At the start, and later what no topic has told: sessions that went on after a boot. */
static void on_rows(int err, const struct bb_rows *rows, void *arg)
{
	struct sessions *p = arg;
	int64_t now = p->api->now_ms();
	for (uint32_t i = 0; !err && i < rows->rows; i++) {
		struct running *r =
		    board_add(&p->board, bb_cell_text(rows, i, 4), bb_cell_int(rows, i, 0, 0),
			      bb_cell_int(rows, i, 1, 0), bb_cell_int(rows, i, 2, 0), now);
		if (bb_cell_int(rows, i, 3, 0) && !r->cut_off) {
			r->cut_off = true;
			r->next_ms = now;
		}
	}
}

static void read_running(void *arg)
{
	struct sessions *p = arg;
	p->api->read(p->me, p->q[Q_RUNNING], 0, NULL, on_rows, p);
}

int watch_start(struct sessions *p)
{
	read_running(p);
	return p->api->timer(p->me, LOOK_MS, true, on_timer, p) &&
		       p->api->timer(p->me, READ_AGAIN_MS, true, read_running, p)
		   ? 0
		   : -ENOMEM;
}

void on_started(const struct bb_json *event, void *self)
{
	struct sessions *p = self;
	board_add(&p->board, bb_json_get_str(event, "operator_id", ""),
		  bb_json_get_int(event, "transaction_id", 0),
		  bb_json_get_int(event, "charger_id", 0),
		  bb_json_get_int(event, "connector_id", 0), p->api->now_ms());
}

void on_ended(const struct bb_json *event, void *self)
{
	struct sessions *p = self;
	struct running *r = board_find(&p->board, bb_json_get_int(event, "transaction_id", 0),
				       bb_json_get_int(event, "charger_id", 0));
	if (r)
		board_remove(&p->board, r);
}

void on_connected(const struct bb_json *event, void *self)
{
	struct sessions *p = self;
	board_connected(&p->board, bb_json_get_int(event, "charger_id", 0), p->api->now_ms());
}

int see_meter_values(struct bb_call *call, void *self)
{
	struct sessions *p = self;
	const struct bb_link *link = p->api->link(call);
	const char *code = NULL;
	int status;
	p->api->answer(call, &status, &code);
	if (!code && link)
		board_metered(&p->board, link->charger_id,
			      bb_json_get_int(p->api->payload(call), "connectorId", 0));
	return BB_PASS;
}
