/* Sections and items of lists, read into option structs. */
#include <errno.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "config/option.h"
#include "config/state.h"
#include "config/suggest.h"

/* A section, or an item of one, that is being read; its table is on top of the stack. */
struct reading {
	struct config *config;
	const char *section;
	const char *label; /* "http" or "scripts[2]" */
	size_t item;
	const struct bb_option *options;
	size_t count;
	void *out;
	char **ret_error;
};

static int unknown_key(const struct reading *r, const char *key, const char *place, int line)
{
	struct suggestion s = {.name = key};
	for (size_t i = 0; i < r->count; i++)
		suggest(&s, r->options[i].name);
	return config_error(r->config, r->ret_error, line, "%s%s.%s: unknown option%s%s%s", place,
			    r->label, key, s.best ? "; did you mean \"" : "", s.best ? s.best : "",
			    s.best ? "\"?" : "");
}

static bool is_option(const struct reading *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (!strcmp(r->options[i].name, name))
			return true;
	return false;
}

static int check_key(const struct reading *r)
{
	struct config *c = r->config;
	if (!r->item && lua_isinteger(c->lua, -2) && config_asked(c, r->section)->as_list)
		return 0;
	if (lua_type(c->lua, -2) != LUA_TSTRING)
		return config_error(c, r->ret_error,
				    source_line(c->source, r->section, r->item, NULL),
				    "%s: a value without a name; write %s = { name = value, ... }",
				    r->label, r->label);
	const char *key = lua_tostring(c->lua, -2);
	if (is_option(r, key))
		return 0;
	return unknown_key(r, key, "", source_line(c->source, r->section, r->item, key));
}

static int check_keys(const struct reading *r)
{
	lua_State *lua = r->config->lua;
	lua_pushnil(lua);
	while (lua_next(lua, -2)) {
		int err = check_key(r);
		if (err) {
			lua_pop(lua, 2);
			return err;
		}
		lua_pop(lua, 1);
	}
	return 0;
}

static struct override *find_override(const struct reading *r, const char *key)
{
	struct override *found = NULL;
	for (struct override *o = r->config->overrides; o && !r->item; o = o->next) {
		if (!o->key || strcmp(o->section, r->section) != 0 || strcmp(o->key, key) != 0)
			continue;
		o->used = true;
		if (!found)
			found = o;
	}
	return found;
}

static int fill_from_override(const struct reading *r, const struct bb_option *o,
			      const struct override *from)
{
	const char *why;
	struct config *c = r->config;
	if (!option_from_text(o, c->arena, from->value, r->out, &why))
		return 0;
	*r->ret_error =
	    mem_strdup(arena_printf(c->arena, "%s.%s as overridden: %s", r->section, o->name, why));
	return -EINVAL;
}

static int missing(const struct reading *r, const struct bb_option *o, bool in_file)
{
	struct config *c = r->config;
	int line = in_file ? source_line(c->source, r->section, r->item, NULL) : 0;
	return config_error(c, r->ret_error, line, "%s.%s is required: %s", r->label, o->name,
			    o->help ? o->help : "it has no default");
}

static int fill(const struct reading *r, const struct bb_option *o, bool in_file)
{
	struct config *c = r->config;
	const char *why;
	struct override *override = find_override(r, o->name);
	if (override)
		return fill_from_override(r, o, override);
	if (in_file && lua_getfield(c->lua, -1, o->name) != LUA_TNIL) {
		int err = option_from_lua(o, c->arena, c->lua, r->out, &why);
		lua_pop(c->lua, 1);
		if (!err)
			return 0;
		return config_error(c, r->ret_error,
				    source_line(c->source, r->section, r->item, o->name),
				    "%s.%s %s", r->label, o->name, why);
	}
	if (in_file)
		lua_pop(c->lua, 1);
	if (o->flags & BB_REQUIRED)
		return missing(r, o, in_file);
	if (!option_from_fallback(o, c->arena, r->out, &why))
		return 0;
	return config_error(c, r->ret_error, 0, "the default of %s.%s %s", r->label, o->name, why);
}

static int fill_all(const struct reading *r, bool in_file)
{
	int err = in_file ? check_keys(r) : 0;
	for (size_t i = 0; !err && i < r->count; i++)
		err = fill(r, &r->options[i], in_file);
	return err;
}

static int check_overrides(const struct reading *r)
{
	for (struct override *o = r->config->overrides; o; o = o->next) {
		if (strcmp(o->section, r->section) != 0 || o->used)
			continue;
		if (o->key)
			return unknown_key(r, o->key, "overridden: ", 0);
		return config_error(r->config, r->ret_error, 0,
				    "\"%s\": %s is not a list; write %s.key=value", o->text,
				    o->section, o->section);
	}
	return 0;
}

int config_section(struct config *c, const char *section, const struct bb_option *options,
		   size_t count, void *out, char **ret_error)
{
	struct reading r = {c, section, section, 0, options, count, out, ret_error};
	config_ask(c, section, false);
	bool in_file = config_push(c, section);
	int err = fill_all(&r, in_file);
	if (in_file)
		lua_pop(c->lua, 1);
	return err ? err : check_overrides(&r);
}

int config_value(struct config *c, const char *section, const struct bb_option *option, void *out,
		 char **ret_error)
{
	struct reading r = {c, section, section, 0, option, 1, out, ret_error};
	bool in_file = config_push(c, section);
	int err = fill(&r, option, in_file);
	if (in_file)
		lua_pop(c->lua, 1);
	return err;
}

int config_item(struct config *c, const char *section, size_t i, const struct bb_option *options,
		size_t count, void *out, char **ret_error)
{
	const char *label = arena_printf(c->arena, "%s[%zu]", section, i + 1);
	struct reading r = {c, section, label, i + 1, options, count, out, ret_error};
	if (!config_push(c, section))
		return config_error(c, ret_error, 0, "%s is not there", label);
	int err;
	if (lua_rawgeti(c->lua, -1, (lua_Integer)i + 1) == LUA_TTABLE)
		err = fill_all(&r, true);
	else
		err =
		    config_error(c, ret_error, source_line(c->source, section, i + 1, NULL),
				 "%s must be a table, not a %s", label, luaL_typename(c->lua, -1));
	lua_pop(c->lua, 2);
	return err;
}
