/* What one operator has of the connections: requests beyond wait their turn, so that one whose
 * servers are slow, or whose scripts ask for much, leaves the others some. */
#include <stdlib.h>

#include "transfer.h"

struct share {
	char *operator_id;
	int64_t at_work;
	struct request *first, **last; /* those that wait */
	struct share *next;
};

static struct share *find(struct transfer *p, const char *operator_id)
{
	struct share *s = p->shares;
	while (s && strcmp(s->operator_id, operator_id) != 0)
		s = s->next;
	if (s)
		return s;
	s = calloc(1, sizeof *s);
	if (!s || !(s->operator_id = strdup(operator_id)))
		abort();
	s->last = &s->first;
	s->next = p->shares;
	p->shares = s;
	return s;
}

static void drop(struct transfer *p, struct share *s)
{
	struct share **at = &p->shares;
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	free(s->operator_id);
	free(s);
}

static void begin(struct request *r)
{
	r->share->at_work++;
	r->at_work = true;
	request_start(r);
}

static struct request *take_first(struct share *s)
{
	struct request *r = s->first;
	s->first = r->next_waiting;
	if (!s->first)
		s->last = &s->first;
	return r;
}

static void take_out(struct share *s, const struct request *r)
{
	struct request **at = &s->first;
	while (*at != r)
		at = &(*at)->next_waiting;
	*at = r->next_waiting;
	if (!*at)
		s->last = at;
}

void share_enter(struct request *r)
{
	const char *operator_id = r->http.operator_id;
	if (!operator_id) { /* the server's own */
		request_start(r);
		return;
	}
	struct share *s = r->share = find(r->p, operator_id);
	if (s->at_work < r->p->cfg->per_operator) {
		begin(r);
		return;
	}
	*s->last = r;
	s->last = &r->next_waiting;
}

void share_leave(struct request *r)
{
	struct transfer *p = r->p;
	struct share *s = r->share;
	if (!s)
		return;
	r->share = NULL;
	if (r->at_work)
		s->at_work--;
	else
		take_out(s, r);
	while (s->first && !p->stopped && s->at_work < p->cfg->per_operator)
		begin(take_first(s));
	if (!s->at_work && !s->first)
		drop(p, s);
}
