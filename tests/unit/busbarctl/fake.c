#include "busbarctl/fake.h"

#include <stdarg.h>

#include "base/arena.h"

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
	(void)ret_len;
	return strcmp(path, "there") ? NULL : bb_strdup(c->arena, "its text");
}

void fake_begin(void)
{
	ctl = (struct ctl){.arena = arena_new(0)};
}

void fake_end(void)
{
	arena_free(ctl.arena);
}
