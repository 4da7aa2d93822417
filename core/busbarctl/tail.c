/* busbarctl tail: a charger's messages, asked of its log again and again. */
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "busbarctl/live.h"
#include "json/json.h"

#define EVERY_US 300000
#define EARLIER "10" /* messages that are shown of those before */
#define PAGE "500"

struct tail {
	struct live live;
	const char *list; /* "/api/admin/chargers/1/messages?action=Heartbeat&" */
	int64_t last;     /* id; -1: none has been asked for yet */
};

/* "2026-11-26T13:00:00.000Z  out  result  Heartbeat  0.4 ms" */
static const char *words_of(struct tail *t, const struct bb_json *m)
{
	struct bb_arena *a = t->live.ctl->arena;
	int64_t us = bb_json_get_int(m, "latency_us", -1);
	const char *took = us < 0 ? "" : arena_printf(a, "  %.1f ms", (double)us / 1e3);
	return arena_printf(a, "%s  %-3s  %-7s  %s%s", live_word(&t->live, m, "at"),
			    live_word(&t->live, m, "direction"), live_word(&t->live, m, "kind"),
			    live_word(&t->live, m, "action"), took);
}

static void print_message(struct tail *t, const struct bb_json *m)
{
	const struct bb_json *error = bb_json_get(m, "error");
	bool failed = error && error->type == BB_JSON_OBJECT;
	live_line(&t->live, m, words_of(t, m), failed ? error : bb_json_get(m, "payload"));
}

/* Pages of what is newer than t->last, newest first, into `items`. */
static int fetch(struct tail *t, struct bb_builder *items)
{
	struct ctl *ctl = t->live.ctl;
	const char *cursor = NULL;
	do {
		struct answer a = {0};
		const char *path = arena_printf(
		    ctl->arena, "%slimit=%s%s%s", t->list, t->last < 0 ? EARLIER : PAGE,
		    cursor ? "&cursor=" : "", cursor ? http_escape(ctl, cursor) : "");
		int status = http_send(ctl, "GET", path, NULL, &a);
		if (status)
			return a.status == 503 ? CTL_UNREACHABLE : status;
		const struct bb_json *page = bb_json_get(a.body, "items");
		cursor = t->last < 0 ? NULL : bb_json_get_str(a.body, "next_cursor", NULL);
		for (uint32_t i = 0; i < bb_json_count(page); i++) {
			if (bb_json_get_int(bb_json_at(page, i), "id", 0) <= t->last)
				return CTL_OK;
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
		t->last = 0;
	for (uint32_t i = bb_json_count(all); i-- > 0 && !live_is_done(&t->live);) {
		t->last = bb_json_get_int(bb_json_at(all, i), "id", t->last);
		print_message(t, bb_json_at(all, i));
	}
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
	return status;
}
