/* What a function is asked, as its argument: a table whose members are made when they are first
 * read, since most scripts read few of many. Scripts cannot tell it from a plain one: whatever
 * looks at all of it, or writes to it, has it filled first, and then it is one. */
#include <lauxlib.h>

#include "base/arena.h"
#include "script/state.h"
#include "json/json.h"

#define MEMBERS_MOST 64 /* of more, finding one each time would take too long */

/* The metatable of such tables, in the registry; found by its address. */
static const char mark;

static bool is_question(lua_State *lua, int index)
{
	if (!lua_getmetatable(lua, index))
		return false;
	lua_rawgetp(lua, LUA_REGISTRYINDEX, &mark);
	bool same = lua_rawequal(lua, -1, -2);
	lua_pop(lua, 2);
	return same;
}

static bool is_named(const struct bb_member *m, const char *name, size_t len)
{
	return m->key_len == len && *m->key == *name && memcmp(m->key, name, len) == 0;
}

/* The member if Lua does not have it yet, or NULL. Of two of one name the last counts. */
static const struct bb_json *unmade(const struct run *r, const char *name, size_t len)
{
	for (uint32_t i = r->question->len; i-- > 0;)
		if (is_named(&r->question->members[i], name, len))
			return r->made[i] ? NULL : &r->question->members[i].value;
	return NULL;
}

/* What a script removes does not come back: each is made once. Only after it is there: making it
 * may raise an error for want of memory, which the script may catch. */
static void set_made(struct run *r, const char *name, size_t len)
{
	for (uint32_t i = 0; i < r->question->len; i++)
		if (is_named(&r->question->members[i], name, len))
			r->made[i] = true;
}

static int read_member(lua_State *lua)
{
	size_t len;
	struct run *r = state_of(lua)->current;
	if (lua_type(lua, 2) != LUA_TSTRING || !r || !r->made)
		return 0;
	const char *name = lua_tolstring(lua, 2, &len);
	const struct bb_json *v = unmade(r, name, len);
	if (!v)
		return 0;
	values_push(lua, v);
	lua_pushvalue(lua, -1);
	lua_insert(lua, -3);
	lua_rawset(lua, 1);
	set_made(r, name, len);
	return 1;
}

static int write_member(lua_State *lua)
{
	question_fill(lua, 1);
	lua_settable(lua, 1);
	return 0;
}

void question_fill(lua_State *lua, int index)
{
	struct run *r = state_of(lua)->current;
	if (!is_question(lua, index) || !r || !r->made)
		return;
	luaL_checkstack(lua, 5, "values are nested too deep");
	int table = lua_absindex(lua, index);
	for (uint32_t i = 0; i < r->question->len; i++) {
		if (r->made[i])
			continue;
		lua_pushstring(lua, r->question->members[i].key);
		values_push(lua, &r->question->members[i].value);
		lua_rawset(lua, table);
		r->made[i] = true;
	}
	lua_pushnil(lua);
	lua_setmetatable(lua, table);
}

void question_push(struct run *r, lua_State *lua)
{
	const struct bb_json *question = r->question;
	if (!bb_json_is(question, BB_JSON_OBJECT) || question->len > MEMBERS_MOST) {
		values_push(lua, question);
		return;
	}
	r->made = bb_zalloc(r->arena, question->len * sizeof *r->made);
	lua_createtable(lua, 0, 4);
	lua_rawgetp(lua, LUA_REGISTRYINDEX, &mark);
	lua_setmetatable(lua, -2);
}

void question_keep(struct run *r)
{
	if (r->made && !r->kept)
		r->question = json_copy(r->arena, r->question);
	r->kept = true;
}

const char *question_text(struct run *r, lua_State *lua, const char *name)
{
	if (!r->made || !is_question(lua, -1))
		return NULL;
	return bb_json_str(unmade(r, name, strlen(name)), NULL);
}

/* Lua's own, of a table that has all of its members. */
static int next_pair(lua_State *lua)
{
	luaL_checktype(lua, 1, LUA_TTABLE);
	lua_settop(lua, 2);
	question_fill(lua, 1);
	if (lua_next(lua, 1))
		return 2;
	lua_pushnil(lua);
	return 1;
}

static int all_pairs(lua_State *lua)
{
	luaL_checkany(lua, 1);
	if (luaL_getmetafield(lua, 1, "__pairs") != LUA_TNIL) {
		lua_pushvalue(lua, 1);
		lua_call(lua, 1, 3);
		return 3;
	}
	lua_pushcfunction(lua, next_pair);
	lua_pushvalue(lua, 1);
	lua_pushnil(lua);
	return 3;
}

void question_open(lua_State *lua)
{
	static const luaL_Reg ways[] = {
	    {"__index", read_member}, {"__newindex", write_member}, {NULL, NULL}};
	static const luaL_Reg walks[] = {{"next", next_pair}, {"pairs", all_pairs}, {NULL, NULL}};
	luaL_setfuncs(lua, walks, 0);
	luaL_newlib(lua, ways);
	lua_pushboolean(lua, 0);
	lua_setfield(lua, -2, "__metatable");
	lua_rawsetp(lua, LUA_REGISTRYINDEX, &mark);
}
