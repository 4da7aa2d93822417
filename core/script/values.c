/* JSON to Lua and back; docs/scripting.md tells users the rules. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "script/state.h"
#include "json/json.h"

#define VALUES_MOST 100000
#define TEXT_MOST 1000 /* of a cleaned message */
#define KEYS_KNOWN 16u /* a power of two */
#define FEW_MEMBERS 8u

/* Where we are, for messages: keys and positions up to the result. */
struct place {
	const struct place *up;
	const char *key; /* NULL: an array's item */
	size_t position;
	unsigned depth;
};

/* A key that has been read: the items of a list have the same ones. */
struct known_key {
	const char *text; /* Lua's: one for each short text */
	const char *key;
	uint32_t len, hash;
};

struct reader {
	lua_State *lua;
	struct bb_arena *arena;
	size_t values, bytes; /* left */
	const char *reason;
	struct known_key known[KEYS_KNOWN];
};

static int read_value(struct reader *, int index, const struct place *, struct bb_json *ret);

/* The metatable of tables that are arrays even when empty; found by its address. */
static const char array_mark;

static void push_mark(lua_State *lua)
{
	lua_rawgetp(lua, LUA_REGISTRYINDEX, &array_mark);
}

static int mark_array(lua_State *lua)
{
	if (lua_isnoneornil(lua, 1)) {
		lua_settop(lua, 0);
		lua_newtable(lua);
	}
	luaL_checktype(lua, 1, LUA_TTABLE);
	question_fill(lua, 1);
	if (luaL_getmetafield(lua, 1, "__newindex") != LUA_TNIL)
		return luaL_argerror(lua, 1, "this table is read-only");
	lua_settop(lua, 1);
	push_mark(lua);
	if (lua_getmetatable(lua, 1) && !lua_rawequal(lua, 2, 3))
		return luaL_argerror(lua, 1, "the table of globals is no array");
	lua_settop(lua, 2);
	lua_setmetatable(lua, 1);
	return 1;
}

void values_open(lua_State *lua)
{
	lua_newtable(lua);
	lua_pushboolean(lua, 0);
	lua_setfield(lua, -2, "__metatable");
	lua_rawsetp(lua, LUA_REGISTRYINDEX, &array_mark);
	lua_pushlightuserdata(lua, NULL);
	lua_setfield(lua, -2, "null");
	lua_pushcfunction(lua, mark_array);
	lua_setfield(lua, -2, "array");
}

static void push_array(lua_State *lua, const struct bb_json *v)
{
	luaL_checkstack(lua, 4, "values are nested too deep");
	lua_createtable(lua, (int)v->len, 0);
	for (uint32_t i = 0; i < v->len; i++) {
		if (v->items[i].type == BB_JSON_NULL)
			lua_pushlightuserdata(lua, NULL);
		else
			values_push(lua, &v->items[i]);
		lua_rawseti(lua, -2, (lua_Integer)i + 1);
	}
	push_mark(lua);
	lua_setmetatable(lua, -2);
}

/* Keys are mostly literals: Lua finds such a text again by its address. */
static void push_object(lua_State *lua, const struct bb_json *v)
{
	luaL_checkstack(lua, 4, "values are nested too deep");
	lua_createtable(lua, 0, (int)v->len);
	for (uint32_t i = 0; i < v->len; i++) {
		lua_pushstring(lua, v->members[i].key);
		values_push(lua, &v->members[i].value);
		lua_rawset(lua, -3);
	}
}

void values_push(lua_State *lua, const struct bb_json *v)
{
	switch (v ? v->type : BB_JSON_NULL) {
	case BB_JSON_BOOL:
		lua_pushboolean(lua, v->b);
		break;
	case BB_JSON_INT:
		lua_pushinteger(lua, v->i);
		break;
	case BB_JSON_REAL:
		lua_pushnumber(lua, v->f);
		break;
	case BB_JSON_STRING:
		lua_pushlstring(lua, v->s, v->len);
		break;
	case BB_JSON_ARRAY:
		push_array(lua, v);
		break;
	case BB_JSON_OBJECT:
		push_object(lua, v);
		break;
	default:
		lua_pushnil(lua);
	}
}

static void write_place(const struct place *p, struct buf *b)
{
	if (!p->up)
		return;
	write_place(p->up, b);
	if (p->key)
		buf_printf(b, ".%s", p->key);
	else
		buf_printf(b, "[%zu]", p->position);
}

static int refuse(struct reader *r, const struct place *p, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int refuse(struct reader *r, const struct place *p, const char *fmt, ...)
{
	struct buf b = {0};
	buf_add_str(&b, "");
	write_place(p, &b);
	va_list ap;
	va_start(ap, fmt);
	r->reason = arena_printf(r->arena, "%s %s", values_clean(r->arena, b.data),
				 arena_vprintf(r->arena, fmt, ap));
	va_end(ap);
	buf_free(&b);
	return -EINVAL;
}

/* Bytes of the UTF-8 character at `s`, or 0 if none is there; U+0000 is not one for us. */
static size_t utf8_length(const unsigned char *s, size_t left)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	if (*s < 0x80)
		return *s ? 1 : 0;
	size_t n = *s >= 0xf0 ? 4 : *s >= 0xe0 ? 3 : 2;
	if (*s < 0xc2 || *s > 0xf4 || n > left)
		return 0;
	uint32_t c = *s & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	return c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0 : n;
}

/* Eight bytes of ASCII, none of them zero. */
static bool is_plain(const char *s)
{
	const uint64_t high = 0x8080808080808080u, ones = 0x0101010101010101u;
	uint64_t word;
	memcpy(&word, s, sizeof word);
	return !((word | (word - ones)) & high);
}

static bool is_text(const char *s, size_t len)
{
	for (; len >= 8 && is_plain(s); len -= 8)
		s += 8;
	for (size_t n; len; s += n, len -= n) {
		n = *s > 0 ? 1 : utf8_length((const unsigned char *)s, len);
		if (!n)
			return false;
	}
	return true;
}

const char *values_clean(struct bb_arena *a, const char *text)
{
	size_t len = strlen(text);
	if (len > TEXT_MOST)
		len = TEXT_MOST;
	char *copy = bb_strndup(a, text, len);
	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_length((const unsigned char *)copy + i, len - i);
		if (n)
			continue;
		copy[i] = '?';
		n = 1;
	}
	return copy;
}

static int read_text(struct reader *r, int index, const struct place *p, const char **ret,
		     uint32_t *ret_len)
{
	size_t len;
	const char *s = lua_tolstring(r->lua, index, &len);
	if (!is_text(s, len))
		return refuse(r, p, "is a text that is not UTF-8 or has a zero byte");
	if (len > r->bytes)
		return refuse(r, p, "makes the value too long");
	r->bytes -= len;
	*ret = bb_strndup(r->arena, s, len);
	*ret_len = (uint32_t)len;
	return 0;
}

/* A float without a fraction becomes an integer, so that 12.0 is 12 as in JSON. */
static int read_number(struct reader *r, int index, const struct place *p, struct bb_json *ret)
{
	if (lua_isinteger(r->lua, index)) {
		*ret = bb_json_make_int(lua_tointeger(r->lua, index));
		return 0;
	}
	double f = lua_tonumber(r->lua, index);
	if (!isfinite(f))
		return refuse(r, p, "is not a finite number");
	bool whole = f >= -9007199254740992.0 && f <= 9007199254740992.0 && f == floor(f);
	*ret = whole ? bb_json_make_int((int64_t)f) : bb_json_make_real(f);
	return 0;
}

static int read_array(struct reader *r, int index, const struct place *p, size_t n,
		      struct bb_json *ret)
{
	struct bb_json *items = bb_alloc(r->arena, (n + 1) * sizeof *items);
	int item = lua_gettop(r->lua) + 1;
	for (size_t i = 0; i < n; i++) {
		struct place here = {p, NULL, i + 1, p->depth + 1};
		lua_rawgeti(r->lua, index, (lua_Integer)i + 1);
		int err = read_value(r, item, &here, &items[i]);
		lua_pop(r->lua, 1);
		if (err)
			return err;
	}
	*ret = (struct bb_json){.type = BB_JSON_ARRAY, .len = (uint32_t)n, .items = items};
	return 0;
}

static int read_key(struct reader *r, int index, const struct place *p, struct bb_member *m)
{
	size_t len;
	const char *text = lua_tolstring(r->lua, index, &len);
	struct known_key *known = &r->known[(uintptr_t)text / 16 % KEYS_KNOWN];
	if (known->text != text || len > r->bytes) {
		int err = read_text(r, index, p, &m->key, &m->key_len);
		if (err)
			return err;
		m->hash = bb_json_hash(m->key, m->key_len);
		*known = (struct known_key){text, m->key, m->key_len, m->hash};
		return 0;
	}
	r->bytes -= len;
	m->key = known->key;
	m->key_len = known->len;
	m->hash = known->hash;
	return 0;
}

/* The name is at the index, the value above it. */
static int read_member(struct reader *r, int index, const struct place *p, struct bb_member *m)
{
	if (lua_type(r->lua, index) != LUA_TSTRING)
		return refuse(r, p, "mixes named members with list items or has holes");
	int err = read_key(r, index, p, m);
	if (err)
		return err;
	struct place here = {p, m->key, 0, p->depth + 1};
	return read_value(r, index + 1, &here, &m->value);
}

static struct bb_member *more_room(struct reader *r, const struct bb_member *members, size_t n)
{
	struct bb_member *more = bb_alloc(r->arena, 2 * n * sizeof *more);
	memcpy(more, members, n * sizeof *more);
	return more;
}

/* Most names differ in their first letter. */
static int by_key(const void *a, const void *b)
{
	const char *left = ((const struct bb_member *)a)->key;
	const char *right = ((const struct bb_member *)b)->key;
	int difference = (unsigned char)*left - (unsigned char)*right;
	return difference ? difference : strcmp(left, right);
}

static void sort_members(struct bb_member *m, size_t n)
{
	if (n > FEW_MEMBERS) {
		qsort(m, n, sizeof *m, by_key);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		struct bb_member one = m[i];
		size_t at = i;
		for (; at && by_key(&m[at - 1], &one) > 0; at--)
			m[at] = m[at - 1];
		m[at] = one;
	}
}

/* Members come sorted by name: the same table is the same text. */
static int read_object(struct reader *r, int index, const struct place *p, struct bb_json *ret)
{
	size_t n = 0, room = FEW_MEMBERS;
	struct bb_member *members = bb_alloc(r->arena, room * sizeof *members);
	int key = lua_gettop(r->lua) + 1;
	lua_pushnil(r->lua);
	while (lua_next(r->lua, index)) {
		if (n == room) {
			members = more_room(r, members, n);
			room *= 2;
		}
		int err = read_member(r, key, p, &members[n++]);
		lua_pop(r->lua, err ? 2 : 1);
		if (err)
			return err;
	}
	sort_members(members, n);
	*ret = (struct bb_json){.type = BB_JSON_OBJECT, .len = (uint32_t)n, .members = members};
	return 0;
}

/* What a metatable makes of the table at the index, which becomes that of the table behind it if it
 * is read-only. Is it an array even when empty? */
static bool look_behind(lua_State *lua, int *index)
{
	if (!lua_getmetatable(lua, *index))
		return false;
	push_mark(lua);
	bool array = lua_rawequal(lua, -1, -2);
	lua_pop(lua, 2);
	if (array)
		return true;
	question_fill(lua, *index);
	if (luaL_getmetafield(lua, *index, "__index") == LUA_TTABLE)
		*index = lua_gettop(lua);
	return false;
}

/* Are its keys the positions up to n, and no others? */
static bool is_list(lua_State *lua, int index, size_t n)
{
	size_t keys = 0;
	lua_pushnil(lua);
	for (; lua_next(lua, index); keys++) {
		lua_pop(lua, 1);
		lua_Integer i = lua_isinteger(lua, -1) ? lua_tointeger(lua, -1) : 0;
		if (i < 1 || (size_t)i > n) {
			lua_pop(lua, 1);
			return false;
		}
	}
	return keys == n;
}

static int read_plain(struct reader *r, int index, bool array, const struct place *p,
		      struct bb_json *ret)
{
	size_t n = lua_rawlen(r->lua, index);
	if (n > r->values)
		return refuse(r, p, "has too many values");
	if ((n || array) && is_list(r->lua, index, n))
		return read_array(r, index, p, n, ret);
	return read_object(r, index, p, ret);
}

/* Of a read-only table, what is behind it. */
static int read_table(struct reader *r, int index, const struct place *p, struct bb_json *ret)
{
	if (p->depth >= JSON_MAX_DEPTH || !lua_checkstack(r->lua, 9))
		return refuse(r, p, "is nested more than %u deep, or contains itself",
			      JSON_MAX_DEPTH);
	int top = lua_gettop(r->lua);
	bool array = look_behind(r->lua, &index);
	int err = read_plain(r, index, array, p, ret);
	lua_settop(r->lua, top);
	return err;
}

static int read_value(struct reader *r, int index, const struct place *p, struct bb_json *ret)
{
	int type = lua_type(r->lua, index);
	if (!r->values--) {
		r->values = 0;
		return refuse(r, p, "has too many values");
	}
	switch (type) {
	case LUA_TNIL:
		*ret = bb_json_make_null();
		return 0;
	case LUA_TBOOLEAN:
		*ret = bb_json_make_bool(lua_toboolean(r->lua, index));
		return 0;
	case LUA_TNUMBER:
		return read_number(r, index, p, ret);
	case LUA_TSTRING:
		ret->type = BB_JSON_STRING;
		return read_text(r, index, p, &ret->s, &ret->len);
	case LUA_TTABLE:
		return read_table(r, index, p, ret);
	case LUA_TLIGHTUSERDATA:
		*ret = bb_json_make_null();
		return 0;
	default:
		return refuse(r, p, "is a %s", lua_typename(r->lua, type));
	}
}

int values_read(lua_State *lua, int index, struct bb_arena *arena, size_t most_bytes,
		struct bb_json *ret, const char **ret_reason)
{
	struct reader r = {.lua = lua, .arena = arena, .values = VALUES_MOST, .bytes = most_bytes};
	struct place top = {0};
	int err = lua_checkstack(lua, 8) ? read_value(&r, lua_absindex(lua, index), &top, ret)
					 : refuse(&r, &top, "does not fit");
	if (err)
		*ret_reason = r.reason;
	return err;
}
