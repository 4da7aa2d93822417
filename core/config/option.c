#include "config/option.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "base/arena.h"

struct unit {
	const char *name;
	int64_t factor;
};

/* Largest first: that is the order in which a value is written back. */
static const struct unit no_units[] = {{"", 1}, {0}};
static const struct unit times[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000},
				    {"ms", 1},       {"", 1},        {0}};
static const struct unit sizes[] = {{"g", 1 << 30}, {"m", 1 << 20}, {"k", 1 << 10}, {"", 1}, {0}};

typedef int parse_fn(const struct bb_option *, struct bb_arena *, const char *text, void *field,
		     const char **ret_why);

struct type {
	const char *what; /* "must be ..." */
	const struct unit *units;
	size_t size; /* of the field */
	int lua;     /* the Lua type it may have besides a string */
	parse_fn *parse;
};

static const struct type *type_of(const struct bb_option *o);

static void write_number(const struct bb_option *o, int64_t v, struct buf *b)
{
	const struct unit *u = type_of(o)->units;
	while (v == 0 ? u->factor != 1 : v % u->factor)
		u++;
	buf_printf(b, "%" PRId64 "%s", v / u->factor, v ? u->name : "");
}

static char *number_text(const struct bb_option *o, struct bb_arena *a, int64_t v)
{
	struct buf b = {0};
	write_number(o, v, &b);
	char *text = bb_strndup(a, b.data, b.len);
	buf_free(&b);
	return text;
}

static int wrong_type(const struct bb_option *o, struct bb_arena *a, const char *found,
		      const char **ret_why)
{
	struct buf b = {0};
	option_write_type(o, &b);
	*ret_why = arena_printf(a, "must be %s, not %s", b.data, found);
	buf_free(&b);
	return -EINVAL;
}

static int wrong_text(const struct bb_option *o, struct bb_arena *a, const char *text,
		      const char **ret_why)
{
	if (o->flags & BB_SECRET)
		return wrong_type(o, a, "what it is set to", ret_why);
	return wrong_type(o, a, arena_printf(a, "\"%s\"", text), ret_why);
}

static bool in_range(const struct bb_option *o, int64_t v)
{
	return o->max <= o->min || (v >= o->min && v <= o->max);
}

static int parse_number(const struct bb_option *o, struct bb_arena *a, const char *text,
			void *field, const char **ret_why)
{
	const struct unit *u = type_of(o)->units;
	char *end;
	errno = 0;
	long long digits = strtoll(text, &end, 10);
	while (u->name && strcmp(u->name, end) != 0)
		u++;
	bool counts_something = type_of(o)->units != no_units;
	int64_t v;
	if (end == text || !u->name || errno || (counts_something && digits < 0) ||
	    __builtin_mul_overflow(digits, u->factor, &v))
		return wrong_text(o, a, text, ret_why);
	if (!in_range(o, v)) {
		*ret_why = arena_printf(a, "%s is out of range: %s to %s", number_text(o, a, v),
					number_text(o, a, o->min), number_text(o, a, o->max));
		return -EINVAL;
	}
	memcpy(field, &v, sizeof v);
	return 0;
}

static int parse_bool(const struct bb_option *o, struct bb_arena *a, const char *text, void *field,
		      const char **ret_why)
{
	bool v = !strcmp(text, "true");
	if (!v && strcmp(text, "false") != 0)
		return wrong_text(o, a, text, ret_why);
	memcpy(field, &v, sizeof v);
	return 0;
}

static int parse_text(const struct bb_option *o, struct bb_arena *a, const char *text, void *field,
		      const char **ret_why)
{
	(void)o, (void)ret_why;
	const char *copy = bb_strdup(a, text);
	memcpy(field, &copy, sizeof(copy));
	return 0;
}

static bool is_choice(const char *choices, const char *text)
{
	size_t len = strlen(text);
	for (const char *p = choices; p && *p;) {
		size_t n = strcspn(p, "|");
		if (n == len && !memcmp(p, text, n))
			return true;
		p += n + (p[n] == '|');
	}
	return false;
}

static int parse_enum(const struct bb_option *o, struct bb_arena *a, const char *text, void *field,
		      const char **ret_why)
{
	if (!is_choice(o->choices, text))
		return wrong_text(o, a, text, ret_why);
	return parse_text(o, a, text, field, ret_why);
}

static const struct type types[] = {
    [BB_OPT_STR] = {"a text", NULL, sizeof(char *), LUA_TSTRING, parse_text},
    [BB_OPT_INT] = {"a whole number", no_units, sizeof(int64_t), LUA_TNUMBER, parse_number},
    [BB_OPT_BOOL] = {"true or false", NULL, sizeof(bool), LUA_TBOOLEAN, parse_bool},
    [BB_OPT_MSEC] = {"a duration like 250, \"250ms\", \"30s\", \"5m\", \"2h\" or \"7d\"", times,
		     sizeof(int64_t), LUA_TNUMBER, parse_number},
    [BB_OPT_BYTES] = {"a size like 4096, \"64k\" or \"1m\"", sizes, sizeof(int64_t), LUA_TNUMBER,
		      parse_number},
    [BB_OPT_ENUM] = {"one of", NULL, sizeof(char *), LUA_TSTRING, parse_enum},
};

static const struct type *type_of(const struct bb_option *o)
{
	return o->type < sizeof types / sizeof *types ? &types[o->type] : &types[BB_OPT_STR];
}

static void write_choices(const char *choices, struct buf *b)
{
	for (const char *p = choices; p && *p;) {
		size_t n = strcspn(p, "|");
		buf_add_str(b, p == choices ? " \"" : p[n] ? ", \"" : " or \"");
		buf_add(b, p, n);
		buf_add_char(b, '"');
		p += n + (p[n] == '|');
	}
}

void option_write_type(const struct bb_option *o, struct buf *b)
{
	buf_add_str(b, type_of(o)->what);
	if (o->type == BB_OPT_ENUM)
		write_choices(o->choices, b);
	if (type_of(o)->units && o->max > o->min) {
		buf_add_str(b, ", ");
		write_number(o, o->min, b);
		buf_add_str(b, " to ");
		write_number(o, o->max, b);
	}
}

int option_from_text(const struct bb_option *o, struct bb_arena *a, const char *text, void *out,
		     const char **ret_why)
{
	return type_of(o)->parse(o, a, text, (char *)out + o->offset, ret_why);
}

/* A number or truth value goes the way of its text, so that one parser judges all. */
static const char *lua_text(struct bb_arena *a, lua_State *lua)
{
	if (lua_isboolean(lua, -1))
		return lua_toboolean(lua, -1) ? "true" : "false";
	int whole;
	lua_Integer i = lua_tointegerx(lua, -1, &whole);
	if (lua_type(lua, -1) == LUA_TNUMBER && whole)
		return arena_printf(a, "%lld", (long long)i);
	if (lua_type(lua, -1) == LUA_TNUMBER)
		return arena_printf(a, "%g", lua_tonumber(lua, -1));
	return lua_tostring(lua, -1);
}

int option_from_lua(const struct bb_option *o, struct bb_arena *a, lua_State *lua, void *out,
		    const char **ret_why)
{
	static const char *const found[] = {[LUA_TBOOLEAN] = "a truth value",
					    [LUA_TNUMBER] = "a number",
					    [LUA_TSTRING] = "a text",
					    [LUA_TTABLE] = "a table",
					    [LUA_TFUNCTION] = "a function"};
	int type = lua_type(lua, -1);
	if (type != LUA_TSTRING && type != type_of(o)->lua) {
		bool known = type > 0 && type < (int)(sizeof found / sizeof *found) && found[type];
		return wrong_type(o, a, known ? found[type] : lua_typename(lua, type), ret_why);
	}
	return option_from_text(o, a, lua_text(a, lua), out, ret_why);
}

int option_from_fallback(const struct bb_option *o, struct bb_arena *a, void *out,
			 const char **ret_why)
{
	if (o->fallback)
		return option_from_text(o, a, o->fallback, out, ret_why);
	static const char *const empty = "";
	void *field = (char *)out + o->offset;
	if (type_of(o)->lua == LUA_TSTRING)
		memcpy(field, &empty, sizeof(empty));
	else
		memset(field, 0, type_of(o)->size);
	return 0;
}

static const char *field_text(const struct bb_option *o, const void *values)
{
	const char *s;
	memcpy(&s, (const char *)values + o->offset, sizeof(s));
	return s ? s : "";
}

void option_write(const struct bb_option *o, const void *values, struct buf *b)
{
	if (o->type == BB_OPT_BOOL) {
		bool v;
		memcpy(&v, (const char *)values + o->offset, sizeof v);
		buf_add_str(b, v ? "true" : "false");
	} else if (type_of(o)->units) {
		int64_t v;
		memcpy(&v, (const char *)values + o->offset, sizeof v);
		write_number(o, v, b);
	} else {
		buf_add_str(b, field_text(o, values));
	}
}

bool option_equal(const struct bb_option *o, const void *a, const void *b)
{
	if (type_of(o)->lua == LUA_TSTRING)
		return !strcmp(field_text(o, a), field_text(o, b));
	return !memcmp((const char *)a + o->offset, (const char *)b + o->offset, type_of(o)->size);
}
