#include "plugin/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/zone.h"
#include "plugin/host_state.h"

struct host *host_new(const struct host_spec *spec)
{
	struct bb_arena *arena = arena_new(16384);
	struct host *h = bb_zalloc(arena, sizeof *h);
	h->arena = arena;
	h->spec = *spec;
	h->core = (struct bb){.name = "core", .host = h, .phase = BB_STARTED};
	return h;
}

void host_free(struct host *h)
{
	if (!h)
		return;
	hook_set_unref(h->hooks);
	tasks_free(h);
	zones_free(h->zones);
	for (size_t i = 0; i < h->count; i++)
		free(h->plugins[i]->cfg);
	arena_free(h->arena);
}

static int open_all(struct host *h, const char *const *names, char **ret_error)
{
	size_t count = 0;
	while (names[count])
		count++;
	h->plugins = bb_zalloc(h->arena, (count + 1) * sizeof *h->plugins);
	for (size_t i = 0; i < count; i++) {
		struct bb *p;
		int err = loader_open(h, names[i], &p, ret_error);
		if (err)
			return err;
		for (size_t k = 0; k < h->count; k++)
			if (!strcmp(h->plugins[k]->name, p->name))
				return host_error(ret_error, -EEXIST,
						  "plugin %s is in the list twice", p->name);
		h->plugins[h->count++] = p;
	}
	return 0;
}

int host_load(struct host *h, const char *const *names, char **ret_error)
{
	int err = open_all(h, names, ret_error);
	if (!err)
		err = order_plugins(h, ret_error);
	for (size_t i = 0; i < h->count && !err; i++)
		err = options_read(h->plugins[i], h->spec.config, &h->plugins[i]->cfg, ret_error);
	if (!err)
		err = registry_build(h, ret_error);
	if (!err)
		err = routes_build(h, ret_error);
	if (!err)
		err = parameters_build(h, ret_error);
	if (err)
		return err;
	lua_export(h);
	return hook_set_make(h, h->spec.config, &h->hooks, ret_error);
}

bool host_is_starting(const struct host *h)
{
	for (size_t i = 0; i < h->count; i++)
		if (h->plugins[i]->starting)
			return true;
	return false;
}

struct db *host_db(struct host *h)
{
	return h->db;
}
