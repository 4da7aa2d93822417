/* busbarctl events, and watch: server-sent events, a line each. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "busbarctl/live.h"
#include "json/json.h"

struct reader {
	struct live live;
	/* Prints an event; false: it was the last. */
	bool (*print)(struct live *, const char *event, const struct bb_json *);
	const char *until; /* the topic that is the last; NULL: none is */
	bool ended;
	struct buf line; /* what has come of it */
	struct buf event;
	struct buf data, id; /* of the event that is being read; the id stays for the next time */
};

static bool print_fact(struct live *l, const char *event, const struct bb_json *e)
{
	struct bb_arena *a = l->ctl->arena;
	(void)event;
	if (bb_json_get(e, "at")) {
		const char *words =
		    arena_printf(a, "%s  %s  %s", live_word(l, e, "at"), live_word(l, e, "event"),
				 live_word(l, e, "charge_point_id"));
		live_line(l, e, words, bb_json_get(e, "data"));
	} else {
		live_line(l, e, "events are missing: look at things anew", e);
	}
	return true;
}

/* "2026-11-26T13:00:00.000Z  meter 1500 Wh  11000 W  {...}" */
static bool print_value(struct live *l, const char *event, const struct bb_json *v)
{
	if (strcmp(event, "meter") != 0) {
		live_line(
		    l, v,
		    arena_printf(l->ctl->arena, "the transaction is %s", live_word(l, v, "state")),
		    NULL);
		return false;
	}
	const char *words =
	    arena_printf(l->ctl->arena, "%s  meter %s Wh  %s W", live_word(l, v, "sampled_at"),
			 live_word(l, v, "energy_wh"), live_word(l, v, "power_w"));
	live_line(l, v, words, bb_json_get(v, "sample"));
	return true;
}

static void take_event(struct reader *r)
{
	const struct bb_json *e;
	if (!json_parse(r->live.ctl->arena, r->data.data, r->data.len, &e, NULL))
		r->ended = !r->print(&r->live, r->event.len ? r->event.data : "", e) ||
			   (r->until && !strcmp(bb_json_get_str(e, "event", ""), r->until));
	live_forget(&r->live);
	buf_clear(&r->data);
	buf_clear(&r->event);
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
	const char *data = value_of(line, "data"), *id = value_of(line, "id"),
		   *event = value_of(line, "event");
	if (data) {
		buf_add_str(&r->data, data);
	} else if (id) {
		buf_clear(&r->id);
		buf_add_str(&r->id, id);
	} else if (event) {
		buf_clear(&r->event);
		buf_add_str(&r->event, event);
	} else if (!*line && r->data.len) {
		take_event(r);
	}
}

static bool is_done(const struct reader *r)
{
	return r->ended || live_is_done(&r->live);
}

static bool on_piece(void *arg, const char *data, size_t len)
{
	struct reader *r = arg;
	r->live.reached = true;
	for (; len && !is_done(r); data++, len--) {
		if (*data != '\n') {
			buf_add_char(&r->line, *data);
			continue;
		}
		take_line(r, r->line.len ? r->line.data : "");
		buf_clear(&r->line);
	}
	return !is_done(r);
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

/* Until it is interrupted, or has printed as many lines as it was told, or all. */
static int print_stream(struct ctl *ctl, const char *path, struct reader *r)
{
	if (!live_begin(&r->live, ctl))
		return CTL_USAGE;
	int status = follow(r, path);
	live_end(&r->live);
	buf_free(&r->line);
	buf_free(&r->event);
	buf_free(&r->data);
	buf_free(&r->id);
	return status;
}

int events(struct ctl *ctl, char **words, size_t count)
{
	struct reader r = {.print = print_fact};
	const char *query = resource_query(ctl, words, count);
	if (!query)
		return CTL_USAGE;
	if (!strncmp(query, "command=", 8) || strstr(query, "&command="))
		r.until = "command.ended";
	const char *path = arena_printf(ctl->arena, "/api/events%s%.*s", *query ? "?" : "",
					(int)strlen(query) - (*query != 0), query);
	return print_stream(ctl, path, &r);
}

int watch(struct ctl *ctl, char **words, size_t count)
{
	struct reader r = {.print = print_value};
	(void)count;
	const char *path =
	    bb_url_item(ctl->arena, "/api/transactions", words[0], "/meter-values/live");
	return print_stream(ctl, path, &r);
}
