/* busbarctl bulk-commands send, watch, stop. How far one has come is told by its events, or asked
 * for again and again where the server has no stream for this caller. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "busbarctl/progress.h"
#include "busbarctl/stream.h"
#include "json/json.h"

#define LIST "/api/admin/bulk-commands"
#define EVERY_S 1

struct watched {
	struct stream stream;
	struct progress progress;
};

static bool has_ended(const struct bb_json *b)
{
	const struct bb_json *counts = bb_json_get(b, "counts");
	int64_t asked = bb_json_get_int(counts, "asked", 0);
	return strcmp(bb_json_get_str(b, "state", ""), "running") != 0 && !asked;
}

static void draw(struct progress *p, const struct bb_json *b)
{
	const struct bb_json *counts = bb_json_get(b, "counts");
	p->total = bb_json_get_int(b, "total", 0);
	progress_at(p, p->total - bb_json_get_int(counts, "waiting", 0) -
			   bb_json_get_int(counts, "asked", 0));
}

static bool take(struct live *l, const char *event, const struct bb_json *e)
{
	struct watched *w = (struct watched *)l;
	(void)event;
	if (bb_json_get(e, "data"))
		draw(&w->progress, bb_json_get(e, "data"));
	return true;
}

static int ask(struct ctl *ctl, const char *path, struct answer *ret)
{
	return http_send(ctl, "GET", path, NULL, ret);
}

static int ask_until_it_has_ended(struct ctl *ctl, const char *path, struct progress *p,
				  struct answer *ret)
{
	int status;
	while (!(status = ask(ctl, path, ret)) && !has_ended(ret->body)) {
		draw(p, ret->body);
		sleep(EVERY_S);
	}
	return status;
}

/* Status 0 if every charger has accepted it, or will not be asked. */
static int print_end(struct ctl *ctl, const struct bb_json *b, const char *text)
{
	static const char *const bad[] = {"rejected", "failed", "timed_out", "expired"};
	const struct bb_json *counts = bb_json_get(b, "counts");
	int64_t missed = 0;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		missed += bb_json_get_int(counts, bad[i], 0);
	if (ctl->json)
		puts(text);
	else
		printf("%s  %s  %s  of %s: %s\n", table_cell(ctl, bb_json_get(b, "id")),
		       bb_json_get_str(b, "action", ""), bb_json_get_str(b, "state", ""),
		       table_cell(ctl, bb_json_get(b, "total")), said(ctl, counts, NULL));
	return missed ? CTL_REFUSED : CTL_OK;
}

static int watch_one(struct ctl *ctl, const char *id, struct answer *a)
{
	const char *path = bb_url_item(ctl->arena, LIST, id, "");
	const char *stream =
	    arena_printf(ctl->arena, "/api/events?bulk=%s", bb_url_encoded(ctl->arena, id));
	struct watched w = {.stream = {.take = take, .until = "bulk.ended"}};
	w.progress = progress_begin(ctl, bb_json_get_str(a->body, "action", ""), false,
				    bb_json_get_int(a->body, "total", 0));
	long quick_ms = ctl->quick_ms;
	ctl->quick_ms = READING_MS; /* what the stream is refused for is nobody's matter */
	int status = has_ended(a->body) ? CTL_OK : stream_follow(ctl, stream, &w.stream);
	ctl->quick_ms = quick_ms;
	(void)status;
	status = ask_until_it_has_ended(ctl, path, &w.progress, a);
	progress_end(&w.progress);
	return status ? status : print_end(ctl, a->body, a->text);
}

int bulk_watch(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	(void)count;
	int status = ask(ctl, bb_url_item(ctl->arena, LIST, words[0], ""), &a);
	return status ? status : watch_one(ctl, words[0], &a);
}

int bulk_send(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_str(&b, "action", words[0]);
	if (!fields_put(ctl, &b, words + 1, count - 1))
		return CTL_USAGE;
	const char *body = json_text(ctl->arena, bb_build_object(&b), NULL);
	int status = http_send(ctl, "POST", LIST, body, &a);
	if (status)
		return status;
	const char *id = bb_strdup(ctl->arena, bb_json_get_str(a.body, "id", ""));
	return watch_one(ctl, id, &a);
}

int bulk_stop(struct ctl *ctl, char **words, size_t count)
{
	(void)count;
	return item_send(ctl, "POST", bb_url_item(ctl->arena, LIST, words[0], "/stop"), NULL);
}
