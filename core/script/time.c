/* busbar.time: time zones for scripts. There is no os library. */
#include <lauxlib.h>

#include "base/clock.h"
#include "script/state.h"

#define SECONDS_MOST INT64_C(253402300799) /* the end of the year 9999 */

static int now(lua_State *lua)
{
	run_taint(lua);
	lua_pushinteger(lua, clock_now_ms() / 1000);
	return 1;
}

/* parse(text): seconds since 1970, or nil if it is not RFC 3339 with a zone. */
static int parse(lua_State *lua)
{
	size_t len;
	int64_t ms;
	const char *text = luaL_checklstring(lua, 1, &len);
	if (clock_parse(text, len, &ms))
		return 0;
	lua_pushinteger(lua, ms / 1000 - (ms % 1000 < 0));
	return 1;
}

static int64_t check_seconds(lua_State *lua, int index)
{
	int64_t s = luaL_checkinteger(lua, index);
	luaL_argcheck(lua, s >= -SECONDS_MOST && s <= SECONDS_MOST, index, "is out of range");
	return s;
}

static int format(lua_State *lua)
{
	char text[CLOCK_TEXT_SIZE];
	size_t len = clock_format_seconds(check_seconds(lua, 1) * 1000, text);
	lua_pushlstring(lua, text, len);
	return 1;
}

static const struct zone *check_zone(lua_State *lua, int index)
{
	const char *name = luaL_optstring(lua, index, "UTC");
	const struct zone *z = zones_find(state_of(lua)->host->zones, name);
	if (!z)
		luaL_error(lua, "unknown time zone '%s'", name);
	return z;
}

static void set(lua_State *lua, const char *name, int64_t v)
{
	lua_pushinteger(lua, v);
	lua_setfield(lua, -2, name);
}

/* at(seconds, zone): what clocks there show. */
static int at(lua_State *lua)
{
	struct zone_time t;
	run_charge(lua, 10);
	zone_local(check_zone(lua, 2), check_seconds(lua, 1), &t);
	lua_createtable(lua, 0, 9);
	set(lua, "year", t.year);
	set(lua, "month", t.month);
	set(lua, "day", t.day);
	set(lua, "hour", t.hour);
	set(lua, "minute", t.minute);
	set(lua, "second", t.second);
	set(lua, "weekday", t.weekday);
	set(lua, "offset_s", t.offset_s);
	lua_pushboolean(lua, t.dst);
	lua_setfield(lua, -2, "dst");
	return 1;
}

static int part(lua_State *lua, const char *name, int other)
{
	lua_getfield(lua, 1, name);
	if (lua_isnil(lua, -1) && other < 0)
		luaL_error(lua, "the time has no %s", name);
	int whole;
	lua_Integer v = lua_tointegerx(lua, -1, &whole);
	if (lua_isnil(lua, -1))
		v = other;
	else if (!whole || v < -1000000 || v > 1000000)
		luaL_error(lua, "%s of the time is not a whole number in range", name);
	lua_pop(lua, 1);
	return (int)v;
}

/* seconds({year, month, day, hour, minute, second}, zone): when clocks there show that. */
static int seconds(lua_State *lua)
{
	run_charge(lua, 10);
	luaL_checktype(lua, 1, LUA_TTABLE);
	const struct zone *z = check_zone(lua, 2);
	struct zone_time t = {.year = part(lua, "year", -1),
			      .month = part(lua, "month", -1),
			      .day = part(lua, "day", -1),
			      .hour = part(lua, "hour", 0),
			      .minute = part(lua, "minute", 0),
			      .second = part(lua, "second", 0)};
	lua_pushinteger(lua, zone_utc(z, &t));
	return 1;
}

void time_open(lua_State *lua)
{
	static const luaL_Reg functions[] = {{"now", now}, {"parse", parse},     {"format", format},
					     {"at", at},   {"seconds", seconds}, {NULL, NULL}};
	luaL_setfuncs(lua, functions, 0);
}
