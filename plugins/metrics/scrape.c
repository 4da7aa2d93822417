/* GET /metrics: what takes time is gathered first, for all who ask meanwhile, but nobody waits long
 * for it. */
#include "private.h"
#include "text.h"
#include <busbar/networks.h>

#define PATIENCE_MS 1000u
#define ANSWER_MS 5000u

struct scrape {
	struct bb_call *call;
	struct bb_reply *reply;
	struct scrape *next;
};

enum { CPU, RESIDENT, VIRTUAL, THREADS, OPEN_FDS, MAX_FDS, STARTED };

/* The names that Prometheus' own libraries give them. */
static const struct bb_metric process_metrics[] = {
    [CPU] = {"process_cpu_seconds_total", "CPU time of the process, of all threads.", BB_COUNTER,
	     1000000},
    [RESIDENT] = {"process_resident_memory_bytes", "Resident memory.", BB_GAUGE},
    [VIRTUAL] = {"process_virtual_memory_bytes", "Virtual memory.", BB_GAUGE},
    [THREADS] = {"process_threads", "Threads.", BB_GAUGE},
    [OPEN_FDS] = {"process_open_fds", "Open file descriptors.", BB_GAUGE},
    [MAX_FDS] = {"process_max_fds", "As many descriptors may be open.", BB_GAUGE},
    [STARTED] = {"process_start_time_seconds", "When the process began, since 1970.", BB_GAUGE,
		 1000},
};

static void show_process(struct metrics *p)
{
	const struct process *s = &p->process;
	const int64_t values[] = {
	    [CPU] = s->cpu_us,         [RESIDENT] = s->resident_bytes, [VIRTUAL] = s->virtual_bytes,
	    [THREADS] = s->threads,    [OPEN_FDS] = s->open_fds,       [MAX_FDS] = s->max_fds,
	    [STARTED] = s->started_ms,
	};
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (values[i] >= 0)
			p->api->set_gauge(p->api->series(p->me, &process_metrics[i], NULL),
					  values[i]);
}

static void answer_all(struct metrics *p)
{
	struct bb_bytes text = {0};
	struct scrape *s = p->waiting;
	p->api->release(p->patience);
	p->patience = NULL;
	p->waiting = NULL;
	p->waiting_end = &p->waiting;
	if (!s)
		return;
	p->api->each_metric(text_metric, &text);
	for (struct scrape *next; s; s = next) {
		next = s->next;
		p->api->reply_bytes(s->call, TEXT_TYPE, text.data, text.len);
		p->api->resolve(s->reply, NULL);
	}
	bb_bytes_free(&text);
}

static void on_impatient(void *arg)
{
	struct metrics *p = arg;
	p->patience = NULL;
	answer_all(p);
}

void gathered(struct metrics *p)
{
	if (!--p->gathering && !p->stopped)
		answer_all(p);
}

/* On a thread. */
static void read_process(void *arg)
{
	struct metrics *p = arg;
	process_read(&p->process);
}

static void on_process_read(void *arg)
{
	show_process(arg);
	gathered(arg);
}

static void gather(struct metrics *p)
{
	p->gathering = 1; /* until all is begun */
	p->gathering += stored_read(p);
	if (!p->api->offload(p->me, read_process, on_process_read, p))
		p->gathering++;
	gathered(p);
}

int scrape(struct bb_call *call, void *self)
{
	struct metrics *p = self;
	if (p->api->attr(call, "operator_id")) {
		p->api->fail(call, "403", "these figures are of all operators");
		return BB_DONE;
	}
	struct scrape *s = bb_zalloc(p->api->arena(call), sizeof *s);
	s->call = call;
	s->reply = p->api->defer(call, ANSWER_MS, NULL, NULL);
	*p->waiting_end = s;
	p->waiting_end = &s->next;
	if (!p->patience)
		p->patience = p->api->timer(p->me, PATIENCE_MS, false, on_impatient, p);
	if (!p->gathering)
		gather(p);
	return BB_LATER;
}

int scrape_from_near(struct bb_call *call, void *self)
{
	struct metrics *p = self;
	const struct bb_http *http = p->api->http(call);
	if (!bb_networks_have(p->cfg->public, http->remote) || bb_came_by_proxy(p->api, call))
		return BB_PASS;
	return scrape(call, self);
}

void scrape_stop(struct metrics *p)
{
	p->stopped = true;
	answer_all(p);
}
