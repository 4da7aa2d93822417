/* busbar.<group>.<name>: functions of the host, which may answer later. The script does not notice:
 * its coroutine sleeps meanwhile. */
#include <errno.h>
#include <stdlib.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "script/state.h"
#include "json/json.h"

#define COST 100 /* instructions */

/* A host call. Both the run and whoever has to answer know it: it goes when both are through. */
struct wait {
	struct run *run; /* NULL: nobody waits any more */
	const struct export *export;
	struct bb_arena *arena;
	const struct bb_json *value;
	int err;
	bool answered, calling;
	struct wait *next;
};

static void free_wait(struct wait *w)
{
	arena_free(w->arena);
	free(w);
}

static struct wait *new_wait(struct run *r, const struct export *e)
{
	struct wait *w = mem_zalloc(sizeof *w);
	w->run = r;
	w->export = e;
	w->arena = arena_new(0);
	w->next = r->waits;
	r->waits = w;
	return w;
}

static void unlink_wait(struct wait *w)
{
	struct wait **at = &w->run->waits;
	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	w->run = NULL;
}

static void drop_wait(struct wait *w)
{
	unlink_wait(w);
	free_wait(w);
}

void await_forget(struct run *r)
{
	while (r->waits) {
		struct wait *w = r->waits;
		unlink_wait(w); // NOLINT(clang-analyzer-unix.Malloc): each time another
		if (w->answered)
			free_wait(w);
	}
}

static void resume_later(void *arg)
{
	struct run *r = arg;
	r->postponed = false;
	if (r->over)
		run_free(r);
	else
		run_resume(r);
}

/* Called once by the host's function. Never enters a state that is running: the answer may come out
 * of another script's call. */
static void done(int err, const struct bb_json *v, void *arg)
{
	struct wait *w = arg;
	struct run *r = w->run;
	if (!r) {
		free_wait(w);
		return;
	}
	w->answered = true;
	w->err = err;
	w->value = v ? json_copy(w->arena, v) : NULL;
	if (w->calling)
		return;
	if (r->state->current) {
		r->postponed = true;
		loop_defer(r->state->host->loop, resume_later, r);
	} else {
		run_resume(r);
	}
}

/* Until it is dropped the run owns `w`: everything here may raise. */
static int push_answer(lua_State *lua, struct wait *w)
{
	if (w->err) {
		const char *detail = bb_json_get_str(w->value, "detail", strerror(-w->err));
		luaL_where(lua, 1);
		lua_pushfstring(lua, "busbar.%s.%s: %s", w->export->group, w->export->name, detail);
		lua_concat(lua, 2);
		drop_wait(w);
		return lua_error(lua);
	}
	values_push(lua, w->value);
	drop_wait(w);
	return 1;
}

static int answered(lua_State *lua, int status, lua_KContext context)
{
	(void)status;
	return push_answer(lua, (struct wait *)context);
}

/* NULL: one of them cannot be told; the error is on the stack. */
static const struct bb_json *read_arguments(lua_State *lua, struct wait *w)
{
	struct bb_builder args = bb_build(w->arena);
	size_t most = answer_most(state_of(lua));
	int n = lua_gettop(lua);
	for (int i = 1; i <= n; i++) {
		struct bb_json v;
		const char *reason;
		run_charge(lua, COST);
		if (values_read(lua, i, w->arena, most, &v, &reason)) {
			luaL_where(lua, 1);
			lua_pushfstring(lua, "busbar.%s.%s: argument %d%s", w->export->group,
					w->export->name, i, reason);
			lua_concat(lua, 2);
			return NULL;
		}
		bb_push(&args, v);
	}
	return bb_build_array(&args);
}

static int call_host(lua_State *lua)
{
	const struct export *e = lua_touserdata(lua, lua_upvalueindex(1));
	struct run *r = state_of(lua)->current;
	if (!r)
		return luaL_error(lua, "busbar.%s.%s is not for libraries", e->group, e->name);
	run_taint(lua);
	run_charge(lua, COST);
	struct wait *w = new_wait(r, e);
	w->answered = true; /* nobody has been asked yet */
	const struct bb_json *args = read_arguments(lua, w);
	if (!args) {
		drop_wait(w);
		return lua_error(lua);
	}
	w->answered = false;
	w->calling = true;
	e->fn(e->self, r->state->owner->operator_id, args, done, w);
	w->calling = false;
	if (w->answered)
		return push_answer(lua, w);
	if (!lua_isyieldable(lua)) {
		unlink_wait(w);
		return luaL_error(lua, "busbar.%s.%s: a script cannot wait here", e->group,
				  e->name);
	}
	return lua_yieldk(lua, 0, (lua_KContext)w, answered);
}

/* The group's table, made if need be, on the top. */
static void push_group(lua_State *lua, const char *name)
{
	if (lua_getfield(lua, -1, name) == LUA_TTABLE)
		return;
	lua_pop(lua, 1);
	lua_newtable(lua);
	lua_pushvalue(lua, -1);
	lua_setfield(lua, -3, name);
}

static void seal_groups(lua_State *lua)
{
	lua_pushnil(lua);
	while (lua_next(lua, -2)) {
		sandbox_read_only(lua);
		lua_pushvalue(lua, -2);
		lua_insert(lua, -2);
		lua_settable(lua, -4);
	}
}

void await_open(lua_State *lua, const struct export *exports)
{
	for (const struct export *e = exports; e; e = e->next) {
		push_group(lua, e->group);
		lua_pushlightuserdata(lua, (void *)e);
		lua_pushcclosure(lua, call_host, 1);
		lua_setfield(lua, -2, e->name);
		lua_pop(lua, 1);
	}
	seal_groups(lua);
}
