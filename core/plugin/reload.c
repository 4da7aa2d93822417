/* Reading the configuration again: everybody takes it, or nobody. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "plugin/host_state.h"

static int read_all(struct host *h, struct config *config, void **values, char **ret_error)
{
	int err = 0;
	for (size_t i = 0; i < h->count && !err; i++)
		err = options_read(h->plugins[i], config, &values[i], ret_error);
	return err;
}

static int tell(struct bb *p, const void *cfg)
{
	return p->phase == BB_STARTED && p->def->reload ? p->def->reload(p->self, cfg) : 0;
}

/* Those that had taken the new configuration get the old one back. */
static void take_back(struct host *h, size_t count)
{
	while (count-- > 0)
		if (tell(h->plugins[count], h->plugins[count]->cfg) < 0)
			log_line(BB_ERROR, h->plugins[count]->name,
				 "does not take its old configuration back");
}

static int tell_all(struct host *h, void *const *values, char **ret_error)
{
	for (size_t i = 0; i < h->count; i++) {
		int err = tell(h->plugins[i], values[i]);
		if (err < 0) {
			take_back(h, i);
			return host_error(ret_error, err, "plugin %s: reload failed: %s",
					  h->plugins[i]->name, strerror(-err));
		}
	}
	return 0;
}

int host_reload(struct host *h, struct config *config, char **ret_error)
{
	void **values = mem_zalloc((h->count + 1) * sizeof *values);
	struct hook_set *hooks = NULL;
	int err = read_all(h, config, values, ret_error);
	if (!err)
		err = hook_set_make(h, config, &hooks, ret_error);
	if (!err)
		err = config_finish(config, ret_error);
	if (!err)
		err = tell_all(h, values, ret_error);
	for (size_t i = 0; i < h->count; i++) {
		struct bb *p = h->plugins[i];
		void *unused = values[i];
		/* Who cannot reload keeps what it was started with. */
		if (!err && p->def->reload) {
			unused = p->cfg;
			p->cfg = values[i];
		}
		free(unused);
	}
	free(values);
	if (err) {
		hook_set_unref(hooks);
		return err;
	}
	hook_set_unref(h->hooks);
	h->hooks = hooks;
	h->spec.config = config;
	return 0;
}
