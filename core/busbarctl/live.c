#include "busbarctl/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "busbarctl/progress.h"
#include "json/json.h"

#define WAIT_MOST_S 15u

bool live_begin(struct live *l, struct ctl *ctl)
{
	*l = (struct live){.ctl = ctl, .own = ctl->arena, .left = -1, .wait_s = 1};
	if (!count_read(ctl, &l->left))
		return false;
	ctl->arena = arena_new(0);
	return true;
}

void live_end(struct live *l)
{
	arena_free(l->ctl->arena);
	l->ctl->arena = l->own;
}

void live_forget(struct live *l)
{
	arena_reset(l->ctl->arena);
}

bool live_is_done(const struct live *l)
{
	return !l->left;
}

bool live_again(struct live *l, int status)
{
	if (status == CTL_OK)
		l->reached = true;
	if (status != CTL_UNREACHABLE || !l->reached)
		return false;
	sleep(l->wait_s);
	l->wait_s = l->wait_s * 2 < WAIT_MOST_S ? l->wait_s * 2 : WAIT_MOST_S;
	return true;
}

static bool is_plain(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return false;
	return true;
}

const char *live_word(struct live *l, const struct bb_json *object, const char *member)
{
	const struct bb_json *v = bb_json_get(object, member);
	const char *text = table_cell(l->ctl, v);
	return is_plain(text) ? text : json_text(l->ctl->arena, v, NULL);
}

const char *live_time(struct live *l, const struct bb_json *object, const char *member, int len)
{
	char *text = arena_printf(l->ctl->arena, "%.*s", len, live_word(l, object, member));
	if (strlen(text) > 10 && text[10] == 'T')
		text[10] = ' ';
	return text;
}

const char *live_pad(struct bb_arena *a, const char *text, size_t width)
{
	size_t is = utf8_count(text, strlen(text));
	return arena_printf(a, "%s%*s", text, is < width ? (int)(width - is) : 0, "");
}

void live_line(struct live *l, const struct bb_json *object, const char *words,
	       const struct bb_json *rest, const char *const *without)
{
	struct bb_arena *a = l->ctl->arena;
	const char *line = l->ctl->json ? json_text(a, object, NULL) : words;
	const char *more = rest ? said(l->ctl, rest, without) : "";
	if (!l->ctl->json && *more)
		line = arena_printf(a, "%s  %s", words, more);
	int width = l->ctl->json ? 0 : terminal_width(STDOUT_FILENO);
	if (width > 1 && utf8_count(line, strlen(line)) > (size_t)width)
		line = arena_printf(a, "%.*s\u2026", table_bytes(line, width - 1), line);
	puts(line);
	fflush(stdout);
	l->reached = true;
	l->wait_s = 1;
	if (l->left > 0)
		l->left--;
}
