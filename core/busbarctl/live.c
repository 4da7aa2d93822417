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

void live_line(struct live *l, const struct bb_json *object, const char *words,
	       const struct bb_json *rest)
{
	struct bb_arena *a = l->ctl->arena;
	const char *line = l->ctl->json ? json_text(a, object, NULL) : words;
	if (!l->ctl->json && rest && rest->type != BB_JSON_NULL)
		line = arena_printf(a, "%s  %s", words, json_text(a, rest, NULL));
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
