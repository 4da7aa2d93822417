/* Running the file: plain Lua with nothing to call but env(). */
#include <errno.h>
#include <stdlib.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "config/state.h"

#define MOST_INSTRUCTIONS 1000000
#define MOST_MEGABYTES 64
#define CHUNK "(configuration)"

/* The limit is for the file: what is read out of its tables afterwards is not protected. */
static void *allocate(void *ud, void *old, size_t old_size, size_t size)
{
	struct config *c = ud;
	size_t had = old ? old_size : 0;
	if (!size) {
		free(old);
		c->bytes -= had;
		return NULL;
	}
	if (size > had && c->most_bytes && c->bytes - had + size > c->most_bytes)
		return NULL;
	void *p = realloc(old, size);
	if (p)
		c->bytes += size - had;
	return p;
}

static void too_long(lua_State *lua, lua_Debug *ar)
{
	lua_getinfo(lua, "Sl", ar);
	lua_pushfstring(lua, "%s:%d: runs for too long (%d instructions)", ar->short_src,
			ar->currentline, MOST_INSTRUCTIONS);
	lua_error(lua);
}

/* env(name [, default]): the environment variable's text. */
static int env(lua_State *lua)
{
	const char *name = luaL_checkstring(lua, 1), *value = getenv(name);
	if (!value && lua_isnoneornil(lua, 2))
		return luaL_error(lua, "the environment variable %s is not set", name);
	lua_settop(lua, 2);
	if (value)
		lua_pushstring(lua, value);
	return 1;
}

/* Lua knows the file by CHUNK, as it shortens long names. */
static int run_error(struct config *c, int failed, char **ret_error)
{
	if (failed == LUA_ERRMEM)
		return config_error(c, ret_error, 0, "needs more than %d MiB of memory",
				    MOST_MEGABYTES);
	const char *message = lua_tostring(c->lua, -1);
	if (!message)
		return config_error(c, ret_error, 0, "ends with an error that is not a text");
	if (strncmp(message, CHUNK ":", strlen(CHUNK ":")) != 0)
		return config_error(c, ret_error, 0, "%s", message);
	*ret_error = mem_strdup(arena_printf(c->arena, "%s%s", c->path, message + strlen(CHUNK)));
	return -EINVAL;
}

static int check_global(struct config *c, char **ret_error)
{
	if (lua_type(c->lua, -2) != LUA_TSTRING)
		return config_error(c, ret_error, 0, "a section's name must be a text");
	const char *name = lua_tostring(c->lua, -2);
	int line = source_line(c->source, name, 0, NULL);
	if (lua_istable(c->lua, -1))
		return 0;
	return config_error(c, ret_error, line,
			    "%s: a section must be a table, not a %s (for a variable write "
			    "\"local %s\")",
			    name, luaL_typename(c->lua, -1), name);
}

static int check_globals(struct config *c, char **ret_error)
{
	int err = 0;
	lua_rawgeti(c->lua, LUA_REGISTRYINDEX, c->sections);
	lua_pushnil(c->lua);
	while (lua_next(c->lua, -2)) {
		err = check_global(c, ret_error);
		if (err)
			break;
		lua_pop(c->lua, 1);
	}
	lua_settop(c->lua, 0);
	return err;
}

static int run(struct config *c, const char *text, size_t len, char **ret_error)
{
	c->most_bytes = (size_t)MOST_MEGABYTES << 20;
	int failed = luaL_loadbufferx(c->lua, text, len, "=" CHUNK, "t");
	c->most_bytes = 0;
	if (failed)
		return run_error(c, failed, ret_error);
	lua_newtable(c->lua);
	lua_pushvalue(c->lua, -1);
	c->sections = luaL_ref(c->lua, LUA_REGISTRYINDEX);
	lua_pushcfunction(c->lua, env);
	lua_setfield(c->lua, -2, "env");
	lua_setupvalue(c->lua, -2, 1);
	lua_sethook(c->lua, too_long, LUA_MASKCOUNT, MOST_INSTRUCTIONS);
	c->most_bytes = (size_t)MOST_MEGABYTES << 20;
	failed = lua_pcall(c->lua, 0, 0, 0);
	c->most_bytes = 0;
	lua_sethook(c->lua, NULL, 0, 0);
	if (failed)
		return run_error(c, failed, ret_error);
	lua_rawgeti(c->lua, LUA_REGISTRYINDEX, c->sections);
	lua_pushnil(c->lua);
	lua_setfield(c->lua, -2, "env");
	lua_pop(c->lua, 1);
	return check_globals(c, ret_error);
}

int config_run(struct config *c, const char *text, size_t len, char **ret_error)
{
	c->lua = lua_newstate(allocate, c);
	if (!c->lua)
		return config_error(c, ret_error, 0, "out of memory");
	return run(c, text, len, ret_error);
}
