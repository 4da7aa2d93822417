#include "busbarctl/backup.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"

#define MOST 4

/* What a signal that ends the program takes away; static, because its handler may use no heap. */
static char paths[MOST][PATH_MAX];

static void on_signal(int number)
{
	for (int i = 0; i < MOST; i++)
		if (*paths[i])
			unlink(paths[i]);
	signal(number, SIG_DFL);
	raise(number);
}

static void catch_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		signal(numbers[i], on_signal);
}

static char *free_slot(void)
{
	for (int i = 0; i < MOST; i++)
		if (!*paths[i])
			return paths[i];
	abort();
}

const char *scratch_new(struct ctl *ctl, const char *near)
{
	char *path = arena_printf(ctl->arena, "%s/.busbar-XXXXXX", folder_of(ctl, near));
	char *slot = free_slot();
	catch_signals();
	int fd = strlen(path) < PATH_MAX ? mkstemp(path) : -1;
	if (fd < 0) {
		ctl_complain("%s: %s", folder_of(ctl, near), strerror(errno));
		return NULL;
	}
	close(fd);
	strcpy(slot, path);
	return path;
}

void scratch_drop(const char *path)
{
	for (int i = 0; i < MOST; i++)
		if (!strcmp(paths[i], path)) {
			unlink(path);
			*paths[i] = '\0';
		}
}
