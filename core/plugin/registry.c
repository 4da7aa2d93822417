/* The names that plugins' tables claim, and what claims a name twice. */
#include <errno.h>

#include "base/arena.h"
#include "plugin/host_state.h"

static int claim(struct host *h, struct names *in, const char *kind, const char *group,
		 const char *name, struct handler handler, char **ret_error)
{
	struct name *n = names_get(in, h->arena, group, name);
	const struct handler *other;
	if (!n->chain.name)
		n->chain.name = arena_printf(h->arena, "%s %s", kind, name);
	if (!name_own(n, h->arena, handler, &other))
		return 0;
	if (other->plugin == handler.plugin)
		return host_error(ret_error, -EEXIST, "plugin %s: %s %s is declared twice",
				  handler.plugin->name, kind, name);
	return host_error(ret_error, -EEXIST, "%s %s is owned by both %s and %s", kind, name,
			  other->plugin->name, handler.plugin->name);
}

static int add_actions(struct host *h, struct bb *p, char **ret_error)
{
	int err = 0;
	TABLE_EACH(action, a, p->def->actions)
	if (!err)
		err = claim(h, &h->actions, "action", a->ocpp, a->name,
			    (struct handler){p, a->phase, a->order, a->fn, a}, ret_error);
	return err;
}

static int add_outgoing(struct host *h, struct bb *p, char **ret_error)
{
	int err = 0;
	TABLE_EACH(outgoing, o, p->def->outgoing)
	if (!err)
		err = claim(h, &h->outgoing, "outgoing action", o->ocpp, o->name,
			    (struct handler){
				.plugin = p,
				.phase = o->flags & BB_WITNESS ? BB_OBSERVER : BB_OWNER,
				.row = o,
			    },
			    ret_error);
	return err;
}

static int add_questions(struct host *h, struct bb *p, char **ret_error)
{
	int err = 0;
	TABLE_EACH(question, q, p->def->questions)
	if (!err)
		err = claim(h, &h->questions, "question", "", q->name,
			    (struct handler){.plugin = p, .row = q}, ret_error);
	return err;
}

static int add_tasks(struct host *h, struct bb *p, char **ret_error)
{
	int err = 0;
	TABLE_EACH(task, t, p->def->tasks)
	if (!err)
		err = claim(h, &h->tasks, "task", "", t->name,
			    (struct handler){.plugin = p, .fn = t->fn, .row = t}, ret_error);
	return err;
}

static int add_topics(struct host *h, struct bb *p, char **ret_error)
{
	(void)ret_error;
	TABLE_EACH(topic, t, p->def->topics)
	name_add(names_get(&h->topics, h->arena, "", t->name), h->arena,
		 (struct handler){.plugin = p, .row = t});
	return 0;
}

static int add_lua(struct host *h, struct bb *p, struct names *functions, char **ret_error)
{
	int err = 0;
	TABLE_EACH(luafn, f, p->def->lua)
	if (!err)
		err = claim(h, functions, "Lua function", p->name, f->name,
			    (struct handler){.plugin = p, .fn = f->fn, .row = f}, ret_error);
	return err;
}

/* The core's own questions. */
static const struct bb_question own[] = {
    {"admit", "closed", NULL,
     "May this charger connect? Asked at the upgrade; to be answered at once."},
    {"quirks", "open", "hooks/quirks",
     "Which rules does this charger have? Asked when it connects and at each BootNotification; to "
     "be answered at once."},
    {"normalize", "open", "hooks/normalize",
     "What did the charger mean? Asked before its message is validated, if it has scripts or the "
     "answer of `quirks` says so."},
};

static int add_own(struct host *h, char **ret_error)
{
	int err = 0;
	for (size_t i = 0; i < sizeof own / sizeof *own && !err; i++)
		err = claim(h, &h->questions, "question", "", own[i].name,
			    (struct handler){.plugin = &h->core, .row = &own[i]}, ret_error);
	return err;
}

int registry_build(struct host *h, char **ret_error)
{
	static int (*const add[])(struct host *, struct bb *, char **) = {
	    add_actions, add_outgoing, add_questions, add_tasks, add_topics};
	struct names functions = {0};
	int err = add_own(h, ret_error);
	for (size_t i = 0; i < h->count && !err; i++) {
		for (size_t k = 0; k < sizeof add / sizeof *add && !err; k++)
			err = add[k](h, h->plugins[i], ret_error);
		if (!err)
			err = add_lua(h, h->plugins[i], &functions, ret_error);
	}
	return err;
}

const struct chain *host_action(struct host *h, const char *ocpp, const char *action)
{
	const struct name *n = names_find(&h->actions, ocpp, action);
	return n && n->owner ? &n->chain : NULL;
}

const struct bb_outgoing *host_outgoing(struct host *h, const char *ocpp, const char *action,
					uint32_t i, void **ret_self)
{
	const struct name *n = names_find(&h->outgoing, ocpp, action);
	if (!n || !n->owner || i >= n->count)
		return NULL;
	*ret_self = n->handlers[i].plugin->self;
	return n->handlers[i].row;
}

static bool is_listed(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

size_t host_subprotocols(struct host *h, const char **ret, size_t size)
{
	size_t count = 0;
	for (size_t i = 0; i < h->count; i++)
		TABLE_EACH(action, a, h->plugins[i]->def->actions)
	if (count + 1 < size && !is_listed(ret, count, a->ocpp))
		ret[count++] = a->ocpp;
	ret[count] = NULL;
	return count;
}
