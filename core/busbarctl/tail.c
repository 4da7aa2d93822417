/* busbarctl tail: a charger's messages, asked of its log again and again. Rows of the log are
 * committed out of the order of their ids, by several connections of a node and by several nodes;
 * so what is newer than the newest of some seconds ago is asked for, and what was printed left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "busbarctl/live.h"
#include "json/json.h"

#define EVERY_US 300000
#define EARLIER "10" /* messages that are shown of those before */
#define PAGE "500"
#define LATE_US 10000000 /* a row that is committed later than its successors by more is missed */

struct printed {
	int64_t id, at_us;
};

struct tail {
	struct live live;
	const char *list;   /* "/api/admin/chargers/1/messages?action=Heartbeat&" */
	int64_t last;       /* nothing up to this id is asked for; -1: nothing has been yet */
	struct buf printed; /* above it: struct printed, by their ids */
};

static size_t printed_count(const struct tail *t)
{
	return t->printed.len / sizeof(struct printed);
}

/* Where it is or belongs among the printed ones. */
static size_t printed_place(const struct tail *t, int64_t id)
{
	const struct printed *all = (const struct printed *)t->printed.data;
	size_t at = printed_count(t);
	while (at && all[at - 1].id >= id)
		at--;
	return at;
}

static bool was_printed(const struct tail *t, int64_t id)
{
	const struct printed *all = (const struct printed *)t->printed.data;
	size_t at = printed_place(t, id);
	return at < printed_count(t) && all[at].id == id;
}

static void keep_printed(struct tail *t, int64_t id)
{
	struct printed p = {id, clock_mono_us()};
	size_t at = printed_place(t, id), after = printed_count(t) - at;
	buf_add(&t->printed, &p, sizeof p);
	struct printed *all = (struct printed *)t->printed.data;
	memmove(&all[at + 1], &all[at], after * sizeof p);
	all[at] = p;
}

/* Nothing is waited for any more below what was printed so long ago. */
static void forget_printed(struct tail *t)
{
	struct printed *all = (struct printed *)t->printed.data;
	size_t count = printed_count(t), old = count;
	int64_t since = clock_mono_us() - LATE_US;
	while (old && all[old - 1].at_us > since)
		old--;
	if (!old)
		return;
	t->last = all[old - 1].id;
	memmove(all, &all[old], (count - old) * sizeof *all);
	t->printed.len = (count - old) * sizeof *all;
}

#define TIME 23 /* "2026-11-26 13:00:00.000" */
#define ACTION 22
#define TOOK 9

/* "2026-11-26 13:00:00.000  out  result  Heartbeat    0.4 ms" */
static const char *words_of(struct tail *t, const struct bb_json *m)
{
	struct live *l = &t->live;
	struct bb_arena *a = l->ctl->arena;
	int64_t us = bb_json_get_int(m, "latency_us", -1);
	const char *took = us < 0 ? "" : arena_printf(a, "%.1f ms", (double)us / 1e3);
	return arena_printf(a, "%s  %-3s  %-6s  %s  %*s", live_time(l, m, "at", TIME),
			    live_word(l, m, "direction"), live_word(l, m, "kind"),
			    live_pad(a, live_word(l, m, "action"), ACTION), TOOK, took);
}

static void print_message(struct tail *t, const struct bb_json *m)
{
	const struct bb_json *error = bb_json_get(m, "error");
	bool failed = error && error->type == BB_JSON_OBJECT;
	live_line(&t->live, m, words_of(t, m), failed ? error : bb_json_get(m, "payload"), NULL);
}

static int64_t id_of(const struct bb_json *messages, uint32_t i)
{
	return bb_json_get_int(bb_json_at(messages, i), "id", 0);
}

/* Pages of what is newer than t->last and was not printed, newest first, into `items`. */
static int fetch(struct tail *t, struct bb_builder *items)
{
	struct ctl *ctl = t->live.ctl;
	const char *cursor = NULL;
	do {
		struct answer a = {0};
		const char *path = arena_printf(
		    ctl->arena, "%slimit=%s%s%s", t->list, t->last < 0 ? EARLIER : PAGE,
		    cursor ? "&cursor=" : "", cursor ? bb_url_encoded(ctl->arena, cursor) : "");
		int status = http_send(ctl, "GET", path, NULL, &a);
		if (status)
			return a.status == 503 ? CTL_UNREACHABLE : status;
		const struct bb_json *page = bb_json_get(a.body, "items");
		cursor = t->last < 0 ? NULL : bb_json_get_str(a.body, "next_cursor", NULL);
		for (uint32_t i = 0; i < bb_json_count(page); i++) {
			int64_t id = id_of(page, i);
			if (id <= t->last)
				return CTL_OK;
			if (!was_printed(t, id))
				bb_push(items, *bb_json_at(page, i));
		}
	} while (cursor);
	return CTL_OK;
}

static int print_new(struct tail *t)
{
	struct bb_builder items = bb_build(t->live.ctl->arena);
	int status = fetch(t, &items);
	if (status)
		return status;
	const struct bb_json *all = bb_build_array(&items);
	if (t->last < 0)
		t->last = bb_json_count(all) ? id_of(all, bb_json_count(all) - 1) - 1 : 0;
	for (uint32_t i = bb_json_count(all); i-- > 0 && !live_is_done(&t->live);) {
		keep_printed(t, id_of(all, i));
		print_message(t, bb_json_at(all, i));
	}
	forget_printed(t);
	return CTL_OK;
}

static int follow(struct tail *t)
{
	int status = CTL_OK;
	while (!live_is_done(&t->live)) {
		status = print_new(t);
		if (!live_again(&t->live, status) && status)
			break;
		live_forget(&t->live);
		if (!live_is_done(&t->live) && !status)
			usleep(EVERY_US);
	}
	return status;
}

int tail(struct ctl *ctl, char **words, size_t count)
{
	struct tail t = {.last = -1};
	int status;
	const char *id = charger_id(ctl, words[0], &status);
	const char *query = id ? resource_query(ctl, words + 1, count - 1) : NULL;
	if (!query)
		return id ? CTL_USAGE : status;
	t.list = arena_printf(ctl->arena, "/api/admin/chargers/%s/messages?%s", id, query);
	if (!live_begin(&t.live, ctl))
		return CTL_USAGE;
	status = follow(&t);
	live_end(&t.live);
	buf_free(&t.printed);
	return status;
}
