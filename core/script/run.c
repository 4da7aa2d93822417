/* One call, from its start to its one answer. */
#include <errno.h>
#include <stdlib.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "script/state.h"

#define ARENA 4096 /* bytes that most calls get by with */

static const char *chunk_name(struct bb_arena *a, const char *name)
{
	size_t len = strlen(name);
	return bb_strndup(a, name, len < CHUNK_NAME_MOST ? len : CHUNK_NAME_MOST);
}

/* The script's and its modules', up to NULL. */
static const char **chunk_names(struct bb_arena *a, const struct bb_script *script)
{
	const char **names = bb_alloc(a, (script->module_count + 2) * sizeof *names);
	names[0] = chunk_name(a, script->name);
	for (size_t i = 0; i < script->module_count; i++)
		names[i + 1] = chunk_name(a, script->modules[i].name);
	names[script->module_count + 1] = NULL;
	return names;
}

struct run *run_new(struct state *s, const struct bb_script *script, const char *symbol)
{
	struct run *r = mem_zalloc(sizeof *r);
	r->arena = s->spare ? s->spare : arena_new(ARENA);
	s->spare = NULL;
	r->state = s;
	r->script = *script;
	r->script.name = bb_strdup(r->arena, script->name);
	r->chunks = chunk_names(r->arena, script);
	r->symbol = symbol ? bb_strdup(r->arena, symbol) : NULL;
	r->ref = LUA_NOREF;
	r->instructions = (int64_t)s->host->limits.instructions;
	r->time_left_us = (int64_t)s->host->limits.time_ms * 1000;
	r->next = s->runs;
	s->runs = r;
	return r;
}

void run_free(struct run *r)
{
	arena_free(r->arena);
	free(r);
}

/* Its arena serves the next call. */
static void end(struct run *r)
{
	struct state *s = r->state;
	if (!s->spare) {
		arena_reset(r->arena);
		s->spare = r->arena;
		r->arena = NULL;
	}
	run_free(r);
}

/* A coroutine that has ended well serves again. */
static void give_back(struct run *r)
{
	struct state *s = r->state;
	if (!s->idle && r->lua && lua_status(r->lua) == LUA_OK && r->done) {
		s->idle = r->lua;
		s->idle_ref = r->ref;
	} else {
		luaL_unref(s->lua, LUA_REGISTRYINDEX, r->ref);
	}
	r->ref = LUA_NOREF;
}

/* The answer, once. Whoever is called back may call scripts again. */
void run_finish(struct run *r, int err, const struct bb_json *v)
{
	struct run **at = &r->state->runs;
	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	r->over = true;
	if (err && err != -ENOENT && err != -ECANCELED) {
		r->state->owner->failures++;
		stats_add(r->hook->failures, 1);
	}
	if (r->timer)
		loop_timer_release(r->timer);
	await_forget(r);
	give_back(r);
	environment_give_back(r);
	if (r->fn)
		r->fn(err, v, r->arg);
	if (!r->postponed)
		end(r);
}

static const struct bb_json *error_at(struct run *r, const char *detail, const char *chunk,
				      int line)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_str(&b, "detail", detail);
	bb_put_str(&b, "script", chunk);
	if (line > 0)
		bb_put_int(&b, "line", line);
	return bb_build_object(&b);
}

const struct bb_json *run_error(struct run *r, const char *detail)
{
	return error_at(r, detail, r->chunks[0], 0);
}

/* Its own name of a chunk of the script, or NULL. */
static const char *own_chunk(const struct run *r, const char *name)
{
	for (const char **at = r->chunks; *at; at++)
		if (!strcmp(*at, name))
			return *at;
	return NULL;
}

/* With the line where the coroutine died: it keeps its stack. */
static const struct bb_json *died(struct run *r, const char *detail)
{
	lua_Debug at;
	for (int level = 0; lua_getstack(r->lua, level, &at); level++) {
		if (!lua_getinfo(r->lua, "Sl", &at) || at.currentline <= 0)
			continue;
		const char *chunk = own_chunk(r, at.short_src);
		if (chunk)
			return error_at(r, detail, chunk, at.currentline);
	}
	return run_error(r, detail);
}

/* Reads "name:12: text", as Lua writes it, apart. */
static const struct bb_json *located(struct run *r, const char *message)
{
	for (const char **at = r->chunks; *at; at++) {
		size_t n = strlen(*at);
		char *end;
		if (strncmp(message, *at, n) != 0 || message[n] != ':')
			continue;
		long line = strtol(message + n + 1, &end, 10);
		if (end > message + n + 1 && end[0] == ':' && end[1] == ' ')
			return error_at(r, end + 2, *at, (int)line);
	}
	return died(r, message);
}

/* The `message` of an error that is a table, or NULL. */
static const char *message_member(struct run *r, lua_State *lua)
{
	if (!lua_checkstack(lua, 2))
		return NULL;
	const char *found = question_text(r, lua, "message");
	lua_pushnil(lua);
	while (lua_next(lua, -2)) {
		if (lua_type(lua, -2) == LUA_TSTRING && lua_type(lua, -1) == LUA_TSTRING &&
		    !strcmp(lua_tostring(lua, -2), "message"))
			found = lua_tostring(lua, -1);
		lua_pop(lua, 1);
	}
	return found;
}

/* Of the error object on top of the stack, without letting Lua allocate. */
static const struct bb_json *lua_failure(struct run *r)
{
	const char *message = NULL;
	int type = lua_type(r->lua, -1);
	if (type == LUA_TSTRING)
		message = lua_tostring(r->lua, -1);
	else if (type == LUA_TTABLE)
		message = message_member(r, r->lua);
	else if (type == LUA_TNUMBER)
		message = arena_printf(r->arena, "%.14g", lua_tonumber(r->lua, -1));
	if (!message)
		message = arena_printf(r->arena, "the error is a %s without a message",
				       lua_typename(r->lua, type));
	return located(r, values_clean(r->arena, message));
}

static void read_result(struct run *r, lua_State *lua)
{
	const char *reason;
	struct bb_json *v = bb_alloc(r->arena, sizeof *v);
	int err = values_read(lua, -1, r->arena, answer_most(r->state), v, &reason);
	if (err)
		luaL_error(lua, "the result%s", reason);
	r->result = v;
}

static int called(lua_State *lua, int status, lua_KContext context)
{
	struct run *r = (struct run *)context;
	(void)status;
	read_result(r, lua);
	environment_look(lua, r->environment);
	return 0;
}

/* The names of the functions among the globals on top of the stack are the result. Nothing here
 * raises. */
static int read_functions(struct run *r, lua_State *lua)
{
	struct bb_builder names = bb_build(r->arena);
	int globals = lua_gettop(lua);
	lua_pushnil(lua);
	for (; lua_next(lua, globals); lua_pop(lua, 1))
		if (lua_type(lua, -2) == LUA_TSTRING && lua_type(lua, -1) == LUA_TFUNCTION)
			bb_push(&names, bb_json_make_str(values_clean(
					    r->arena, bb_strdup(r->arena, lua_tostring(lua, -2)))));
	r->result = bb_build_array(&names);
	environment_look(lua, r->environment);
	return 0;
}

/* What has been made for one call serves the next. */
static void share_longest(struct run *r, struct compiled *c)
{
	if (r->longest < c->longest) {
		r->longest = c->longest;
		run_watch_closely(r);
	}
	c->longest = r->longest;
}

/* Compiling is not metered. */
static struct compiled *compile_unwatched(struct run *r, lua_State *lua)
{
	struct compiled *c;
	run_rest(r);
	int err = compile(r->state, lua, &r->script, &c);
	run_watch(r);
	if (err == -ENOMEM)
		run_break(lua, -ENOMEM);
	if (err)
		lua_error(lua);
	return c;
}

/* The definitions cannot wait for the host: lua_call lets nothing yield. */
static void define(struct run *r, lua_State *lua)
{
	struct compiled *c = compile_find(r->state, &r->script);
	if (c)
		c->used = r->state->calls;
	else
		c = compile_unwatched(r, lua);
	share_longest(r, c);
	r->environment = environment_take(c);
	if (r->environment)
		return;
	environment_make(r, lua, c);
	lua_call(lua, 0, 0);
	environment_remember(r, lua, c);
	share_longest(r, c);
}

/* The whole of a call, in its coroutine. */
static int body(lua_State *lua)
{
	struct run *r = lua_touserdata(lua, 1);
	lua_settop(lua, 0);
	define(r, lua);
	environment_globals(lua, r->environment);
	if (!r->symbol)
		return read_functions(r, lua);
	lua_pushstring(lua, r->symbol);
	if (lua_rawget(lua, -2) != LUA_TFUNCTION) {
		r->verdict = -ENOENT;
		environment_look(lua, r->environment);
		return 0;
	}
	question_push(r, lua);
	lua_callk(lua, 1, 1, (lua_KContext)r, called);
	return called(lua, LUA_OK, (lua_KContext)r);
}

static int new_coroutine(lua_State *lua)
{
	struct run *r = lua_touserdata(lua, 1);
	lua_State *made = lua_newthread(lua);
	r->ref = luaL_ref(lua, LUA_REGISTRYINDEX);
	r->lua = made;
	return 0;
}

static int take_coroutine(struct run *r)
{
	struct state *s = r->state;
	if (s->idle) {
		r->lua = s->idle;
		r->ref = s->idle_ref;
		s->idle = NULL;
		return 0;
	}
	lua_pushcfunction(s->lua, new_coroutine);
	lua_pushlightuserdata(s->lua, r);
	if (!lua_pcall(s->lua, 1, 0, 0))
		return 0;
	lua_settop(s->lua, 0);
	return -ENOMEM;
}

static const struct bb_json *failure(struct run *r, int limit)
{
	if (limit)
		return died(r, run_limit_text(r, limit));
	return lua_failure(r);
}

/* Memory is given back by whatever holds it, so that the next call has some. */
static void fail(struct run *r, int status)
{
	struct state *s = r->state;
	int limit = r->broken ? r->broken : status == LUA_ERRMEM ? -ENOMEM : 0;
	const struct bb_json *v = failure(r, limit);
	luaL_unref(s->lua, LUA_REGISTRYINDEX, r->ref);
	r->ref = LUA_NOREF;
	if (limit == -ENOMEM)
		compile_forget(s);
	if (limit == -ENOMEM || s->bytes > s->host->limits.memory_bytes / 2)
		lua_gc(s->lua, LUA_GCCOLLECT);
	run_finish(r, limit == -E2BIG ? -ETIMEDOUT : limit ? limit : -EPERM, v);
}

static void timed_out(void *arg)
{
	struct run *r = arg;
	r->timer = NULL;
	run_finish(r, -ETIMEDOUT, run_error(r, "the host did not answer in time"));
}

void run_resume(struct run *r)
{
	struct state *s = r->state;
	int results, argument = lua_status(r->lua) == LUA_YIELD ? 0 : 1;
	s->current = r;
	run_watch(r);
	int status = lua_resume(r->lua, s->lua, argument, &results);
	run_rest(r);
	s->used_us = r->watch.since_us;
	s->current = NULL;
	if (status == LUA_YIELD) {
		question_keep(r);
		if (!r->timer)
			r->timer = loop_timer(s->host->loop, r->ms, false, timed_out, r);
	} else if (status != LUA_OK) {
		fail(r, status);
	} else {
		r->done = true;
		run_finish(r, r->verdict, r->verdict ? NULL : r->result);
	}
}

void run_start(struct run *r)
{
	r->state->calls++;
	if (take_coroutine(r)) {
		run_finish(r, -ENOMEM, run_error(r, "no memory is left for a call"));
		return;
	}
	lua_pushcfunction(r->lua, body);
	lua_pushlightuserdata(r->lua, r);
	run_resume(r);
}
