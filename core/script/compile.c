/* Scripts compiled once per name and version, the latest few of them. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "script/state.h"

#define COMPILE_US 20000 /* CPU time */
#define JUMPS_MOST 2000u /* goto and break, in one text */
#define PIECE ((size_t)64)
#define PIECE_US 4000 /* more than one takes */

static struct compiled **find(struct state *s, const char *name)
{
	struct compiled **at = &s->scripts;
	while (*at && strcmp((*at)->name, name) != 0)
		at = &(*at)->next;
	return at;
}

static void drop(lua_State *lua, struct compiled **at)
{
	struct compiled *c = *at;
	*at = c->next;
	luaL_unref(lua, LUA_REGISTRYINDEX, c->ref);
	luaL_unref(lua, LUA_REGISTRYINDEX, c->modules);
	environment_free(lua, c->idle);
	free(c->name);
	free(c->version);
	free(c);
}

static void make_room(struct state *s, lua_State *lua)
{
	size_t count = 0;
	struct compiled **oldest = &s->scripts;
	for (struct compiled **at = &s->scripts; *at; at = &(*at)->next) {
		count++;
		if ((*at)->used < (*oldest)->used)
			oldest = at;
	}
	if (count >= SCRIPTS_KEPT)
		drop(lua, oldest);
}

void compile_forget(struct state *s)
{
	while (s->scripts)
		drop(s->lua, &s->scripts);
}

/* The function and the modules on top of the stack. luaL_ref may raise, so it comes before what C
 * holds. */
static void keep(struct state *s, lua_State *lua, const struct bb_script *script)
{
	make_room(s, lua);
	lua_pushvalue(lua, -2);
	int ref = luaL_ref(lua, LUA_REGISTRYINDEX);
	lua_pushvalue(lua, -1);
	int modules = luaL_ref(lua, LUA_REGISTRYINDEX);
	struct compiled *c = mem_alloc(sizeof *c);
	*c = (struct compiled){
	    .name = mem_strdup(script->name),
	    .version = mem_strdup(script->version),
	    .ref = ref,
	    .modules = modules,
	    .serial = ++s->compilations,
	    .used = s->calls,
	    .next = s->scripts,
	};
	s->scripts = c;
}

static size_t length(const struct bb_script *script)
{
	size_t len = script->len;
	for (size_t i = 0; i < script->module_count; i++)
		len += script->modules[i].len;
	return len;
}

/* Compiling may take much longer than the text is long: it gets the text in pieces, and the time is
 * looked at between them. */
struct source {
	const char *text;
	size_t len;
	int64_t since_us; /* on clock_cpu_us(): the latest look */
	bool leapt;
};

/* On virtual machines the clock leaps over the time that others had. Once that does not count: a
 * small script is never refused for it. */
static bool is_late(struct state *state, struct source *s)
{
	int64_t now_us = clock_cpu_us(), passed_us = now_us - s->since_us;
	if (passed_us > PIECE_US && !s->leapt) {
		state->compile_until_us += passed_us;
		s->leapt = true;
	}
	s->since_us = now_us;
	return now_us > state->compile_until_us;
}

static const char *read_piece(lua_State *lua, void *arg, size_t *ret_len)
{
	struct source *s = arg;
	const char *piece = s->text;
	if (is_late(state_of(lua), s))
		luaL_error(lua, "the script takes too long to compile");
	*ret_len = s->len < PIECE ? s->len : PIECE;
	s->text += *ret_len;
	s->len -= *ret_len;
	return piece;
}

static size_t occurrences(const char *text, size_t len, const char *word)
{
	size_t n = 0, length = strlen(word);
	const char *end = text + len;
	while ((text = memmem(text, (size_t)(end - text), word, length))) {
		text += length;
		n++;
	}
	return n;
}

/* Where their label comes, Lua moves each of them past all others, and reads nothing meanwhile. */
static bool has_too_many_jumps(const char *text, size_t len)
{
	return occurrences(text, len, "goto") + occurrences(text, len, "break") > JUMPS_MOST;
}

static int load(lua_State *lua, const char *name, const char *text, size_t len)
{
	char chunk[CHUNK_NAME_MOST + 2];
	struct source source = {text, len, clock_cpu_us(), false};
	if (has_too_many_jumps(text, len)) {
		lua_pushfstring(lua, "%s:1: the script has more than %d times goto or break", name,
				(int)JUMPS_MOST);
		return -EPERM;
	}
	snprintf(chunk, sizeof chunk, "=%s", name);
	int status = lua_load(lua, read_piece, &source, chunk, "t");
	return !status ? 0 : status == LUA_ERRMEM ? -ENOMEM : -EPERM;
}

static int load_modules(lua_State *lua, const struct bb_script *script)
{
	lua_createtable(lua, 0, (int)script->module_count);
	for (size_t i = 0; i < script->module_count; i++) {
		const struct bb_module *m = &script->modules[i];
		int err = load(lua, m->name, m->text, m->len);
		if (err)
			return err;
		lua_setfield(lua, -2, m->name);
	}
	return 0;
}

static int load_all(lua_State *lua, const struct bb_script *script)
{
	int err = load(lua, script->name, script->text, script->len);
	if (err)
		return err;
	if (script->module_count)
		return load_modules(lua, script);
	lua_pushnil(lua);
	return 0;
}

int compile_load(lua_State *lua, const struct bb_script *script)
{
	struct state *s = state_of(lua);
	if (length(script) > SCRIPT_TEXT_MOST) {
		lua_pushfstring(lua, "%s:1: the script is longer than %d bytes%s", script->name,
				(int)SCRIPT_TEXT_MOST,
				script->module_count ? " with its modules" : "");
		return -EPERM;
	}
	s->compile_until_us = clock_cpu_us() + COMPILE_US;
	int err = load_all(lua, script);
	s->compile_until_us = 0;
	return err;
}

struct compiled *compile_find(struct state *s, const struct bb_script *script)
{
	struct compiled *c = *find(s, script->name);
	return c && !strcmp(c->version, script->version) ? c : NULL;
}

int compile(struct state *s, lua_State *lua, const struct bb_script *script, struct compiled **ret)
{
	struct compiled **old = find(s, script->name);
	if (*old)
		drop(lua, old);
	int err = compile_load(lua, script);
	if (err)
		return err;
	keep(s, lua, script);
	lua_pop(lua, 2);
	*ret = s->scripts;
	return 0;
}
