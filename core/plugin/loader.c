#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "plugin/host_state.h"

#define NAME_MAX_LEN 40

static bool is_absolute_so(const char *name)
{
	size_t len = strlen(name);
	return name[0] == '/' && len > 4 && !strcmp(name + len - 3, ".so");
}

/* Lower-case letters, digits and underscores, so that it can be part of a symbol. */
static bool is_id(const char *id)
{
	size_t len = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return len && !id[len] && len <= NAME_MAX_LEN && (id[0] < '0' || id[0] > '9');
}

static char *id_of_path(struct bb_arena *a, const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	return bb_strndup(a, base, strlen(base) - 3);
}

static bool is_inside(const char *path, const char *dir)
{
	char real[PATH_MAX];
	if (!realpath(dir, real))
		return false;
	size_t len = strlen(real);
	return !strncmp(path, real, len) && path[len] == '/';
}

/* The file that a name in the list means, and the plugin's id. */
static int find_file(struct host *h, const char *name, const char **ret_id, const char **ret_path,
		     char **ret_error)
{
	bool absolute = is_absolute_so(name);
	const char *id = absolute ? id_of_path(h->arena, name) : name;
	if (!is_id(id))
		return host_error(ret_error, -EINVAL,
				  "plugin \"%s\": a plugin is named in a-z, 0-9 and _, or by the "
				  "absolute path of its .so",
				  name);
	const char *path =
	    absolute ? name : arena_printf(h->arena, "%s/%s.so", h->spec.plugin_dir, id);
	char real[PATH_MAX];
	if (!realpath(path, real))
		return host_error(ret_error, -ENOENT, "plugin %s: %s: %s", id, path,
				  strerror(errno));
	if (!absolute && !is_inside(real, h->spec.plugin_dir))
		return host_error(ret_error, -EPERM, "plugin %s: %s is a link that leads out of %s",
				  id, path, h->spec.plugin_dir);
	*ret_id = id;
	*ret_path = bb_strdup(h->arena, real);
	return 0;
}

/* The handle is never closed: code of a plugin may be on some thread's stack until the end. */
static int find_definition(const char *id, const char *path, const struct bb_plugin **ret,
			   char **ret_error)
{
	void *so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!so)
		return host_error(ret_error, -ENOEXEC, "plugin %s: cannot be loaded: %s", id,
				  dlerror());
	char symbol[NAME_MAX_LEN + 16];
	snprintf(symbol, sizeof symbol, "bb_plugin_%s", id);
	*ret = dlsym(so, symbol);
	if (!*ret)
		return host_error(ret_error, -ENOEXEC, "plugin %s (%s): exports no symbol %s", id,
				  path, symbol);
	return 0;
}

int loader_open(struct host *h, const char *name, struct bb **ret, char **ret_error)
{
	const char *id = NULL, *path = NULL;
	const struct bb_plugin *def = NULL;
	int err = find_file(h, name, &id, &path, ret_error);
	if (!err)
		err = find_definition(id, path, &def, ret_error);
	if (err)
		return err;
	struct bb *p = bb_zalloc(h->arena, sizeof *p);
	p->name = bb_strdup(h->arena, id);
	p->file = path;
	p->host = h;
	p->def = def;
	err = check_definition(h, p, ret_error);
	if (!err)
		*ret = p;
	return err;
}
