/* Server-sent events, one after the other, over lost lines and restarts of the server. */
#include "busbarctl/stream.h"

#include <string.h>

#include "base/arena.h"
#include "json/json.h"

static void take_event(struct stream *s)
{
	const struct bb_json *e;
	if (!json_parse(s->live.ctl->arena, s->data.data, s->data.len, &e, NULL))
		s->ended = !s->take(&s->live, s->event.len ? s->event.data : "", e) ||
			   (s->until && !strcmp(bb_json_get_str(e, "event", ""), s->until));
	live_forget(&s->live);
	buf_clear(&s->data);
	buf_clear(&s->event);
}

static const char *value_of(const char *line, const char *field)
{
	size_t len = strlen(field);
	if (strncmp(line, field, len) != 0 || line[len] != ':')
		return NULL;
	return line + len + 1 + (line[len + 1] == ' ');
}

static void take_line(struct stream *s, const char *line)
{
	const char *data = value_of(line, "data"), *id = value_of(line, "id"),
		   *event = value_of(line, "event");
	if (data) {
		buf_add_str(&s->data, data);
	} else if (id) {
		buf_clear(&s->id);
		buf_add_str(&s->id, id);
	} else if (event) {
		buf_clear(&s->event);
		buf_add_str(&s->event, event);
	} else if (!*line && s->data.len) {
		take_event(s);
	}
}

static bool is_done(const struct stream *s)
{
	return s->ended || live_is_done(&s->live);
}

static bool on_piece(void *arg, const char *data, size_t len)
{
	struct stream *s = arg;
	s->live.reached = true;
	for (; len && !is_done(s); data++, len--) {
		if (*data != '\n') {
			buf_add_char(&s->line, *data);
			continue;
		}
		take_line(s, s->line.len ? s->line.data : "");
		buf_clear(&s->line);
	}
	return !is_done(s);
}

static int follow(struct stream *s, const char *path)
{
	int status;
	do {
		const char *header =
		    s->id.len ? arena_printf(s->live.own, "Last-Event-ID: %s", s->id.data) : NULL;
		buf_clear(&s->line);
		buf_clear(&s->data);
		status = http_follow(s->live.ctl, path, header, on_piece, s);
	} while (live_again(&s->live, status));
	return status;
}

int stream_follow(struct ctl *ctl, const char *path, struct stream *s)
{
	if (!live_begin(&s->live, ctl))
		return CTL_USAGE;
	int status = follow(s, path);
	live_end(&s->live);
	buf_free(&s->line);
	buf_free(&s->event);
	buf_free(&s->data);
	buf_free(&s->id);
	return status;
}
