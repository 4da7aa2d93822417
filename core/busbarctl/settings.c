#include "busbarctl/ctl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

static const char *text_between(struct ctl *ctl, const char *from, const char *to)
{
	while (from < to && strchr(" \t\r\n\"", *from))
		from++;
	while (to > from && strchr(" \t\r\n\"", to[-1]))
		to--;
	return bb_strndup(ctl->arena, from, (size_t)(to - from));
}

bool settings_line(struct ctl *ctl, const char *line)
{
	line += strspn(line, " \t");
	if (!*line || *line == '#' || *line == '\n')
		return true;
	const char *equal = strchr(line, '=');
	if (!equal)
		return false;
	const char *name = text_between(ctl, line, equal);
	const char *value = text_between(ctl, equal + 1, equal + strlen(equal));
	if (!strcmp(name, "url"))
		ctl->url = ctl->url ? ctl->url : value;
	else if (!strcmp(name, "key"))
		ctl->key = ctl->key ? ctl->key : value;
	else if (!strcmp(name, "ca"))
		ctl->ca = ctl->ca ? ctl->ca : value;
	else
		return false;
	return true;
}

static const char *file_path(struct ctl *ctl)
{
	const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (folder && *folder)
		return arena_printf(ctl->arena, "%s/busbar", folder);
	return home ? arena_printf(ctl->arena, "%s/.config/busbar", home) : NULL;
}

static int read_file(struct ctl *ctl, const char *path, FILE *file)
{
	char line[1024];
	for (int number = 1; fgets(line, sizeof line, file); number++)
		if (!settings_line(ctl, line))
			return ctl_complain("%s:%d: is none of url = ..., key = ..., ca = ...",
					    path, number);
	return CTL_OK;
}

int settings_read(struct ctl *ctl)
{
	const char *url = getenv("BUSBAR_URL"), *key = getenv("BUSBAR_KEY");
	const char *ca = getenv("BUSBAR_CA");
	if (!ctl->url && url && *url)
		ctl->url = url;
	if (!ctl->key && key && *key)
		ctl->key = key;
	if (!ctl->ca && ca && *ca)
		ctl->ca = ca;
	const char *path = file_path(ctl);
	FILE *file = path ? fopen(path, "re") : NULL;
	int status = CTL_OK;
	if (file) {
		status = read_file(ctl, path, file);
		fclose(file);
	} else if (path && errno != ENOENT && errno != EISDIR) {
		status = ctl_complain("%s: %s", path, strerror(errno));
	}
	ctl->url_is_given = ctl->url != NULL;
	if (!ctl->url)
		ctl->url = "http://127.0.0.1:8080";
	return status;
}
