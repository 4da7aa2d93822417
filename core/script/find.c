/* string.find, match, gmatch and gsub, as Lua's manual has them. */
#define _GNU_SOURCE
#include <string.h>

#include <lauxlib.h>

#include "script/pattern.h"
#include "script/state.h"

/* A 1-based, maybe negative, position as an offset; beyond the end: len + 1. */
static size_t offset_of(int64_t position, size_t len)
{
	if (position > 0)
		return (size_t)position - 1;
	if (position == 0 || position < -(int64_t)len)
		return 0;
	return len - (size_t)-position;
}

/* Nothing but characters that stand for themselves: as in Lua, a lone ')' counts as one. */
static bool is_plain(const char *p, size_t len)
{
	for (; len; p++, len--)
		if (*p && strchr("^$*+?.([%-", *p))
			return false;
	return true;
}

static bool take_anchor(struct match *m)
{
	if (m->pattern == m->pattern_end || *m->pattern != '^')
		return false;
	m->pattern++;
	return true;
}

static int find_plain(lua_State *lua, const char *s, size_t len, const char *p, size_t plen,
		      size_t from)
{
	run_charge(lua, (int64_t)((len + plen) / 16));
	const char *at = memmem(s + from, len - from, p, plen);
	if (!at) {
		lua_pushnil(lua);
		return 1;
	}
	lua_pushinteger(lua, at - s + 1);
	lua_pushinteger(lua, at - s + (lua_Integer)plen);
	return 2;
}

/* The first match from `s` on; its start, and its end in *ret_end. */
static const char *search(struct match *m, const char *s, bool anchored, const char **ret_end)
{
	for (; s <= m->subject_end; s++) {
		*ret_end = pattern_match(m, s);
		if (*ret_end)
			return s;
		if (anchored)
			return NULL;
	}
	return NULL;
}

static int find_or_match(lua_State *lua, bool find)
{
	size_t len, plen;
	const char *s = luaL_checklstring(lua, 1, &len), *p = luaL_checklstring(lua, 2, &plen),
		   *end;
	size_t from = offset_of(luaL_optinteger(lua, 3, 1), len);
	if (from > len) {
		lua_pushnil(lua);
		return 1;
	}
	if (find && (lua_toboolean(lua, 4) || is_plain(p, plen)))
		return find_plain(lua, s, len, p, plen, from);
	struct match m;
	pattern_prepare(&m, lua, s, len, p, plen);
	bool anchored = take_anchor(&m);
	const char *start = search(&m, s + from, anchored, &end);
	if (!start) {
		lua_pushnil(lua);
		return 1;
	}
	if (!find)
		return pattern_push_captures(&m, start, end);
	lua_pushinteger(lua, start - s + 1);
	lua_pushinteger(lua, end - s);
	return pattern_push_captures(&m, NULL, NULL) + 2;
}

static int find(lua_State *lua)
{
	return find_or_match(lua, true);
}

static int match_one(lua_State *lua)
{
	return find_or_match(lua, false);
}

/* Upvalues: subject, pattern, offset to go on from, end of the latest match (-1: none yet). */
static int next_match(lua_State *lua)
{
	size_t len, plen;
	const char *s = lua_tolstring(lua, lua_upvalueindex(1), &len), *end;
	const char *p = lua_tolstring(lua, lua_upvalueindex(2), &plen);
	lua_Integer from = lua_tointeger(lua, lua_upvalueindex(3));
	lua_Integer latest = lua_tointeger(lua, lua_upvalueindex(4));
	struct match m;
	run_charge(lua, 1);
	pattern_prepare(&m, lua, s, len, p, plen);
	for (const char *at = s + from; at <= m.subject_end; at = at + 1) {
		at = search(&m, at, false, &end);
		if (!at)
			break;
		if (end - s == latest)
			continue;
		lua_pushinteger(lua, end - s);
		lua_copy(lua, -1, lua_upvalueindex(3));
		lua_replace(lua, lua_upvalueindex(4));
		return pattern_push_captures(&m, at, end);
	}
	lua_pushinteger(lua, (lua_Integer)len + 1);
	lua_replace(lua, lua_upvalueindex(3));
	return 0;
}

static int gmatch(lua_State *lua)
{
	size_t len;
	luaL_checklstring(lua, 1, &len);
	luaL_checkstring(lua, 2);
	run_taint(lua);
	size_t from = offset_of(luaL_optinteger(lua, 3, 1), len);
	lua_settop(lua, 2);
	lua_pushinteger(lua, (lua_Integer)(from > len ? len + 1 : from));
	lua_pushinteger(lua, -1);
	lua_pushcclosure(lua, next_match, 4);
	return 1;
}

/* A replacement text: %0 the match, %1 to %9 captures, %% a percent sign. */
static void add_text(struct match *m, luaL_Buffer *b, const char *start, const char *end)
{
	size_t len;
	const char *text = lua_tolstring(m->lua, 3, &len), *stop = text + len;
	run_charge(m->lua, (int64_t)len);
	for (; text < stop; text++) {
		if (*text != '%') {
			luaL_addchar(b, *text);
			continue;
		}
		text++;
		if (text < stop && *text == '%') {
			luaL_addchar(b, '%');
		} else if (text < stop && *text == '0') {
			luaL_addlstring(b, start, (size_t)(end - start));
		} else if (text < stop && *text >= '1' && *text <= '9') {
			pattern_push_capture(m, *text - '1', start, end);
			luaL_addvalue(b);
		} else {
			luaL_error(m->lua, "invalid use of '%%' in replacement string");
		}
	}
}

/* A table's or a function's answer; false or nil keeps the match. */
static void add_answer(struct match *m, luaL_Buffer *b, int type, const char *start,
		       const char *end)
{
	lua_State *lua = m->lua;
	if (type == LUA_TTABLE) {
		pattern_push_capture(m, 0, start, end);
		lua_gettable(lua, 3);
	} else {
		lua_pushvalue(lua, 3);
		lua_call(lua, pattern_push_captures(m, start, end), 1);
	}
	if (!lua_toboolean(lua, -1)) {
		lua_pop(lua, 1);
		luaL_addlstring(b, start, (size_t)(end - start));
	} else if (lua_isstring(lua, -1)) {
		luaL_addvalue(b);
	} else {
		luaL_error(lua, "invalid replacement value (a %s)", luaL_typename(lua, -1));
	}
}

static int gsub(lua_State *lua)
{
	size_t len, plen;
	const char *s = luaL_checklstring(lua, 1, &len), *p = luaL_checklstring(lua, 2, &plen);
	int type = lua_type(lua, 3);
	int64_t most = luaL_optinteger(lua, 4, (lua_Integer)len + 1), n = 0;
	luaL_argexpected(lua,
			 type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TTABLE ||
			     type == LUA_TFUNCTION,
			 3, "string/function/table");
	struct match m;
	luaL_Buffer b;
	pattern_prepare(&m, lua, s, len, p, plen);
	bool anchored = take_anchor(&m);
	const char *at = s, *latest = NULL, *end;
	luaL_buffinit(lua, &b);
	while (n < most) {
		end = pattern_match(&m, at);
		if (end && end != latest) {
			n++;
			if (type == LUA_TTABLE || type == LUA_TFUNCTION)
				add_answer(&m, &b, type, at, end);
			else
				add_text(&m, &b, at, end);
			at = latest = end;
		} else if (at < m.subject_end) {
			luaL_addchar(&b, *at++);
		} else {
			break;
		}
		if (anchored)
			break;
	}
	luaL_addlstring(&b, at, (size_t)(m.subject_end - at));
	luaL_pushresult(&b);
	lua_pushinteger(lua, n);
	return 2;
}

void pattern_open(lua_State *lua)
{
	static const luaL_Reg functions[] = {
	    {"find", find}, {"match", match_one}, {"gmatch", gmatch}, {"gsub", gsub}, {NULL, NULL}};
	luaL_setfuncs(lua, functions, 0);
}
