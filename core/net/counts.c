#include "net/counts.h"

#include "base/stats.h"
#include "net/internal.h"

enum { OPENED, CLOSED, REFUSED, CONNECTIONS, ACCEPTING, HANDSHAKES, KEPT_OUT, SLOW };

static const struct bb_metric metrics[] = {
    [OPENED] = {"busbar_links_opened_total", "Chargers that connected.", BB_COUNTER},
    [CLOSED] = {"busbar_links_closed_total",
		"Links that ended, by the code of the close frame; 1006 is none.", BB_COUNTER,
		.labels = "code"},
    [REFUSED] = {"busbar_links_refused_total", "Chargers that were not let in, and why.",
		 BB_COUNTER, .labels = "reason"},
    [CONNECTIONS] = {"busbar_connections", "Open TCP connections, of chargers and of HTTP.",
		     BB_GAUGE},
    [ACCEPTING] = {"busbar_accepting",
		   "1 while connections are accepted, 0 while descriptors are short.", BB_GAUGE},
    [HANDSHAKES] = {"busbar_tls_handshakes_failed_total", "TLS handshakes that failed, and why.",
		    BB_COUNTER, .labels = "reason"},
    [KEPT_OUT] = {"busbar_connections_refused_total",
		  "Connections closed at once, by the limit that their address had reached.",
		  BB_COUNTER, .labels = "limit"},
    [SLOW] =
	{"busbar_slow_clients_total",
	 "Clients that were too slow, and were answered 408 or hung up, by what they were slow "
	 "with.",
	 BB_COUNTER, .labels = "what"},
};

static const struct {
	int status;
	const char *reason;
} reasons[] = {
    {400, "malformed"}, {401, "unauthorized"}, {403, "forbidden"},   {404, "unknown"},
    {426, "version"},   {429, "too_often"},    {503, "unavailable"}, {0, "other"},
};
#define REASONS (sizeof reasons / sizeof *reasons)

static const struct {
	uint16_t code;
	const char *text;
} codes[] = {
    {1000, "1000"}, {1001, "1001"}, {1002, "1002"}, {1003, "1003"}, {1006, "1006"}, {1007, "1007"},
    {1008, "1008"}, {1009, "1009"}, {1011, "1011"}, {1012, "1012"}, {0, "other"},
};

static void count(int metric, const char *label)
{
	stats_add(stats_series(NULL, &metrics[metric], &label), 1);
}

static void set_figures(void *arg)
{
	const struct net *n = arg;
	stats_set(stats_single(&metrics[CONNECTIONS]), n->connections);
	stats_set(stats_single(&metrics[ACCEPTING]), n->accepting && !n->paused);
}

void net_counts_begin(struct net *n)
{
	stats_know(metrics, sizeof metrics / sizeof *metrics);
	for (size_t i = 0; i < REASONS; i++)
		stats_series(NULL, &metrics[REFUSED], &reasons[i].reason);
	n->opened = stats_single(&metrics[OPENED]);
	stats_before(n, set_figures, n);
}

void net_counts_end(const struct net *n)
{
	stats_forget(n);
}

void net_counts_refused(int status)
{
	size_t i = 0;
	while (reasons[i].status && reasons[i].status != status)
		i++;
	count(REFUSED, reasons[i].reason);
}

/* A peer may close with any code. */
void net_counts_closed(uint16_t code)
{
	size_t i = 0;
	while (codes[i].code && codes[i].code != code)
		i++;
	count(CLOSED, codes[i].text);
}

void net_counts_kept_out(const char *limit)
{
	count(KEPT_OUT, limit);
}

void net_counts_handshake_failed(bool certificate)
{
	count(HANDSHAKES, certificate ? "client_certificate" : "handshake");
}

void net_counts_slow(const char *what)
{
	count(SLOW, what);
}
