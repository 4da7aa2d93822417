/* Sections that are lists. */
#include <lauxlib.h>

#include "base/arena.h"
#include "config/state.h"

static const char *const *split(struct config *c, const char *text)
{
	size_t n = 1;
	for (const char *p = text; *p; p++)
		n += *p == ',';
	const char **list = bb_alloc(c->arena, (n + 1) * sizeof *list);
	size_t i = 0;
	for (const char *p = text; *p;) {
		size_t len = strcspn(p, ",");
		if (len)
			list[i++] = bb_strndup(c->arena, p, len);
		p += len + (p[len] == ',');
	}
	list[i] = NULL;
	return list;
}

static int list_item(struct config *c, const char *section, size_t i, const char **ret,
		     char **ret_error)
{
	int err = 0;
	if (lua_rawgeti(c->lua, -1, (lua_Integer)i) == LUA_TSTRING)
		*ret = bb_strdup(c->arena, lua_tostring(c->lua, -1));
	else
		err = config_error(c, ret_error, source_line(c->source, section, i, NULL),
				   "%s[%zu] must be a text, not a %s", section, i,
				   luaL_typename(c->lua, -1));
	lua_pop(c->lua, 1);
	return err;
}

int config_check_list(struct config *c, const char *section, char **ret_error)
{
	int err = 0;
	lua_pushnil(c->lua);
	while (!err && lua_next(c->lua, -2)) {
		if (lua_type(c->lua, -2) == LUA_TSTRING) {
			const char *key = lua_tostring(c->lua, -2);
			err = config_error(c, ret_error, source_line(c->source, section, 0, key),
					   "%s.%s: %s is a list; write %s = { ..., ... }", section,
					   key, section, section);
			lua_pop(c->lua, 1);
		}
		lua_pop(c->lua, 1);
	}
	return err;
}

static int list_from_file(struct config *c, const char *section, const char *const **ret,
			  char **ret_error)
{
	size_t n = lua_rawlen(c->lua, -1);
	const char **list = bb_alloc(c->arena, (n + 1) * sizeof *list);
	int err = config_check_list(c, section, ret_error);
	for (size_t i = 0; !err && i < n; i++)
		err = list_item(c, section, i + 1, &list[i], ret_error);
	list[n] = NULL;
	if (!err)
		*ret = list;
	return err;
}

int config_list(struct config *c, const char *section, const char *const *fallback,
		const char *const **ret, char **ret_error)
{
	config_ask(c, section, true);
	const struct override *winner = NULL;
	for (struct override *o = c->overrides; o; o = o->next) {
		if (o->key || strcmp(o->section, section) != 0)
			continue;
		o->used = true;
		if (!winner)
			winner = o;
	}
	if (winner) {
		*ret = split(c, winner->value);
		return 0;
	}
	if (!config_push(c, section)) {
		*ret = fallback;
		return 0;
	}
	int err = list_from_file(c, section, ret, ret_error);
	lua_pop(c->lua, 1);
	return err;
}

size_t config_count(struct config *c, const char *section)
{
	config_ask(c, section, true);
	if (!config_push(c, section))
		return 0;
	size_t n = lua_rawlen(c->lua, -1);
	lua_pop(c->lua, 1);
	return n;
}
