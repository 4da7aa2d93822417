/* What is left over goes, a little at a time: uploads that were cut off (by a kill, too), what
 * chargers sent long ago, the chunks of all these, URLs that have expired. */
#include "private.h"

#define STALE_MS 900000 /* more than any pause of an upload may last */
#define LINKS_KEPT_MS 86400000LL

enum step { IDLE, STALE, OLD, TRASH, LINKS };

static void next(struct files *);

static void go_to(struct files *p, enum step step)
{
	p->sweep = step;
	p->sweep_after = 0;
	next(p);
}

static void go_idle(struct files *p)
{
	bool again = p->sweep_again;
	p->sweep = IDLE;
	p->sweep_again = false;
	if (again)
		sweep_soon(p);
}

void file_remove(const struct files *p, struct bb_unit *u, enum query q, int64_t id)
{
	struct bb_val v[] = {bb_i64(id)};
	p->api->add(u, p->q[q], 1, v, NULL, NULL);
	p->api->add(u, p->q[Q_TRASH_ADD], 1, v, NULL, NULL);
}

/* One that something refers to stays; the next sweep asks again. */
static void on_removed(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	if (err && err != -EEXIST)
		go_idle(arg);
	else
		next(arg);
}

static void on_candidate(int err, const struct bb_rows *rows, void *arg)
{
	struct files *p = arg;
	if (err) {
		go_idle(p);
	} else if (!rows->rows) {
		go_to(p, p->sweep == STALE ? OLD : TRASH);
	} else {
		struct bb_unit *u = p->api->begin(p->me);
		p->sweep_after = bb_cell_int(rows, 0, 0, 0);
		file_remove(p, u, p->sweep == STALE ? Q_DISCARD : Q_DELETE, p->sweep_after);
		p->api->commit(u, on_removed, p);
	}
}

static void find_candidate(struct files *p, enum query q, int64_t before_ms)
{
	struct bb_arena *a = p->api->arena_new();
	struct bb_val v[] = {bb_time(p->api, a, before_ms), bb_i64(p->sweep_after)};
	p->api->read(p->me, p->q[q], 2, v, on_candidate, p);
	p->api->arena_free(a);
}

static void on_trash(int err, const struct bb_rows *rows, void *arg)
{
	struct files *p = arg;
	if (err) {
		go_idle(p);
	} else if (!rows->rows) {
		go_to(p, LINKS);
	} else {
		struct bb_val v[] = {bb_i64(bb_cell_int(rows, 0, 0, 0))};
		struct bb_unit *u = p->api->begin(p->me);
		p->api->add(u, p->q[Q_TRASH_CHUNKS], 1, v, NULL, NULL);
		p->api->add(u, p->q[Q_TRASH_DONE], 1, v, NULL, NULL);
		p->api->commit(u, on_removed, p);
	}
}

static void on_links(int err, const struct bb_rows *rows, void *arg)
{
	(void)err;
	(void)rows;
	go_idle(arg);
}

static void clean_links(struct files *p)
{
	struct bb_arena *a = p->api->arena_new();
	int64_t before = p->api->now_ms() - LINKS_KEPT_MS;
	struct bb_val v[] = {bb_time(p->api, a, before)};
	struct bb_unit *u = p->api->begin(p->me);
	p->api->add(u, p->q[Q_LINKS_CLEAN], 1, v, NULL, NULL);
	p->api->commit(u, on_links, p);
	p->api->arena_free(a);
}

static void next(struct files *p)
{
	int64_t now = p->api->now_ms();
	switch (p->sweep) {
	case STALE:
		find_candidate(p, Q_STALE_NEXT, now - STALE_MS);
		break;
	case OLD:
		if (p->cfg->retention_ms)
			find_candidate(p, Q_OLD_NEXT, now - p->cfg->retention_ms);
		else
			go_to(p, TRASH);
		break;
	case TRASH:
		p->api->read(p->me, p->q[Q_TRASH_NEXT], 0, NULL, on_trash, p);
		break;
	default:
		clean_links(p);
	}
}

void sweep_soon(struct files *p)
{
	if (p->sweep == IDLE)
		go_to(p, STALE);
	else
		p->sweep_again = true;
}
