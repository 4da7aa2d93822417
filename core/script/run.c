/* One call, from its start to its one answer. */
#include <errno.h>
#include <stdlib.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "script/state.h"

#define CHUNK_NAME_MOST 50 /* Lua cuts longer ones in its messages */

const char *run_chunk_name(struct bb_arena *a, const char *script)
{
	size_t len = strlen(script);
	return bb_strndup(a, script, len < CHUNK_NAME_MOST ? len : CHUNK_NAME_MOST);
}

struct run *run_new(struct state *s, const struct bb_script *script, const char *symbol)
{
	struct run *r = mem_zalloc(sizeof *r);
	r->arena = arena_new(0);
	r->state = s;
	r->script = *script;
	r->script.name = bb_strdup(r->arena, script->name);
	r->chunk = run_chunk_name(r->arena, script->name);
	r->symbol = bb_strdup(r->arena, symbol);
	r->ref = LUA_NOREF;
	r->instructions = (int64_t)s->host->limits.instructions;
	r->next = s->runs;
	s->runs = r;
	return r;
}

void run_free(struct run *r)
{
	arena_free(r->arena);
	free(r);
}

/* The answer, once. Whoever is called back may call scripts again. */
void run_finish(struct run *r, int err, const struct bb_json *v)
{
	struct run **at = &r->state->runs;
	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	r->over = true;
	if (r->timer)
		loop_timer_release(r->timer);
	await_forget(r);
	luaL_unref(r->state->lua, LUA_REGISTRYINDEX, r->ref);
	if (r->fn)
		r->fn(err, v, r->arg);
	if (!r->postponed)
		run_free(r);
}

const struct bb_json *run_error(struct run *r, const char *detail, int line)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_str(&b, "detail", detail);
	bb_put_str(&b, "script", r->chunk);
	if (line > 0)
		bb_put_int(&b, "line", line);
	return bb_build_object(&b);
}

/* The line where a coroutine died: it keeps its stack. */
static int line_of_death(const struct run *r)
{
	lua_Debug at;
	for (int level = 0; lua_getstack(r->lua, level, &at); level++)
		if (lua_getinfo(r->lua, "Sl", &at) && at.currentline > 0 &&
		    !strcmp(at.short_src, r->chunk))
			return at.currentline;
	return 0;
}

/* Reads "name:12: text", as Lua writes it, apart. */
static const struct bb_json *located(struct run *r, const char *message)
{
	size_t n = strlen(r->chunk);
	char *end;
	if (strncmp(message, r->chunk, n) != 0 || message[n] != ':')
		return run_error(r, message, line_of_death(r));
	long line = strtol(message + n + 1, &end, 10);
	if (end == message + n + 1 || end[0] != ':' || end[1] != ' ')
		return run_error(r, message, line_of_death(r));
	return run_error(r, end + 2, (int)line);
}

/* The `message` of an error that is a table, or NULL. */
static const char *message_member(lua_State *lua)
{
	const char *found = NULL;
	if (!lua_checkstack(lua, 2))
		return NULL;
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
		message = message_member(r->lua);
	else if (type == LUA_TNUMBER)
		message = arena_printf(r->arena, "%.14g", lua_tonumber(r->lua, -1));
	if (!message)
		message = arena_printf(r->arena, "the error is a %s without a message",
				       lua_typename(r->lua, type));
	return located(r, values_clean(r->arena, message));
}

/* Makes the function on top of the stack see a fresh environment as its globals. Functions that an
 * earlier run of it has made keep theirs: the upvalue is exchanged, not set. */
static void give_environment(struct state *s, lua_State *lua)
{
	lua_newtable(lua);
	lua_createtable(lua, 0, 2);
	lua_rawgeti(lua, LUA_REGISTRYINDEX, s->base);
	lua_setfield(lua, -2, "__index");
	lua_pushboolean(lua, 0);
	lua_setfield(lua, -2, "__metatable");
	lua_setmetatable(lua, -2);
	if (luaL_loadbufferx(lua, "", 0, "=", "t"))
		lua_error(lua);
	lua_pushvalue(lua, -2);
	lua_setupvalue(lua, -2, 1);
	lua_upvaluejoin(lua, -3, 1, -1, 1);
	lua_pop(lua, 1);
	lua_insert(lua, -2);
}

static void read_result(struct run *r, lua_State *lua)
{
	const char *reason;
	struct bb_json *v = bb_alloc(r->arena, sizeof *v);
	int err = values_read(lua, -1, r->arena, r->state->host->limits.memory_bytes, v, &reason);
	if (err)
		luaL_error(lua, "the result%s", reason);
	r->result = v;
}

static int called(lua_State *lua, int status, lua_KContext context)
{
	(void)status;
	read_result((struct run *)context, lua);
	return 0;
}

/* The whole of a call, in its coroutine: definitions, then the function. The definitions cannot
 * wait for the host: lua_call lets nothing yield. */
static int body(lua_State *lua)
{
	struct run *r = lua_touserdata(lua, 1);
	lua_settop(lua, 0);
	int err = compile(r->state, lua, &r->script, r->chunk);
	if (err == -ENOMEM)
		return run_break(lua, -ENOMEM);
	if (err)
		return lua_error(lua);
	give_environment(r->state, lua);
	lua_call(lua, 0, 0);
	lua_pushstring(lua, r->symbol);
	if (lua_rawget(lua, 1) != LUA_TFUNCTION) {
		r->verdict = -ENOENT;
		return 0;
	}
	values_push(lua, r->question);
	lua_callk(lua, 1, 1, (lua_KContext)r, called);
	return called(lua, LUA_OK, (lua_KContext)r);
}

static int prepare(lua_State *lua)
{
	struct run *r = lua_touserdata(lua, 1);
	r->lua = lua_newthread(lua);
	r->ref = luaL_ref(lua, LUA_REGISTRYINDEX);
	return 0;
}

static const struct bb_json *failure(struct run *r, int limit)
{
	if (limit)
		return run_error(r, run_limit_text(r, limit), line_of_death(r));
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
	if (limit == -ENOMEM) {
		compile_forget(s);
		lua_gc(s->lua, LUA_GCCOLLECT);
	}
	run_finish(r, limit == -E2BIG ? -ETIMEDOUT : limit ? limit : -EPERM, v);
}

static void timed_out(void *arg)
{
	struct run *r = arg;
	r->timer = NULL;
	run_finish(r, -ETIMEDOUT, run_error(r, "the host did not answer in time", 0));
}

void run_resume(struct run *r)
{
	struct state *s = r->state;
	int results, argument = lua_status(r->lua) == LUA_YIELD ? 0 : 1;
	s->current = r;
	run_watch(r);
	int status = lua_resume(r->lua, s->lua, argument, &results);
	s->current = NULL;
	if (status == LUA_YIELD) {
		if (!r->timer)
			r->timer = loop_timer(s->host->loop, r->ms, false, timed_out, r);
	} else if (status != LUA_OK) {
		fail(r, status);
	} else {
		run_finish(r, r->verdict, r->verdict ? NULL : r->result);
	}
}

void run_start(struct run *r)
{
	lua_State *lua = r->state->lua;
	r->state->calls++;
	lua_pushcfunction(lua, prepare);
	lua_pushlightuserdata(lua, r);
	if (lua_pcall(lua, 1, 0, 0)) {
		lua_settop(lua, 0);
		run_finish(r, -ENOMEM, run_error(r, "no memory is left for a call", 0));
		return;
	}
	lua_pushcfunction(r->lua, body);
	lua_pushlightuserdata(r->lua, r);
	run_resume(r);
}
