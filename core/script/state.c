#include "script/state.h"

#include <errno.h>
#include <stdlib.h>

#include <lauxlib.h>
#include <lualib.h>

#include "base/arena.h"

struct state *state_of(lua_State *lua)
{
	struct state *s;
	memcpy(&s, lua_getextraspace(lua), sizeof(s));
	return s;
}

/* Runs a library and leaves the table it returns, read-only. */
static void load_library(lua_State *lua, const struct library *l)
{
	const char *chunk = lua_pushfstring(lua, "=%s", l->name);
	if (luaL_loadbufferx(lua, l->text, l->len, chunk, "t"))
		lua_error(lua);
	lua_remove(lua, -2);
	lua_pushvalue(lua, 1);
	lua_setupvalue(lua, -2, 1);
	lua_call(lua, 0, 1);
	if (!lua_istable(lua, -1))
		luaL_error(lua, "%s.lua does not return a table", l->name);
	sandbox_read_only(lua);
}

/* busbar.<name>, of the table on top. */
static void open_group(lua_State *lua, const char *name, void (*open)(lua_State *))
{
	lua_newtable(lua);
	open(lua);
	sandbox_read_only(lua);
	lua_setfield(lua, -2, name);
}

static int open_state(lua_State *lua)
{
	struct state *s = state_of(lua);
	sandbox_open(lua);
	lua_newtable(lua);
	await_open(lua, s->host->exports);
	values_open(lua);
	open_group(lua, "time", time_open);
	open_group(lua, "money", money_open);
	sandbox_read_only(lua);
	lua_setfield(lua, 1, "busbar");
	for (const struct library *l = s->host->libraries; l; l = l->next) {
		load_library(lua, l);
		lua_setfield(lua, 1, l->name);
	}
	s->base = luaL_ref(lua, LUA_REGISTRYINDEX);
	return 0;
}

int state_new(struct script_host *host, const char *operator_id, struct state **ret,
	      char **ret_error)
{
	struct state *s = mem_zalloc(sizeof *s);
	s->host = host;
	s->operator_id = mem_strdup(operator_id);
	s->lua = lua_newstate(state_alloc, s);
	if (!s->lua) {
		state_free(s);
		return -ENOMEM;
	}
	memcpy(lua_getextraspace(s->lua), &s, sizeof(s));
	lua_pushcfunction(s->lua, open_state);
	if (lua_pcall(s->lua, 0, 0, 0)) {
		if (ret_error && lua_isstring(s->lua, -1))
			*ret_error = mem_strdup(lua_tostring(s->lua, -1));
		state_free(s);
		return -ENOMEM;
	}
	*ret = s;
	return 0;
}

void state_free(struct state *s)
{
	if (!s)
		return;
	while (s->runs)
		run_finish(s->runs, -ECANCELED, NULL);
	if (s->lua) {
		compile_forget(s);
		lua_close(s->lua);
	}
	free(s->operator_id);
	free(s);
}
