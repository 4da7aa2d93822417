/* Library functions whose work the count hook does not see: each is charged for it as if it were
 * instructions, before it begins. */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lualib.h>

#include "script/state.h"

#define FOREVER INT64_MAX
/* What these take, in instructions of 4 ns. */
#define ARGUMENT_COST 8
#define ARGUMENTS_FREE 8
#define MOVE_COST 8
#define INTEGER_COST 75 /* to write one */
#define REAL_COST 250
#define DIGIT_COST 25  /* of a real number, beyond the usual ones */
#define QUOTED_COST 20 /* of one byte */
#define ELEMENTS 1000  /* between two charges */

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
	int n = lua_gettop(lua);
	return (int64_t)(bytes / BYTES_PER_INSTRUCTION) +
	       (n > ARGUMENTS_FREE ? ARGUMENT_COST * n : 0);
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
	return MOVE_COST * (int64_t)lua_rawlen(lua, 1) + texts(lua);
}

/* How many, or FOREVER. */
static int64_t count(lua_Integer first, lua_Integer last)
{
	int64_t n;
	if (last < first)
		return 0;
	return __builtin_sub_overflow(last, first, &n) || n >= FOREVER / MOVE_COST ? FOREVER
										   : n + 1;
}

/* From the argument `from` up to the next one, or as far as the list goes. */
static int64_t range(lua_State *lua, int from)
{
	return count(luaL_optinteger(lua, from, 1),
		     luaL_optinteger(lua, from + 1, (lua_Integer)lua_rawlen(lua, 1)));
}

static int64_t unpacked(lua_State *lua)
{
	return range(lua, 2);
}

/* Of writing the value on top of the stack, which it pops. */
static int64_t element(lua_State *lua)
{
	int64_t cost = 1;
	if (lua_type(lua, -1) == LUA_TNUMBER)
		cost = lua_isinteger(lua, -1) ? INTEGER_COST : REAL_COST;
	lua_pop(lua, 1);
	return cost;
}

static int64_t joined(lua_State *lua)
{
	luaL_checktype(lua, 1, LUA_TTABLE);
	int64_t first = luaL_optinteger(lua, 3, 1), n = range(lua, 3), cost = texts(lua);
	run_charge(lua, n);
	for (int64_t i = 0; i < n; i++) {
		lua_rawgeti(lua, 1, first + i);
		cost += element(lua);
		if (i % ELEMENTS)
			continue;
		run_charge(lua, cost);
		cost = 0;
	}
	return cost;
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
	int64_t n = count(luaL_checkinteger(lua, 2), luaL_checkinteger(lua, 3));
	return n == FOREVER ? n : MOVE_COST * n;
}

static int less(lua_State *lua)
{
	run_charge(lua, 1 + 4 * texts(lua));
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

/* Of writing the argument `i` by a conversion: `p` is at its flags, `kind` at its letter. */
static int64_t conversion(lua_State *lua, const char *p, const char *kind, int i)
{
	const char *point = memchr(p, '.', (size_t)(kind - p));
	if (*kind == 'q')
		return REAL_COST + QUOTED_COST * (int64_t)lua_rawlen(lua, i);
	if (!*kind || !strchr("aAeEfFgG", *kind))
		return INTEGER_COST;
	return REAL_COST + (point ? DIGIT_COST * (strtoll(point + 1, NULL, 10) % 100) : 0);
}

static int64_t conversions(lua_State *lua)
{
	int64_t cost = 0;
	const char *p = luaL_checkstring(lua, 1);
	for (int i = 2; (p = strchr(p, '%')); i++) {
		const char *kind = p + 1 + strspn(p + 1, "-+ #0123456789.");
		cost += conversion(lua, p + 1, kind, i);
		if (*kind == 'p')
			luaL_argerror(lua, 1, "%p is not allowed");
		if (*kind == '%')
			i--;
		p = kind + (*kind != '\0');
	}
	return cost;
}

/* No addresses: neither by %p nor as the text of a table. */
static int64_t formatted(lua_State *lua)
{
	int64_t cost = conversions(lua);
	for (int i = 2; i <= lua_gettop(lua); i++) {
		if (lua_type(lua, i) < LUA_TTABLE && !lua_islightuserdata(lua, i))
			continue;
		sandbox_text(lua, i);
		lua_replace(lua, i);
	}
	return cost + texts(lua);
}

static const struct guard string_guards[] = {
    {"byte", texts},  {"char", texts},   {"format", formatted}, {"len", texts},
    {"lower", texts}, {"rep", repeated}, {"reverse", texts},    {"sub", texts},
    {"upper", texts}, {NULL, NULL}};
static const struct guard table_guards[] = {
    {"concat", joined},  {"insert", inserted}, {"move", moved},      {"pack", texts},
    {"remove", removed}, {"sort", sorted},     {"unpack", unpacked}, {NULL, NULL}};
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
