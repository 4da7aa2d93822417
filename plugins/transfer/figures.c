/* What is counted of requests and mails, for GET /metrics. */
#include <errno.h>

#include "transfer.h"

static const int64_t bounds[] = {10, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000}; /* ms */

enum { OPEN, OPEN_MOST, TOTAL, DURATION };

static const struct bb_metric metrics[] = {
    [OPEN] = {"busbar_transfer_requests",
	      "Requests to other servers that are on their way or wait.", BB_GAUGE,
	      .labels = "kind"},
    [OPEN_MOST] = {"busbar_transfer_requests_limit",
		   "As many of HTTP may be open, transfer.queue; more fail.", BB_GAUGE},
    [TOTAL] = {"busbar_transfer_requests_total",
	       "Requests that ended, and how: ok is any answer of a server.", BB_COUNTER,
	       .labels = "kind result"},
    [DURATION] = {"busbar_transfer_duration_seconds", "From asking to the end.", BB_HISTOGRAM, 1000,
		  "kind", BB_BOUNDS(bounds)},
};

static const struct {
	int err;
	const char *result;
} results[] = {
    {0, "ok"},
    {-EINVAL, "malformed"},
    {-EACCES, "not_allowed"},
    {-EHOSTUNREACH, "unreachable"},
    {-EPROTO, "protocol"},
    {-ECONNRESET, "reset"},
    {-ETIMEDOUT, "timeout"},
    {-EMSGSIZE, "too_large"},
    {-EREMOTEIO, "refused"},
    {-EAGAIN, "too_many"},
    {-ECANCELED, "canceled"},
};

static const char *result_of(int err)
{
	for (size_t i = 0; i < sizeof results / sizeof *results; i++)
		if (results[i].err == err)
			return results[i].result;
	return "failed";
}

void figures_ended(struct transfer *p, const char *kind, int err, uint32_t took_ms)
{
	const char *labels[] = {kind, result_of(err)};
	p->api->count(p->api->series(p->me, &metrics[TOTAL], labels), 1);
	p->api->observe(p->api->series(p->me, &metrics[DURATION], labels), took_ms);
}

static void set_open(struct transfer *p, const char *kind, int64_t count)
{
	p->api->set_gauge(p->api->series(p->me, &metrics[OPEN], &kind), count);
}

static void set_all(void *arg)
{
	struct transfer *p = arg;
	set_open(p, "http", p->count);
	set_open(p, "mail", p->mail_count);
	p->api->set_gauge(p->api->series(p->me, &metrics[OPEN_MOST], NULL), p->cfg->queue);
}

void figures_begin(struct transfer *p)
{
	for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
		p->api->series(p->me, &metrics[i], NULL);
	p->api->before_metrics(p->me, set_all, p);
}
