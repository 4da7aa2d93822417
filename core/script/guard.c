/* Library functions whose work the count hook does not see: each is charged for it as if it were
 * instructions, before it begins. */
#include <lauxlib.h>
#include <lualib.h>

#include "script/state.h"

#define BYTES_PER_INSTRUCTION 16
#define FOREVER INT64_MAX

typedef int64_t cost_fn(lua_State *);

struct guard {
	const char *name;
	cost_fn *cost;
};

static int64_t texts(lua_State *lua)
{
	size_t bytes = 0;
	for (int i = 1; i <= lua_gettop(lua); i++)
		if (lua_type(lua, i) == LUA_TSTRING)
			bytes += lua_rawlen(lua, i);
	return (int64_t)(bytes / BYTES_PER_INSTRUCTION);
}

static int64_t repeated(lua_State *lua)
{
	int64_t n = luaL_checkinteger(lua, 2), cost;
	int64_t bytes = (int64_t)(lua_rawlen(lua, 1) + lua_rawlen(lua, 3));
	if (n <= 0)
		return 0;
	return __builtin_mul_overflow(n, bytes / BYTES_PER_INSTRUCTION + 1, &cost) ? FOREVER : cost;
}

static int64_t list(lua_State *lua)
{
	return (int64_t)lua_rawlen(lua, 1) + texts(lua);
}

/* At the end nothing moves. */
static int64_t inserted(lua_State *lua)
{
	return lua_gettop(lua) > 2 ? list(lua) : 0;
}

static int64_t removed(lua_State *lua)
{
	return lua_gettop(lua) > 1 ? list(lua) : 0;
}

static int64_t moved(lua_State *lua)
{
	int64_t from = luaL_checkinteger(lua, 2), to = luaL_checkinteger(lua, 3), n;
	if (to < from)
		return 0;
	return __builtin_sub_overflow(to, from, &n) ? FOREVER : n;
}

static int less(lua_State *lua)
{
	run_charge(lua, 1 + texts(lua));
	lua_pushboolean(lua, lua_compare(lua, 1, 2, LUA_OPLT));
	return 1;
}

/* Sorting compares in Lua or in less(): both are counted. */
static int64_t sorted(lua_State *lua)
{
	if (lua_isnoneornil(lua, 2)) {
		lua_settop(lua, 1);
		lua_pushcfunction(lua, less);
	}
	return list(lua);
}

/* No addresses: neither by %p nor as the text of a table. */
static int64_t formatted(lua_State *lua)
{
	const char *p = luaL_checkstring(lua, 1);
	while ((p = strchr(p, '%'))) {
		p += 1 + strspn(p + 1, "-+ #0123456789.");
		if (*p == 'p')
			luaL_argerror(lua, 1, "%p is not allowed");
		if (*p)
			p++;
	}
	for (int i = 2; i <= lua_gettop(lua); i++) {
		if (lua_type(lua, i) < LUA_TTABLE && !lua_islightuserdata(lua, i))
			continue;
		sandbox_text(lua, i);
		lua_replace(lua, i);
	}
	return texts(lua);
}

static const struct guard string_guards[] = {
    {"byte", texts},  {"char", texts},   {"format", formatted}, {"len", texts},
    {"lower", texts}, {"rep", repeated}, {"reverse", texts},    {"sub", texts},
    {"upper", texts}, {NULL, NULL}};
static const struct guard table_guards[] = {
    {"concat", list},    {"insert", inserted}, {"move", moved},  {"pack", texts},
    {"remove", removed}, {"sort", sorted},     {"unpack", list}, {NULL, NULL}};
static const struct guard utf8_guards[] = {{"char", texts}, {"codepoint", texts}, {"codes", texts},
					   {"len", texts},  {"offset", texts},    {NULL, NULL}};
static const struct guard base_guards[] = {{"tonumber", texts}, {NULL, NULL}};

/* The upvalues: the guard and the library's function. Calling that as a C function, not through
 * Lua, leaves error messages as they are. */
static int guarded(lua_State *lua)
{
	const struct guard *g = lua_touserdata(lua, lua_upvalueindex(1));
	lua_CFunction original = lua_tocfunction(lua, lua_upvalueindex(2));
	int64_t cost = g->cost(lua);
	run_charge(lua, cost < FOREVER ? cost + 1 : cost);
	return original(lua);
}

/* From the library on top of the stack into the table below it. */
static void wrap(lua_State *lua, const struct guard *guards)
{
	for (const struct guard *g = guards; g->name; g++) {
		lua_pushlightuserdata(lua, (void *)g);
		lua_getfield(lua, -2, g->name);
		lua_pushcclosure(lua, guarded, 2);
		lua_setfield(lua, -3, g->name);
	}
}

static void open_library(lua_State *lua, const char *name, lua_CFunction opener,
			 const struct guard *guards)
{
	lua_newtable(lua);
	luaL_requiref(lua, name, opener, 0);
	wrap(lua, guards);
	lua_pop(lua, 1);
}

/* The methods of strings are these functions, too. */
static void open_strings(lua_State *lua)
{
	open_library(lua, "string", luaopen_string, string_guards);
	pattern_open(lua);
	lua_pushliteral(lua, "");
	lua_getmetatable(lua, -1);
	lua_pushvalue(lua, -3);
	lua_setfield(lua, -2, "__index");
	lua_pop(lua, 2);
	sandbox_read_only(lua);
	lua_setfield(lua, -2, "string");
}

void guard_open(lua_State *lua)
{
	luaL_requiref(lua, "_G", luaopen_base, 0);
	wrap(lua, base_guards);
	lua_pop(lua, 1);
	open_strings(lua);
	open_library(lua, "table", luaopen_table, table_guards);
	sandbox_read_only(lua);
	lua_setfield(lua, -2, "table");
	open_library(lua, "utf8", luaopen_utf8, utf8_guards);
	sandbox_read_only(lua);
	lua_setfield(lua, -2, "utf8");
}
