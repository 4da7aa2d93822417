/* Who asked for which section, and the search for what nobody reads. */
#include <errno.h>

#include "base/arena.h"
#include "config/state.h"
#include "config/suggest.h"

struct asked *config_asked(const struct config *c, const char *section)
{
	struct asked *a = c->asked;
	while (a && strcmp(a->section, section) != 0)
		a = a->next;
	return a;
}

void config_ask(struct config *c, const char *section, bool as_list)
{
	struct asked *a = config_asked(c, section);
	if (!a) {
		a = bb_alloc(c->arena, sizeof *a);
		*a = (struct asked){.section = bb_strdup(c->arena, section), .next = c->asked};
		c->asked = a;
	}
	a->as_list |= as_list;
	a->as_options |= !as_list;
}

bool config_push(struct config *c, const char *section)
{
	if (!c->lua)
		return false;
	lua_rawgeti(c->lua, LUA_REGISTRYINDEX, c->sections);
	lua_getfield(c->lua, -1, section);
	lua_remove(c->lua, -2);
	if (lua_istable(c->lua, -1))
		return true;
	lua_pop(c->lua, 1);
	return false;
}

static int unknown_section(struct config *c, const char *section, int line, const char *place,
			   char **ret_error)
{
	struct suggestion s = {.name = section};
	for (const struct asked *a = c->asked; a; a = a->next)
		suggest(&s, a->section);
	if (s.best)
		return config_error(c, ret_error, line,
				    "%s%s: unknown section; did you mean \"%s\"?", place, section,
				    s.best);
	return config_error(c, ret_error, line,
			    "%s%s: unknown section (is the plugin of that name in plugins?)", place,
			    section);
}

static int finish_section(struct config *c, char **ret_error)
{
	const char *name = lua_tostring(c->lua, -2);
	const struct asked *a = config_asked(c, name);
	if (!a)
		return unknown_section(c, name, source_line(c->source, name, 0, NULL), "",
				       ret_error);
	return a->as_list && !a->as_options ? config_check_list(c, name, ret_error) : 0;
}

static int finish_sections(struct config *c, char **ret_error)
{
	int err = 0;
	lua_rawgeti(c->lua, LUA_REGISTRYINDEX, c->sections);
	lua_pushnil(c->lua);
	while (!err && lua_next(c->lua, -2)) {
		err = finish_section(c, ret_error);
		lua_pop(c->lua, 1);
	}
	lua_settop(c->lua, 0);
	return err;
}

int config_finish(struct config *c, char **ret_error)
{
	int err = c->lua ? finish_sections(c, ret_error) : 0;
	for (struct override *o = c->overrides; o && !err; o = o->next) {
		if (o->used)
			continue;
		const struct asked *a = config_asked(c, o->section);
		if (!a)
			return unknown_section(c, o->section, 0, "overridden: ", ret_error);
		if (!o->key)
			return config_error(c, ret_error, 0, "\"%s\": %s cannot be overridden",
					    o->text, o->section);
		return config_error(c, ret_error, 0, "\"%s\": %s is a list; write %s=a,b", o->text,
				    o->section, o->section);
	}
	return err;
}
