/* What a script finds: an allow-list. Nothing else of Lua is reachable from there, and nothing
 * there can be written to. */
#include <errno.h>

#include <lauxlib.h>
#include <lualib.h>

#include "base/log.h"
#include "script/state.h"

#define PRINT_COST 1000 /* of a line, and of each value in it */
#define PRINT_MOST 1000 /* bytes of it that the log gets */

/* Free of side effects, and their work is bounded by their arguments' number. */
static const char *const base_names[] = {"assert", "error", "ipairs", "select", "type", NULL};
/* Without random numbers: a price can be computed again. */
static const char *const math_names[] = {
    "abs",  "acos", "asin", "atan", "ceil",       "cos",  "deg",        "exp",  "floor",
    "fmod", "huge", "log",  "max",  "maxinteger", "min",  "mininteger", "modf", "pi",
    "rad",  "sin",  "sqrt", "tan",  "tointeger",  "type", "ult",        NULL};

static int refuse_write(lua_State *lua)
{
	return luaL_error(lua, "this table is read-only");
}

/* Whatever is behind the read-only table at 1. */
static void push_real(lua_State *lua)
{
	luaL_checktype(lua, 1, LUA_TTABLE);
	if (luaL_getmetafield(lua, 1, "__index") != LUA_TTABLE)
		luaL_argerror(lua, 1, "is not a read-only table");
}

static int length(lua_State *lua)
{
	push_real(lua);
	lua_pushinteger(lua, (lua_Integer)lua_rawlen(lua, -1));
	return 1;
}

static int next_pair(lua_State *lua)
{
	lua_settop(lua, 2);
	push_real(lua);
	lua_insert(lua, 2);
	return lua_next(lua, 2) ? 2 : 0;
}

static int all_pairs(lua_State *lua)
{
	lua_settop(lua, 1);
	lua_pushcfunction(lua, next_pair);
	lua_insert(lua, 1);
	return 2;
}

void sandbox_read_only(lua_State *lua)
{
	static const luaL_Reg methods[] = {
	    {"__newindex", refuse_write}, {"__len", length}, {"__pairs", all_pairs}, {NULL, NULL}};
	lua_newtable(lua);
	lua_createtable(lua, 0, 5);
	luaL_setfuncs(lua, methods, 0);
	lua_pushvalue(lua, -3);
	lua_setfield(lua, -2, "__index");
	lua_pushboolean(lua, 0);
	lua_setfield(lua, -2, "__metatable");
	lua_setmetatable(lua, -2);
	lua_remove(lua, -2);
}

static void freeze_table(lua_State *lua, int seen);

/* Puts read-only tables in the place of the tables in the one on top of the stack. */
static void freeze_members(lua_State *lua, int seen)
{
	int table = lua_gettop(lua);
	luaL_checkstack(lua, 8, "a library is nested too deep");
	lua_pushnil(lua);
	while (lua_next(lua, table)) {
		if (!lua_istable(lua, -1) || luaL_getmetafield(lua, -1, "__newindex")) {
			lua_settop(lua, table + 1);
			continue;
		}
		freeze_table(lua, seen);
		lua_pushvalue(lua, -2);
		lua_insert(lua, -2);
		lua_rawset(lua, table);
	}
}

/* The table on top of the stack gives way to the read-only one, the same each time. */
static void freeze_table(lua_State *lua, int seen)
{
	lua_pushvalue(lua, -1);
	if (lua_rawget(lua, seen) != LUA_TNIL) {
		lua_remove(lua, -2);
		return;
	}
	lua_pop(lua, 1);
	lua_pushvalue(lua, -1);
	sandbox_read_only(lua);
	lua_pushvalue(lua, -2);
	lua_pushvalue(lua, -2);
	lua_rawset(lua, seen);
	lua_insert(lua, -2);
	freeze_members(lua, seen);
	lua_pop(lua, 1);
}

void sandbox_freeze(lua_State *lua)
{
	lua_newtable(lua);
	lua_insert(lua, -2);
	freeze_table(lua, lua_gettop(lua) - 1);
	lua_remove(lua, -2);
}

/* Numbers, texts and truth values as Lua writes them; of the rest only the kind, never an address.
 */
void sandbox_text(lua_State *lua, int index)
{
	if (lua_islightuserdata(lua, index))
		lua_pushliteral(lua, "null");
	else if (lua_type(lua, index) >= LUA_TTABLE)
		lua_pushstring(lua, luaL_typename(lua, index));
	else
		luaL_tolstring(lua, index, NULL);
}

static int to_string(lua_State *lua)
{
	luaL_checkany(lua, 1);
	sandbox_text(lua, 1);
	return 1;
}

static int print(lua_State *lua)
{
	const struct state *s = state_of(lua);
	luaL_Buffer b;
	int n = lua_gettop(lua);
	run_taint(lua);
	run_charge(lua, PRINT_COST * (n + 1));
	luaL_buffinit(lua, &b);
	for (int i = 1; i <= n; i++) {
		if (i > 1)
			luaL_addchar(&b, '\t');
		sandbox_text(lua, i);
		luaL_addvalue(&b);
	}
	luaL_pushresult(&b);
	log_line(BB_DEBUG, "script", "%s: %.*s", s->owner->operator_id, PRINT_MOST,
		 lua_tostring(lua, -1));
	return 0;
}

/* May a script see the error on top of the stack? Not that of a broken limit. */
static void let_limits_through(lua_State *lua, int status)
{
	struct run *r = state_of(lua)->current;
	if (status == LUA_ERRMEM)
		run_break(lua, -ENOMEM);
	if (r && r->broken)
		lua_error(lua);
}

static int pcall_ended(lua_State *lua, int status, lua_KContext context)
{
	(void)context;
	if (status == LUA_OK || status == LUA_YIELD)
		return lua_gettop(lua);
	let_limits_through(lua, status);
	lua_pushboolean(lua, 0);
	lua_insert(lua, -2);
	return 2;
}

static int protected_call(lua_State *lua)
{
	luaL_checkany(lua, 1);
	lua_pushboolean(lua, 1);
	lua_insert(lua, 1);
	return pcall_ended(lua,
			   lua_pcallk(lua, lua_gettop(lua) - 2, LUA_MULTRET, 0, 0, pcall_ended), 0);
}

/* The handler runs after the failed call is off the stack: a handler that runs within an error is
 * run by Lua with no instruction counted. */
static int xpcall_ended(lua_State *lua, int status, lua_KContext context)
{
	(void)context;
	if (status == LUA_OK || status == LUA_YIELD) {
		lua_pushboolean(lua, 1);
		lua_replace(lua, 1);
		return lua_gettop(lua);
	}
	let_limits_through(lua, status);
	lua_pushvalue(lua, 1);
	lua_insert(lua, -2);
	status = lua_pcall(lua, 1, 1, 0);
	if (status != LUA_OK)
		let_limits_through(lua, status);
	lua_pushboolean(lua, 0);
	lua_insert(lua, -2);
	return 2;
}

static int protected_call_with_handler(lua_State *lua)
{
	luaL_checktype(lua, 2, LUA_TFUNCTION);
	lua_pushvalue(lua, 1);
	lua_pushvalue(lua, 2);
	lua_replace(lua, 1);
	lua_replace(lua, 2);
	return xpcall_ended(
	    lua, lua_pcallk(lua, lua_gettop(lua) - 2, LUA_MULTRET, 0, 0, xpcall_ended), 0);
}

/* From the library on top of the stack into the table below it. */
static void allow(lua_State *lua, const char *const *names)
{
	for (; *names; names++) {
		lua_getfield(lua, -1, *names);
		lua_setfield(lua, -3, *names);
	}
	lua_pop(lua, 1);
}

static void open_math(lua_State *lua)
{
	lua_newtable(lua);
	luaL_requiref(lua, "math", luaopen_math, 0);
	allow(lua, math_names);
	sandbox_read_only(lua);
	lua_setfield(lua, -2, "math");
}

void sandbox_open(lua_State *lua)
{
	static const luaL_Reg own[] = {{"pcall", protected_call},
				       {"xpcall", protected_call_with_handler},
				       {"tostring", to_string},
				       {"print", print},
				       {NULL, NULL}};
	lua_newtable(lua);
	luaL_requiref(lua, "_G", luaopen_base, 0);
	allow(lua, base_names);
	luaL_setfuncs(lua, own, 0);
	open_math(lua);
	guard_open(lua);
}
