/* What is loaded, in its order, for people to read. */
#include <stdlib.h>

#include "base/buf.h"
#include "plugin/hook_set.h"

static const char *const phases[] = {"guard", "owner", "observer"};

static void describe_plugin(struct buf *b, const struct bb *p)
{
	buf_printf(b, "plugin %s %s", p->name, p->def->version);
	if (p->def->gives)
		buf_printf(b, " gives %s", p->def->gives);
	for (const char *const *n = p->def->needs; n && *n; n++)
		buf_printf(b, " needs %s", *n);
	buf_printf(b, " (%s)\n", p->file);
}

static void describe_action(struct buf *b, const struct name *n)
{
	buf_printf(b, "action %s %s:", n->group, n->name);
	for (size_t i = 0; i < n->count; i++)
		buf_printf(b, " %s(%s)", n->handlers[i].plugin->name,
			   phases[n->handlers[i].phase - BB_GUARD]);
	buf_add_char(b, '\n');
}

static void describe_routes(struct buf *b, const struct host *h)
{
	for (size_t i = 0; i < h->count; i++)
		TABLE_EACH(route, r, h->plugins[i]->def->routes)
	buf_printf(b, "route %s %s: %s(%s)\n", r->method, r->path, h->plugins[i]->name,
		   phases[r->phase - BB_GUARD]);
}

/* Outgoing actions, topics and tasks: who, in order. */
static void describe_names(struct buf *b, const char *kind, const struct names *names)
{
	for (const struct name *n = names->first; n; n = n->next) {
		buf_printf(b, "%s %s:", kind, n->name);
		for (size_t i = 0; i < n->count; i++)
			buf_printf(b, " %s", n->handlers[i].plugin->name);
		buf_add_char(b, '\n');
	}
}

static void describe_hooks(struct buf *b, const struct host *h)
{
	for (const struct name *n = h->questions.first; n; n = n->next) {
		const struct bb_question *q = n->owner->row;
		const struct name *hook =
		    h->hooks ? names_find(&h->hooks->hooks, "", n->name) : NULL;
		buf_printf(b, "hook %s (asked by %s, fails %s):", n->name, n->owner->plugin->name,
			   q->on_failure);
		for (size_t i = 0; hook && i < hook->count; i++)
			buf_printf(b, " %s(%d)", hook->handlers[i].plugin->name,
				   hook->handlers[i].order);
		buf_add_char(b, '\n');
	}
}

static void describe_lua(struct buf *b, const struct host *h)
{
	for (size_t i = 0; i < h->count; i++)
		TABLE_EACH(luafn, f, h->plugins[i]->def->lua)
	buf_printf(b, "lua busbar.%s.%s%s\n", h->plugins[i]->name, f->name, f->sig ? f->sig : "()");
}

char *host_describe(struct host *h)
{
	struct buf b = {0};
	for (size_t i = 0; i < h->count; i++)
		describe_plugin(&b, h->plugins[i]);
	for (const struct name *n = h->actions.first; n; n = n->next)
		describe_action(&b, n);
	describe_names(&b, "outgoing action", &h->outgoing);
	describe_routes(&b, h);
	describe_hooks(&b, h);
	describe_names(&b, "topic", &h->topics);
	describe_names(&b, "task", &h->tasks);
	describe_lua(&b, h);
	return b.data;
}
