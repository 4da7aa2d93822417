#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "plugin/host_state.h"

/* The options of a plugin with rows of the size that the core knows. */
static struct bb_option *plain_options(const struct bb *p)
{
	struct bb_option *list = mem_alloc(p->def->options.count * sizeof *list), *at = list;
	TABLE_EACH(option, o, p->def->options)
	*at++ = *o;
	return list;
}

int options_read(struct bb *p, struct config *config, void **ret, char **ret_error)
{
	size_t count = p->def->options.count;
	struct bb_option *list = plain_options(p);
	void *values = mem_zalloc(p->def->config_size);
	config_count(config, "scripts"); /* its items stand beside the options of a plugin */
	int err = config_section(config, p->name, list, count, values, ret_error);
	const char *frozen =
	    !err && p->cfg ? config_frozen_change(list, count, p->cfg, values) : NULL;
	if (frozen)
		err = host_error(ret_error, -EBUSY,
				 "%s.%s cannot change while busbard runs; restart it", p->name,
				 frozen);
	free(list);
	if (err)
		free(values);
	else
		*ret = values;
	return err;
}

char *host_describe_options(struct host *h, bool values)
{
	struct buf b = {0};
	buf_add_str(&b, "");
	for (size_t i = 0; i < h->count; i++) {
		const struct bb *p = h->plugins[i];
		size_t count = p->def->options.count;
		struct bb_option *list = plain_options(p);
		char *text = values ? config_describe(p->name, list, count, p->cfg)
				    : config_help(p->name, list, count);
		buf_add_str(&b, text);
		free(text);
		free(list);
	}
	return b.data;
}
