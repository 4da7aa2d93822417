/* Is what a plugin declares sound? Everything is read, nothing is run. */
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "plugin/host_state.h"

#define MOST_ROWS 4096u

struct check {
	const struct host *host;
	const struct bb *plugin;
	char **ret_error;
};

static int fault(const struct check *c, const char *text)
{
	return host_error(c->ret_error, -EINVAL, "plugin %s (%s): %s", c->plugin->name,
			  c->plugin->file, text);
}

static int row_fault(const struct check *c, const char *kind, const char *name, const char *text)
{
	return host_error(c->ret_error, -EINVAL, "plugin %s (%s): %s %s %s", c->plugin->name,
			  c->plugin->file, kind, name, text);
}

static int nameless(const struct check *c, const char *kind, uint32_t i)
{
	return host_error(c->ret_error, -EINVAL, "plugin %s (%s): %s %u has no name",
			  c->plugin->name, c->plugin->file, kind, i + 1);
}

/* "charger.connected", "transaction_end": parts of small letters, digits and underscores. */
static bool is_word(const char *s, bool dots)
{
	size_t len = strspn(s, dots ? "abcdefghijklmnopqrstuvwxyz0123456789_."
				    : "abcdefghijklmnopqrstuvwxyz0123456789_");
	return len && !s[len] && s[0] >= 'a' && s[len - 1] != '.' && !strstr(s, "..");
}

static bool is_phase(int32_t phase)
{
	return phase >= BB_GUARD && phase <= BB_OBSERVER;
}

static int check_schema(const struct check *c, const char *kind, const char *name,
			const char *schema)
{
	if (!schema || schema_find(c->host->spec.schemas, schema))
		return 0;
	return host_error(c->ret_error, -EINVAL,
			  "plugin %s (%s): %s %s names the schema %s, which is not there",
			  c->plugin->name, c->plugin->file, kind, name, schema);
}

static const struct option_type {
	size_t size;
	bool bounded;
} option_types[] = {
    [BB_OPT_STR] = {sizeof(const char *), false}, [BB_OPT_INT] = {sizeof(int64_t), true},
    [BB_OPT_BOOL] = {sizeof(bool), false},        [BB_OPT_MSEC] = {sizeof(int64_t), true},
    [BB_OPT_BYTES] = {sizeof(int64_t), true},     [BB_OPT_ENUM] = {sizeof(const char *), false},
};

static const char *option_fault(const struct bb_option *o, size_t config_size)
{
	if (o->type >= sizeof option_types / sizeof *option_types)
		return "is of an unknown type";
	size_t size = option_types[o->type].size;
	if (o->offset > config_size || config_size - o->offset < size)
		return "lies outside of the config struct (config_size)";
	if (o->offset % size)
		return "is not aligned in the config struct";
	if ((o->flags & BB_REQUIRED) && o->fallback)
		return "is required and has a default";
	if (!(o->flags & BB_REQUIRED) && !o->fallback && o->type != BB_OPT_STR)
		return "has no default and is not required";
	if (o->type == BB_OPT_ENUM && (!o->choices || !*o->choices))
		return "has no choices";
	if (!o->help || !*o->help)
		return "has no help";
	return NULL;
}

static bool option_again(const struct bb_table *t, const struct bb_option *o)
{
	TABLE_EACH(option, other, *t)
	{
		if (other == o)
			return false;
		if (!strcmp(other->name, o->name))
			return true;
	}
	return false;
}

static int check_option(const struct check *c, const void *row, uint32_t i)
{
	const struct bb_option *o = row;
	if (!o->name || !is_word(o->name, false))
		return nameless(c, "option", i);
	const char *text = option_fault(o, c->plugin->def->config_size);
	if (!text && option_again(&c->plugin->def->options, o))
		text = "is declared twice";
	return text ? row_fault(c, "option", o->name, text) : 0;
}

static int check_action(const struct check *c, const void *row, uint32_t i)
{
	const struct bb_action *a = row;
	if (!a->name || !*a->name || !a->ocpp || !*a->ocpp)
		return nameless(c, "action", i);
	if (!a->fn)
		return row_fault(c, "action", a->name, "has no function");
	return is_phase(a->phase) ? 0 : row_fault(c, "action", a->name, "has an unknown phase");
}

static int check_outgoing(const struct check *c, const void *row, uint32_t i)
{
	const struct bb_outgoing *o = row;
	if (!o->name || !*o->name || !o->ocpp || !*o->ocpp)
		return nameless(c, "outgoing action", i);
	char schema[128];
	snprintf(schema, sizeof schema, "%s/%s", o->ocpp, o->name);
	return check_schema(c, "outgoing action", o->name, schema);
}

static int check_one_route(const struct check *c, const void *row, uint32_t i)
{
	const struct bb_route *r = row;
	if (!r->method || !r->path)
		return nameless(c, "route", i);
	const char *text = !r->fn                ? "has no function"
			   : !is_phase(r->phase) ? "has an unknown phase"
						 : check_route(r);
	char name[256];
	snprintf(name, sizeof name, "%s %s", r->method, r->path);
	if (text)
		return row_fault(c, "route", name, text);
	int err = check_schema(c, "route", name, r->body);
	return err || is_media_type(r->answer) ? err : check_schema(c, "route", name, r->answer);
}

static int check_question(const struct check *c, const void *row, uint32_t i)
{
	const struct bb_question *q = row;
	if (!q->name || !is_word(q->name, false))
		return nameless(c, "question", i);
	if (!q->on_failure ||
	    (strcmp(q->on_failure, "open") != 0 && strcmp(q->on_failure, "closed") != 0))
		return row_fault(c, "question", q->name,
				 "must say on_failure \"open\" or \"closed\"");
	return check_schema(c, "question", q->name, q->answer);
}

static int check_hook(const struct check *c, const void *row, uint32_t i)
{
	const struct bb_hook *h = row;
	if (!h->name || !is_word(h->name, false))
		return nameless(c, "hook", i);
	return h->fn ? 0 : row_fault(c, "hook", h->name, "has no function");
}

static int check_topic(const struct check *c, const void *row, uint32_t i)
{
	const struct bb_topic *t = row;
	if (!t->name || !*t->name)
		return nameless(c, "topic", i);
	if (!is_word(t->name, true) || !strchr(t->name, '.'))
		return row_fault(c, "topic", t->name, "is not of the form \"thing.happened\"");
	return t->fn ? 0 : row_fault(c, "topic", t->name, "has no function");
}

static int check_task(const struct check *c, const void *row, uint32_t i)
{
	const struct bb_task *t = row;
	if (!t->name || !is_word(t->name, false))
		return nameless(c, "task", i);
	if (!t->fn)
		return row_fault(c, "task", t->name, "has no function");
	return t->tries ? 0 : row_fault(c, "task", t->name, "must be tried at least once");
}

static int check_lua(const struct check *c, const void *row, uint32_t i)
{
	const struct bb_luafn *f = row;
	if (!f->name || !is_word(f->name, false))
		return nameless(c, "Lua function", i);
	return f->fn ? 0 : row_fault(c, "Lua function", f->name, "has no function");
}

static const struct table_kind {
	const char *name;
	size_t offset, row_size;
	int (*check)(const struct check *, const void *row, uint32_t i);
} kinds[] = {
    {"options", offsetof(struct bb_plugin, options), sizeof(struct bb_option), check_option},
    {"actions", offsetof(struct bb_plugin, actions), sizeof(struct bb_action), check_action},
    {"outgoing", offsetof(struct bb_plugin, outgoing), sizeof(struct bb_outgoing), check_outgoing},
    {"routes", offsetof(struct bb_plugin, routes), sizeof(struct bb_route), check_one_route},
    {"questions", offsetof(struct bb_plugin, questions), sizeof(struct bb_question),
     check_question},
    {"hooks", offsetof(struct bb_plugin, hooks), sizeof(struct bb_hook), check_hook},
    {"topics", offsetof(struct bb_plugin, topics), sizeof(struct bb_topic), check_topic},
    {"tasks", offsetof(struct bb_plugin, tasks), sizeof(struct bb_task), check_task},
    {"lua", offsetof(struct bb_plugin, lua), sizeof(struct bb_luafn), check_lua},
};

static int check_table(const struct check *c, const struct table_kind *k)
{
	const struct bb_table *t = (const void *)((const char *)c->plugin->def + k->offset);
	if (!t->count)
		return 0;
	if (!t->row)
		return row_fault(c, "table", k->name, "has a count but no rows");
	if (t->count > MOST_ROWS)
		return row_fault(c, "table", k->name, "has too many rows");
	/* A plugin of a newer minor that can do with ours may have longer rows. */
	if (t->stride < k->row_size || t->stride % sizeof(void *))
		return row_fault(c, "table", k->name, "has rows of a wrong size (stride)");
	int err = 0;
	for (uint32_t i = 0; i < t->count && !err; i++)
		err = k->check(c, (const char *)t->row + (size_t)i * t->stride, i);
	return err;
}

static int check_abi(const struct check *c)
{
	const struct bb_plugin *d = c->plugin->def;
	if (d->abi_major == BB_ABI_MAJOR && d->abi_minor <= BB_ABI_MINOR) {
		if (d->size >= sizeof *d && d->size <= 2 * sizeof *d)
			return 0;
		return host_error(c->ret_error, -EINVAL,
				  "plugin %s (%s): its definition is %u bytes, not %zu",
				  c->plugin->name, c->plugin->file, d->size, sizeof *d);
	}
	return host_error(c->ret_error, -EINVAL,
			  "plugin %s (%s): is built for ABI %u.%u, this server has %u.%u",
			  c->plugin->name, c->plugin->file, d->abi_major, d->abi_minor,
			  BB_ABI_MAJOR, BB_ABI_MINOR);
}

/* "wallet/1" */
static bool is_service(const char *s)
{
	const char *slash = strchr(s, '/');
	return slash && slash > s && slash[1] >= '1' && slash[1] <= '9' &&
	       !slash[1 + strspn(slash + 1, "0123456789")];
}

static int check_services(const struct check *c)
{
	const struct bb_plugin *d = c->plugin->def;
	for (const char *const *n = d->needs; n && *n; n++)
		if (!is_service(*n))
			return row_fault(c, "need", *n, "is not of the form \"service/1\"");
	if (d->gives && !is_service(d->gives))
		return row_fault(c, "service", d->gives, "is not of the form \"service/1\"");
	if (d->gives && !d->service)
		return row_fault(c, "service", d->gives, "has no table of functions");
	return 0;
}

static int check_head(const struct check *c)
{
	const struct bb_plugin *d = c->plugin->def;
	if (!d->name)
		return fault(c, "its definition has no name");
	if (strcmp(d->name, c->plugin->name) != 0)
		return row_fault(c, "its definition is named", d->name, "unlike its file");
	if (!d->version || !*d->version)
		return fault(c, "its definition has no version");
	return check_services(c);
}

int check_definition(const struct host *h, const struct bb *p, char **ret_error)
{
	struct check c = {h, p, ret_error};
	int err = check_abi(&c);
	if (!err)
		err = check_head(&c);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !err; i++)
		err = check_table(&c, &kinds[i]);
	return err;
}
