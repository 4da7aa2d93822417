/* busbarctl events: server-sent events, a line each. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "busbarctl/live.h"
#include "json/json.h"

struct reader {
	struct live live;
	struct buf line;     /* what has come of it */
	struct buf data, id; /* of the event that is being read; the id stays for the next time */
};

static void print_event(struct reader *r)
{
	struct live *l = &r->live;
	struct bb_arena *a = l->ctl->arena;
	const struct bb_json *e;
	if (json_parse(a, r->data.data, r->data.len, &e, NULL))
		return;
	if (bb_json_get(e, "at")) {
		const char *words =
		    arena_printf(a, "%s  %s  %s", live_word(l, e, "at"), live_word(l, e, "event"),
				 live_word(l, e, "charge_point_id"));
		live_line(l, e, words, bb_json_get(e, "data"));
	} else {
		live_line(l, e, "events are missing: look at things anew", e);
	}
	live_forget(l);
}

static const char *value_of(const char *line, const char *field)
{
	size_t len = strlen(field);
	if (strncmp(line, field, len) != 0 || line[len] != ':')
		return NULL;
	return line + len + 1 + (line[len + 1] == ' ');
}

static void take_line(struct reader *r, const char *line)
{
	const char *data = value_of(line, "data"), *id = value_of(line, "id");
	if (data) {
		buf_add_str(&r->data, data);
	} else if (id) {
		buf_clear(&r->id);
		buf_add_str(&r->id, id);
	} else if (!*line && r->data.len) {
		print_event(r);
		buf_clear(&r->data);
	}
}

static bool on_piece(void *arg, const char *data, size_t len)
{
	struct reader *r = arg;
	r->live.reached = true;
	for (; len && !live_is_done(&r->live); data++, len--) {
		if (*data != '\n') {
			buf_add_char(&r->line, *data);
			continue;
		}
		take_line(r, r->line.len ? r->line.data : "");
		buf_clear(&r->line);
	}
	return !live_is_done(&r->live);
}

static int follow(struct reader *r, const char *path)
{
	int status;
	do {
		const char *header =
		    r->id.len ? arena_printf(r->live.own, "Last-Event-ID: %s", r->id.data) : NULL;
		buf_clear(&r->line);
		buf_clear(&r->data);
		status = http_follow(r->live.ctl, path, header, on_piece, r);
	} while (live_again(&r->live, status));
	return status;
}

int events(struct ctl *ctl, char **words, size_t count)
{
	struct reader r = {0};
	const char *query = resource_query(ctl, words, count);
	if (!query)
		return CTL_USAGE;
	const char *path = arena_printf(ctl->arena, "/api/events%s%.*s", *query ? "?" : "",
					(int)strlen(query) - (*query != 0), query);
	if (!live_begin(&r.live, ctl))
		return CTL_USAGE;
	int status = follow(&r, path);
	live_end(&r.live);
	buf_free(&r.line);
	buf_free(&r.data);
	buf_free(&r.id);
	return status;
}
