#include "busbarctl/fake.h"

#include <stdarg.h>

#include "base/arena.h"
#include "base/buf.h"
#include "json/json.h"

struct ctl ctl;
int complaints;
char complaint[512];

int ctl_complain(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(complaint, sizeof complaint, fmt, ap);
	va_end(ap);
	complaints++;
	return CTL_USAGE;
}

void *ctl_file(struct ctl *c, const char *path, size_t *ret_len)
{
	struct buf text = {0};
	if (!strcmp(path, "there"))
		return bb_strdup(c->arena, "its text");
	char *copy = buf_read_file(&text, path) ? NULL : bb_strndup(c->arena, text.data, text.len);
	if (copy && ret_len)
		*ret_len = text.len;
	buf_free(&text);
	return copy;
}

/* An installation has the source tree's schemas. */
const char *ctl_installed(struct ctl *c, const char *path)
{
	return arena_printf(c->arena, "%s/%s", BUSBAR_ROOT, path + strlen("share/busbar/"));
}

const char *fake_answer;

int http_send(struct ctl *c, const char *method, const char *path, const char *body,
	      struct answer *ret)
{
	(void)method;
	(void)path;
	(void)body;
	if (!fake_answer)
		return CTL_UNREACHABLE;
	return json_parse(c->arena, fake_answer, strlen(fake_answer), &ret->body, NULL);
}

void fake_begin(void)
{
	fake_answer = NULL;
	ctl = (struct ctl){.arena = arena_new(0)};
}

void fake_end(void)
{
	arena_free(ctl.arena);
}
