/* Everything that a script can reach and could change, as it was: is it still? Walks tables and the
 * upvalues of the script's functions. The library is read-only, and functions in C keep nothing. */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "script/state.h"

#define VALUES_MOST 1000 /* looking at more takes longer than making them again */

struct part {
	bool table;
	const void *metatable;
	int count; /* of its pairs or upvalues */
};

/* Lua holds two lists: the tables and functions, in order, and what is in them. */
struct snapshot {
	int objects, values; /* references */
	struct part *parts;  /* of the objects */
	int count, room;
};

struct walk {
	lua_State *lua;
	const char *const *chunks;
	int seen, objects, values; /* indices of tables */
	int object_count, value_count;
};

void snapshot_free(lua_State *lua, struct snapshot *s)
{
	if (!s)
		return;
	luaL_unref(lua, LUA_REGISTRYINDEX, s->objects);
	luaL_unref(lua, LUA_REGISTRYINDEX, s->values);
	free(s->parts);
	free(s);
}

static bool is_own_function(const struct walk *w)
{
	lua_Debug at;
	if (lua_iscfunction(w->lua, -1))
		return false;
	lua_pushvalue(w->lua, -1);
	lua_getinfo(w->lua, ">S", &at);
	for (const char *const *chunk = w->chunks; *chunk; chunk++)
		if (!strcmp(at.source + 1, *chunk))
			return true;
	return false;
}

static bool can_change(const struct walk *w)
{
	if (lua_isfunction(w->lua, -1))
		return is_own_function(w);
	if (!lua_istable(w->lua, -1))
		return false;
	if (luaL_getmetafield(w->lua, -1, "__newindex") == LUA_TNIL)
		return true;
	lua_pop(w->lua, 1);
	return false;
}

/* Pops a value; a table or a function that is new goes on the list. */
static void discover(struct walk *w)
{
	lua_State *lua = w->lua;
	if (!can_change(w)) {
		lua_pop(lua, 1);
		return;
	}
	lua_pushvalue(lua, -1);
	if (lua_rawget(lua, w->seen) == LUA_TNIL) {
		lua_pushvalue(lua, -2);
		lua_pushboolean(lua, 1);
		lua_rawset(lua, w->seen);
		lua_pushvalue(lua, -2);
		lua_rawseti(lua, w->objects, ++w->object_count);
	}
	lua_pop(lua, 2);
}

/* Pops a value and notes it. */
static void note(struct walk *w)
{
	lua_pushvalue(w->lua, -1);
	discover(w);
	lua_rawseti(w->lua, w->values, ++w->value_count);
}

static const void *metatable(lua_State *lua)
{
	if (!lua_getmetatable(lua, -1))
		return NULL;
	const void *found = lua_topointer(lua, -1);
	lua_pop(lua, 1);
	return found;
}

/* The object on top of the stack. */
static struct part look_into(struct walk *w)
{
	lua_State *lua = w->lua;
	struct part p = {.table = lua_istable(lua, -1)};
	if (!p.table) {
		for (; lua_getupvalue(lua, -1, p.count + 1); p.count++)
			note(w);
		return p;
	}
	p.metatable = metatable(lua);
	lua_pushnil(lua);
	for (; w->value_count <= VALUES_MOST && lua_next(lua, -2); p.count++) {
		lua_pushvalue(lua, -2);
		note(w);
		note(w);
	}
	return p;
}

static void add_part(struct snapshot *s, struct part p)
{
	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 16;
		s->parts = mem_realloc(s->parts, (size_t)s->room * sizeof *s->parts);
	}
	s->parts[s->count++] = p;
}

struct snapshot *snapshot_new(void)
{
	struct snapshot *s = mem_zalloc(sizeof *s);
	s->objects = s->values = LUA_NOREF;
	return s;
}

static int push_list(lua_State *lua, int *ret_ref)
{
	lua_newtable(lua);
	lua_pushvalue(lua, -1);
	*ret_ref = luaL_ref(lua, LUA_REGISTRYINDEX);
	return lua_gettop(lua);
}

bool snapshot_take(struct snapshot *s, lua_State *lua, const char *const *chunks)
{
	struct walk w = {.lua = lua, .chunks = chunks};
	int roots = lua_gettop(lua) - 1;
	luaL_checkstack(lua, 14, "too much is there");
	w.objects = push_list(lua, &s->objects);
	w.values = push_list(lua, &s->values);
	lua_newtable(lua);
	w.seen = lua_gettop(lua);
	lua_pushvalue(lua, roots);
	discover(&w);
	lua_pushvalue(lua, roots + 1);
	discover(&w);
	while (s->count < w.object_count && w.value_count <= VALUES_MOST) {
		lua_rawgeti(lua, w.objects, s->count + 1);
		add_part(s, look_into(&w));
		lua_settop(lua, w.seen);
	}
	lua_settop(lua, roots - 1);
	return w.value_count <= VALUES_MOST;
}

/* Of the two values on top, which are popped: nothing that a script could tell apart. */
static bool same(lua_State *lua)
{
	bool equal = lua_rawequal(lua, -1, -2);
	if (lua_type(lua, -1) == LUA_TNUMBER && equal) {
		lua_Number a = lua_tonumber(lua, -1), b = lua_tonumber(lua, -2);
		equal =
		    lua_isinteger(lua, -1) == lua_isinteger(lua, -2) && !memcmp(&a, &b, sizeof a);
	}
	lua_pop(lua, 2);
	return equal;
}

/* The table is on top of the stack, and stays there. */
static bool table_holds(lua_State *lua, const struct part *p, int values, int first)
{
	if (metatable(lua) != p->metatable)
		return false;
	lua_pushnil(lua);
	for (int i = 0; i < p->count; i++) {
		if (!lua_next(lua, -2))
			return false;
		lua_rawgeti(lua, values, first + 2 * i + 1);
		if (!same(lua))
			return false;
		lua_pushvalue(lua, -1);
		lua_rawgeti(lua, values, first + 2 * i);
		if (!same(lua))
			return false;
	}
	return !lua_next(lua, -2);
}

static bool function_holds(lua_State *lua, const struct part *p, int values, int first)
{
	for (int i = 0; i < p->count; i++) {
		lua_getupvalue(lua, -1, i + 1);
		lua_rawgeti(lua, values, first + i);
		if (!same(lua))
			return false;
	}
	return true;
}

bool snapshot_holds(const struct snapshot *s, lua_State *lua)
{
	bool holds = true;
	int top = lua_gettop(lua), value = 1;
	luaL_checkstack(lua, 8, "no room");
	lua_rawgeti(lua, LUA_REGISTRYINDEX, s->objects);
	lua_rawgeti(lua, LUA_REGISTRYINDEX, s->values);
	for (int i = 0; i < s->count && holds; i++) {
		const struct part *p = &s->parts[i];
		lua_rawgeti(lua, top + 1, i + 1);
		holds = p->table ? table_holds(lua, p, top + 2, value)
				 : function_holds(lua, p, top + 2, value);
		value += p->table ? 2 * p->count : p->count;
		lua_settop(lua, top + 2);
	}
	lua_settop(lua, top);
	return holds;
}
