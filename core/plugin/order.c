#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "plugin/host_state.h"

#include <stdlib.h>

/* Depth-first through needs; the list's order decides where they do not. */
struct ordering {
	struct host *host;
	struct bb **done;
	size_t count;
	struct bb **path; /* those whose needs are being followed */
	size_t depth;
	char **ret_error;
};

static struct bb *giver(const struct host *h, const char *service)
{
	const struct name *n = names_find(&h->services, "", service);
	return n ? n->owner->plugin : NULL;
}

static bool has(struct bb *const *list, size_t count, const struct bb *p)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == p)
			return true;
	return false;
}

static int cycle_error(const struct ordering *o, const struct bb *again)
{
	struct buf text = {0};
	bool inside = false;
	for (size_t i = 0; i < o->depth; i++) {
		inside = inside || o->path[i] == again;
		if (inside)
			buf_printf(&text, "%s needs ", o->path[i]->name);
	}
	int err = host_error(o->ret_error, -ELOOP, "plugins need one another in a circle: %s%s",
			     text.data, again->name);
	buf_free(&text);
	return err;
}

static int visit(struct ordering *o, struct bb *p)
{
	if (has(o->done, o->count, p))
		return 0;
	if (has(o->path, o->depth, p))
		return cycle_error(o, p);
	o->path[o->depth++] = p;
	int err = 0;
	for (const char *const *need = p->def->needs; need && *need && !err; need++) {
		struct bb *other = giver(o->host, *need);
		err = other ? visit(o, other)
			    : host_error(o->ret_error, -ENOENT,
					 "plugin %s needs the service %s, which no plugin of the "
					 "list gives",
					 p->name, *need);
	}
	o->depth--;
	if (!err)
		o->done[o->count++] = p;
	return err;
}

static int register_services(struct host *h, char **ret_error)
{
	for (size_t i = 0; i < h->count; i++) {
		struct bb *p = h->plugins[i];
		if (!p->def->gives)
			continue;
		const struct handler *other;
		struct name *n = names_get(&h->services, h->arena, "", p->def->gives);
		if (name_own(n, h->arena, (struct handler){.plugin = p}, &other))
			return host_error(ret_error, -EEXIST,
					  "the service %s is given by both %s and %s",
					  p->def->gives, other->plugin->name, p->name);
	}
	return 0;
}

int order_plugins(struct host *h, char **ret_error)
{
	int err = register_services(h, ret_error);
	if (err)
		return err;
	struct ordering o = {.host = h, .ret_error = ret_error};
	o.done = bb_alloc(h->arena, h->count * sizeof(struct bb *));
	o.path = bb_alloc(h->arena, h->count * sizeof(struct bb *));
	h->storage = giver(h, "storage/1");
	if (h->storage)
		err = visit(&o, h->storage);
	for (size_t i = 0; i < h->count && !err; i++)
		err = visit(&o, h->plugins[i]);
	if (!err)
		h->plugins = o.done;
	return err;
}
