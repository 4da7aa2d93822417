/* What a call's script sees as its globals, and the modules that it has loaded. */
#include <lauxlib.h>

#include "script/state.h"

#define COST 10 /* instructions */

/* The parts of an environment, a table that the run holds. */
enum {
	GLOBALS = 1,
	HOLDER,  /* a function whose upvalue has the globals */
	MODULES, /* compiled, by name; nil if there are none */
	LOADED,  /* what they have returned */
};

static void push_globals(struct state *s, lua_State *lua)
{
	lua_newtable(lua);
	lua_createtable(lua, 0, 2);
	lua_rawgeti(lua, LUA_REGISTRYINDEX, s->base);
	lua_setfield(lua, -2, "__index");
	lua_pushboolean(lua, 0);
	lua_setfield(lua, -2, "__metatable");
	lua_setmetatable(lua, -2);
}

/* A function that has never run, only to hold its upvalue. */
static void push_holder(lua_State *lua, int globals)
{
	if (luaL_loadbufferx(lua, "", 0, "=", "t"))
		lua_error(lua);
	lua_pushvalue(lua, globals);
	lua_setupvalue(lua, -2, 1);
}

void environment_open(struct run *r, lua_State *lua)
{
	int modules = lua_gettop(lua), main = modules - 1;
	lua_createtable(lua, LOADED, 0);
	push_globals(r->state, lua);
	push_holder(lua, modules + 2);
	lua_upvaluejoin(lua, main, 1, -1, 1);
	lua_rawseti(lua, modules + 1, HOLDER);
	lua_rawseti(lua, modules + 1, GLOBALS);
	lua_pushvalue(lua, modules);
	lua_rawseti(lua, modules + 1, MODULES);
	lua_newtable(lua);
	lua_rawseti(lua, modules + 1, LOADED);
	r->environment = luaL_ref(lua, LUA_REGISTRYINDEX);
	lua_pop(lua, 1);
}

void environment_globals(struct run *r, lua_State *lua)
{
	lua_rawgeti(lua, LUA_REGISTRYINDEX, r->environment);
	lua_rawgeti(lua, -1, GLOBALS);
	lua_remove(lua, -2);
}

/* The name of the running function if it is a module's top level; `modules` is an index. */
static const char *running_module(lua_State *lua, int modules)
{
	const char *name = NULL;
	lua_pushnil(lua);
	while (!name && lua_next(lua, modules)) {
		if (lua_rawequal(lua, -1, -3))
			name = lua_tostring(lua, -2);
		lua_pop(lua, name ? 2 : 1);
	}
	return name;
}

/* Is the module on top of the stack running already? Then whoever asks for it came out of it. */
static void refuse_cycle(lua_State *lua, const char *name, int modules)
{
	lua_Debug at;
	const char *asking = NULL;
	int module = lua_gettop(lua);
	for (int level = 1; lua_getstack(lua, level, &at) && lua_getinfo(lua, "f", &at); level++) {
		if (!asking)
			asking = running_module(lua, modules);
		if (lua_rawequal(lua, -1, module))
			luaL_error(lua, "the modules \"%s\" and \"%s\" need each other", name,
				   asking);
		lua_pop(lua, 1);
	}
}

/* Runs the module on top of the stack in the call's environment; what it returns takes its place.
 */
static void run_module(lua_State *lua, int environment)
{
	lua_rawgeti(lua, environment, HOLDER);
	lua_upvaluejoin(lua, -2, 1, -1, 1);
	lua_pop(lua, 1);
	lua_call(lua, 0, 1);
	if (!lua_isnil(lua, -1))
		return;
	lua_pop(lua, 1);
	lua_pushboolean(lua, 1);
}

/* Pushes what the caller's module of that name has returned; false: there is none. */
static bool push_module(struct run *r, lua_State *lua, const char *name)
{
	lua_rawgeti(lua, LUA_REGISTRYINDEX, r->environment);
	int environment = lua_gettop(lua), modules = environment + 1, loaded = environment + 2;
	if (lua_rawgeti(lua, environment, MODULES) != LUA_TTABLE)
		return false;
	lua_rawgeti(lua, environment, LOADED);
	if (lua_getfield(lua, loaded, name) != LUA_TNIL)
		return true;
	if (lua_getfield(lua, modules, name) != LUA_TFUNCTION)
		return false;
	refuse_cycle(lua, name, modules);
	run_module(lua, environment);
	lua_pushvalue(lua, -1);
	lua_setfield(lua, loaded, name);
	return true;
}

int environment_require(lua_State *lua)
{
	size_t len;
	const char *name = luaL_checklstring(lua, 1, &len);
	struct run *r = state_of(lua)->current;
	luaL_argcheck(lua, strlen(name) == len, 1, "has a zero byte");
	lua_settop(lua, 1);
	run_charge(lua, COST);
	if ((r && push_module(r, lua, name)) || library_push(lua, name))
		return 1;
	return luaL_error(lua, "there is no module \"%s\"", name);
}
