/* Whose turn it is. Receivers that do not answer hold what they have for as long as an attempt may
 * take, so they must never have all there is: one host gets a quarter, those that have failed
 * before a half, and of all others the one comes first whose operator, and then whose host, has the
 * fewest on their way. */
#include "notifications.h"

static bool is_of(const struct delivery *d, const char *operator_id, const char *host)
{
	return !strcmp(d->operator_id, operator_id) && (!host || !strcmp(d->host, host));
}

/* Of any host if `host` is NULL. */
static int64_t on_their_way(const struct notify *p, const char *operator_id, const char *host)
{
	int64_t count = 0;
	for (const struct delivery *d = p->deliveries; d; d = d->next)
		count += is_of(d, operator_id, host);
	return count;
}

static int64_t failing(const struct notify *p)
{
	int64_t count = 0;
	for (const struct delivery *d = p->deliveries; d; d = d->next)
		count += d->is_failing;
	return count;
}

static bool is_busy(const struct notify *p, int64_t subscription_id)
{
	for (const struct delivery *d = p->deliveries; d; d = d->next)
		if (d->subscription_id == subscription_id)
			return true;
	return false;
}

/* A share of what there is, at least one. */
static int64_t share(const struct notify *p, int64_t part)
{
	return (p->cfg->at_once + part - 1) / part;
}

/* The less, the sooner; -1: not now. */
static int64_t weight(const struct notify *p, const struct turn *t)
{
	int64_t of_host = on_their_way(p, t->operator_id, t->host);
	if (is_busy(p, t->subscription_id) || of_host >= share(p, 4))
		return -1;
	if (t->is_failing && failing(p) >= share(p, 2))
		return -1;
	return on_their_way(p, t->operator_id, NULL) * p->cfg->at_once + of_host;
}

static struct turn read_turn(const struct bb_rows *rows, uint32_t row)
{
	return (struct turn){bb_cell_int(rows, row, 0, 0), bb_cell_int(rows, row, 1, 0),
			     bb_cell_text(rows, row, 2), bb_cell_text(rows, row, 3),
			     bb_cell_int(rows, row, 4, 0) != 0};
}

bool turn_next(const struct notify *p, const struct bb_rows *due, struct turn *ret)
{
	int64_t least = INT64_MAX;
	for (uint32_t i = 0; i < due->rows && p->delivery_count < p->cfg->at_once; i++) {
		const struct turn t = read_turn(due, i);
		int64_t w = weight(p, &t);
		if (w < 0 || w >= least)
			continue;
		least = w;
		*ret = t;
	}
	return least < INT64_MAX;
}
