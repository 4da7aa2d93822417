#include "hashing.h"

#define WAITING_MOST 256

static void begin_next(struct users *p);

static void work(void *arg)
{
	struct hashing *h = arg;
	h->good = h->check ? password_matches(h->stored, h->password, h->log_n)
			   : password_hash(h->password, h->log_n, h->made);
}

static void done(void *arg)
{
	struct hashing *h = arg;
	struct users *p = h->p;
	p->hashing--;
	if (!h->check && !h->good)
		bb_rest_fail(h->rest, "500", "the password could not be hashed");
	else
		h->step(h->rest, h);
	begin_next(p);
}

static void begin_next(struct users *p)
{
	while (p->hashing < p->cfg->hashes_at_once && p->first_waiting) {
		struct hashing *h = p->first_waiting;
		p->first_waiting = h->next;
		p->waiting--;
		if (p->api->offload(p->me, work, done, h) < 0)
			bb_rest_fail(h->rest, "503", "the server stops");
		else
			p->hashing++;
	}
}

static int add(struct bb_rest *r, struct hashing what, hashing_fn *step)
{
	struct users *p = r->self;
	if (p->waiting >= WAITING_MOST) {
		r->api->set_header(r->call, "retry-after", "5");
		bb_rest_fail(r, "503", "too many sign in at once; try again");
		return BB_LATER;
	}
	struct hashing *h = bb_alloc(r->arena, sizeof *h), **last = &p->first_waiting;
	*h = what;
	h->p = p;
	h->rest = r;
	h->log_n = (uint32_t)p->cfg->scrypt_log_n;
	h->step = step;
	while (*last)
		last = &(*last)->next;
	*last = h;
	p->waiting++;
	begin_next(p);
	return BB_LATER;
}

int hashing_check(struct bb_rest *r, const char *stored, const char *password, hashing_fn *step)
{
	const struct hashing h = {.password = password,
				  .stored = stored ? bb_strdup(r->arena, stored) : NULL,
				  .check = true};
	return add(r, h, step);
}

int hashing_make(struct bb_rest *r, const char *password, hashing_fn *step)
{
	const struct hashing h = {.password = password};
	return add(r, h, step);
}
