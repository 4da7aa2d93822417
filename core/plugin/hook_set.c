/* Who answers which question: plugins' hooks and the configuration's `scripts`. Made again at
 * reload; a question at work keeps the set that it began with. */
#include "plugin/hook_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static const struct bb_option row_options[] = {
    {"hook", BB_OPT_STR, BB_REQUIRED, offsetof(struct script_row, hook), NULL,
     "the question that the script answers", 0, 0, NULL},
    {"file", BB_OPT_STR, BB_REQUIRED, offsetof(struct script_row, file), NULL,
     "the script, absolute or in the folder of scripts", 0, 0, NULL},
    {"order", BB_OPT_INT, 0, offsetof(struct script_row, order), "0",
     "its place among those who answer; lower ones are asked first", INT32_MIN, INT32_MAX, NULL},
    {"operator", BB_OPT_STR, 0, offsetof(struct script_row, only_operator), NULL,
     "the only operator whose questions it is asked; all if not given", 0, 0, NULL},
};

static int read_source(struct hook_script *s, const char *script_dir, char **ret_error)
{
	const char *path = s->row.file[0] == '/'
			       ? s->row.file
			       : arena_printf(s->set->arena, "%s/%s", script_dir, s->row.file);
	int err = buf_read_file(&s->text, path);
	if (err)
		return host_error(ret_error, err, "script of hook %s: cannot read %s: %s",
				  s->row.hook, path, strerror(-err));
	s->version =
	    arena_printf(s->set->arena, "%08x-%zu",
			 bb_json_hash(s->text.data ? s->text.data : "", s->text.len), s->text.len);
	return 0;
}

struct bb_script hook_script_for(const struct hook_script *s, const char *operator_id)
{
	return (struct bb_script){operator_id, s->row.file, s->version,
				  s->text.data ? s->text.data : "", s->text.len};
}

static int compile(struct host *h, struct hook_script *s, char **ret_error)
{
	const char *reason = NULL;
	struct bb_script script =
	    hook_script_for(s, *s->row.only_operator ? s->row.only_operator : "default");
	int err = script_check(h->spec.scripts, &script, s->set->arena, &reason);
	if (err)
		return host_error(ret_error, err, "script of hook %s: %s", s->row.hook,
				  reason ? reason : strerror(-err));
	return 0;
}

static void add_handler(struct hook_set *set, const char *hook, struct handler handler)
{
	struct name *n = names_get(&set->hooks, set->arena, "", hook);
	if (!n->chain.name)
		n->chain.name = arena_printf(set->arena, "hook %s", hook);
	name_add(n, set->arena, handler);
}

static int add_script(struct host *h, struct config *config, struct hook_set *set, size_t i,
		      char **ret_error)
{
	struct hook_script *s = bb_zalloc(set->arena, sizeof *s);
	s->set = set;
	s->next = set->scripts;
	set->scripts = s;
	int err = config_item(config, "scripts", i, row_options,
			      sizeof row_options / sizeof *row_options, &s->row, ret_error);
	if (err)
		return err;
	s->row.hook = bb_strdup(set->arena, s->row.hook);
	s->row.file = bb_strdup(set->arena, s->row.file);
	s->row.only_operator = bb_strdup(set->arena, s->row.only_operator);
	if (!names_find(&h->questions, "", s->row.hook))
		return host_error(ret_error, -EINVAL,
				  "scripts[%zu]: nobody asks the hook \"%s\" (%s)", i + 1,
				  s->row.hook, s->row.file);
	err = read_source(s, h->spec.script_dir, ret_error);
	if (!err)
		err = compile(h, s, ret_error);
	if (err)
		return err;
	s->me = (struct bb){.name = s->row.file, .self = s, .host = h};
	add_handler(set, s->row.hook,
		    (struct handler){&s->me, BB_OWNER, (int32_t)s->row.order, hook_ask_script, s});
	return 0;
}

static void add_plugins_hooks(struct host *h, struct hook_set *set)
{
	for (size_t i = 0; i < h->count; i++)
		TABLE_EACH(hook, row, h->plugins[i]->def->hooks)
	add_handler(set, row->name,
		    (struct handler){h->plugins[i], BB_OWNER, row->order, row->fn, row});
}

int hook_set_make(struct host *h, struct config *config, struct hook_set **ret, char **ret_error)
{
	struct bb_arena *arena = arena_new(4096);
	struct hook_set *set = bb_zalloc(arena, sizeof *set);
	set->arena = arena;
	set->refs = 1;
	add_plugins_hooks(h, set);
	int err = 0;
	size_t count = config_count(config, "scripts");
	for (size_t i = 0; i < count && !err; i++)
		err = add_script(h, config, set, i, ret_error);
	if (err)
		hook_set_unref(set);
	else
		*ret = set;
	return err;
}

struct hook_set *hook_set_unref(struct hook_set *set)
{
	if (!set || --set->refs)
		return NULL;
	for (struct hook_script *s = set->scripts; s; s = s->next)
		buf_free(&s->text);
	arena_free(set->arena);
	return NULL;
}
