/* core.json_decode(text) -> value, or nil and a reason; core.json_encode(value).
 * JSON null is core.null. Decoded arrays carry core.array as their metatable, so that empty ones
 * are written as arrays again; any other empty table is written as an object. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "script.h"
#include "json/json.h"

#define MAX_DEPTH 64
static char null_mark;

static void push_value(lua_State *L, const struct bb_json *v)
{
	luaL_checkstack(L, 6, "nested too deeply");
	switch ((enum bb_json_type)v->type) {
	case BB_JSON_NULL:
		lua_pushlightuserdata(L, &null_mark);
		return;
	case BB_JSON_BOOL:
		lua_pushboolean(L, v->b);
		return;
	case BB_JSON_INT:
		lua_pushinteger(L, v->i);
		return;
	case BB_JSON_REAL:
		lua_pushnumber(L, v->f);
		return;
	case BB_JSON_STRING:
		lua_pushlstring(L, v->s, v->len);
		return;
	case BB_JSON_ARRAY:
		lua_createtable(L, (int)v->len, 0);
		for (uint32_t i = 0; i < v->len; i++) {
			push_value(L, &v->items[i]);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		}
		luaL_setmetatable(L, "sim.array");
		return;
	case BB_JSON_OBJECT:
		lua_createtable(L, 0, (int)v->len);
		for (uint32_t i = 0; i < v->len; i++) {
			lua_pushlstring(L, v->members[i].key, v->members[i].key_len);
			push_value(L, &v->members[i].value);
			lua_rawset(L, -3);
		}
		return;
	}
}

static int decode(lua_State *L)
{
	size_t len;
	const char *text = luaL_checklstring(L, 1, &len);
	struct bb_arena *arena = arena_new(len * 2);
	const struct bb_json *value;
	struct json_fault fault;
	int err = json_parse(arena, text, len, &value, &fault);
	if (err) {
		luaL_pushfail(L);
		lua_pushstring(L, fault.reason);
	} else {
		push_value(L, value);
	}
	arena_free(arena);
	return err ? 2 : 1;
}

static const char *build(lua_State *L, int at, struct bb_arena *a, int depth, struct bb_json *ret);

static const char *build_table(lua_State *L, int at, struct bb_arena *a, int depth,
			       struct bb_json *ret)
{
	struct bb_builder b = bb_build(a);
	const char *fault = NULL;
	struct bb_json value;
	bool is_array = lua_rawlen(L, at) > 0;
	if (!is_array && lua_getmetatable(L, at)) {
		luaL_getmetatable(L, "sim.array");
		is_array = lua_rawequal(L, -1, -2);
		lua_pop(L, 2);
	}
	if (is_array) {
		lua_Integer count = (lua_Integer)lua_rawlen(L, at);
		for (lua_Integer i = 1; i <= count && !fault; i++) {
			lua_rawgeti(L, at, i);
			fault = build(L, lua_gettop(L), a, depth + 1, &value);
			bb_push(&b, value);
			lua_pop(L, 1);
		}
		*ret = *bb_build_array(&b);
		return fault;
	}
	lua_pushnil(L);
	while (!fault && lua_next(L, at)) {
		if (lua_type(L, -2) != LUA_TSTRING) {
			fault = "a key that is not a string";
		} else {
			fault = build(L, lua_gettop(L), a, depth + 1, &value);
			bb_put(&b, bb_strdup(a, lua_tostring(L, -2)), value);
		}
		lua_pop(L, 1);
	}
	*ret = *bb_build_object(&b);
	return fault;
}

static const char *build(lua_State *L, int at, struct bb_arena *a, int depth, struct bb_json *ret)
{
	*ret = bb_json_make_null();
	if (depth > MAX_DEPTH || !lua_checkstack(L, 6))
		return "tables nested too deeply";
	switch (lua_type(L, at)) {
	case LUA_TBOOLEAN:
		*ret = bb_json_make_bool(lua_toboolean(L, at));
		return NULL;
	case LUA_TNUMBER:
		*ret = lua_isinteger(L, at) ? bb_json_make_int(lua_tointeger(L, at))
					    : bb_json_make_real(lua_tonumber(L, at));
		return NULL;
	case LUA_TSTRING: {
		size_t len;
		const char *s = lua_tolstring(L, at, &len);
		*ret = (struct bb_json){
		    .type = BB_JSON_STRING, .len = (uint32_t)len, .s = bb_strndup(a, s, len)};
		return NULL;
	}
	case LUA_TLIGHTUSERDATA:
		return NULL;
	case LUA_TTABLE:
		return build_table(L, at, a, depth, ret);
	default:
		return "a value that JSON does not have";
	}
}

static int encode(lua_State *L)
{
	luaL_checkany(L, 1);
	lua_settop(L, 1);
	struct bb_arena *arena = arena_new(0);
	struct bb_json value;
	const char *fault = build(L, 1, arena, 0, &value);
	struct buf out = {0};
	if (!fault)
		json_write(&out, &value);
	lua_pushlstring(L, out.data ? out.data : "", out.len);
	buf_free(&out);
	arena_free(arena);
	if (fault)
		return luaL_error(L, "cannot be written as JSON: %s", fault);
	return 1;
}

void script_add_json(lua_State *L)
{
	static const luaL_Reg functions[] = {{"json_decode", decode}, {"json_encode", encode}, {0}};
	luaL_setfuncs(L, functions, 0);
	lua_pushlightuserdata(L, &null_mark);
	lua_setfield(L, -2, "null");
	luaL_newmetatable(L, "sim.array");
	lua_setfield(L, -2, "array");
}
