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
	question_open(lua);
	lua_newtable(lua);
	await_open(lua, s->host->exports);
	values_open(lua);
	open_group(lua, "time", time_open);
	open_group(lua, "money", money_open);
	sandbox_read_only(lua);
	lua_setfield(lua, 1, "busbar");
	lua_pushcfunction(lua, environment_require);
	lua_setfield(lua, 1, "require");
	library_open(lua);
	s->base = luaL_ref(lua, LUA_REGISTRYINDEX);
	return 0;
}

int state_new(struct script_host *host, struct owner *owner, struct state **ret)
{
	struct state *s = mem_zalloc(sizeof *s);
	s->host = host;
	s->owner = owner;
	s->lua = lua_newstate(state_alloc, s);
	if (!s->lua) {
		state_free(s);
		return -ENOMEM;
	}
	memcpy(lua_getextraspace(s->lua), &s, sizeof(s));
	lua_pushcfunction(s->lua, open_state);
	if (lua_pcall(s->lua, 0, 0, 0)) {
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
	pool_empty(&s->pool);
	arena_free(s->spare);
	free(s);
}
