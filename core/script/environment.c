/* What a call's script sees as its globals, and the modules that it has loaded. It is made by
 * running the script's top level; where that depends on nothing but the script, and the call
 * changes nothing, the next call gets it instead of one that would be just like it. */
#include <stdlib.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "script/state.h"

#define COST 10     /* instructions */
#define VAIN_MOST 3 /* so often a script's environments were of no use any more */

/* The parts of an environment, a table. */
enum {
	GLOBALS = 1,
	HOLDER,  /* a function whose upvalue has the globals */
	MODULES, /* compiled, by name; nil if there are none */
	LOADED,  /* what they have returned */
};

struct environment *environment_take(struct compiled *c)
{
	struct environment *e = c->idle;
	c->idle = NULL;
	return e;
}

void environment_free(lua_State *lua, struct environment *e)
{
	if (!e)
		return;
	luaL_unref(lua, LUA_REGISTRYINDEX, e->ref);
	snapshot_free(lua, e->before);
	free(e);
}

/* One that has come out of its call as it went in serves the next. */
void environment_give_back(struct run *r)
{
	struct environment *e = r->environment;
	struct compiled *c = e && e->unchanged ? compile_find(r->state, &r->script) : NULL;
	r->environment = NULL;
	if (c && c->serial == e->serial && !c->idle) {
		e->unchanged = false;
		c->idle = e;
		c->vain = 0;
	} else {
		environment_free(r->state->lua, e);
	}
}

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

void environment_make(struct run *r, lua_State *lua, const struct compiled *c)
{
	lua_rawgeti(lua, LUA_REGISTRYINDEX, c->ref);
	int main = lua_gettop(lua), environment = main + 1;
	lua_createtable(lua, LOADED, 0);
	push_globals(r->state, lua);
	push_holder(lua, environment + 1);
	lua_upvaluejoin(lua, main, 1, -1, 1);
	lua_rawseti(lua, environment, HOLDER);
	lua_rawseti(lua, environment, GLOBALS);
	lua_rawgeti(lua, LUA_REGISTRYINDEX, c->modules);
	lua_rawseti(lua, environment, MODULES);
	lua_newtable(lua);
	lua_rawseti(lua, environment, LOADED);
	r->environment = mem_zalloc(sizeof *r->environment);
	r->environment->serial = c->serial;
	r->environment->ref = LUA_NOREF;
	r->environment->ref = luaL_ref(lua, LUA_REGISTRYINDEX);
}

static void push_part(lua_State *lua, const struct environment *e, int part)
{
	lua_rawgeti(lua, LUA_REGISTRYINDEX, e->ref);
	lua_rawgeti(lua, -1, part);
	lua_remove(lua, -2);
}

void environment_globals(lua_State *lua, const struct environment *e)
{
	push_part(lua, e, GLOBALS);
}

void environment_remember(struct run *r, lua_State *lua, struct compiled *c)
{
	struct environment *e = r->environment;
	if (r->tainted || c->vain >= VAIN_MOST)
		return;
	c->vain++;
	e->before = snapshot_new();
	push_part(lua, e, GLOBALS);
	push_part(lua, e, LOADED);
	e->complete = snapshot_take(e->before, lua, r->chunks);
}

void environment_look(lua_State *lua, struct environment *e)
{
	e->unchanged = e->complete && snapshot_holds(e->before, lua);
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
	for (int level = 1;
	     level < CYCLE_MOST && lua_getstack(lua, level, &at) && lua_getinfo(lua, "f", &at);
	     level++) {
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
	lua_rawgeti(lua, LUA_REGISTRYINDEX, r->environment->ref);
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
