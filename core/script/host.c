/* The host of all operators' states; the functions of script.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "script/state.h"
#include "json/json.h"

#define DEFAULT_MS 10000
#define SWEEP_MS 60000

static void sweep(void *arg)
{
	struct script_host *h = arg;
	script_host_drop_idle(h, h->limits.idle_ms);
}

struct script_host *script_host_new(struct loop *loop, const struct script_limits *limits)
{
	struct script_host *h = mem_zalloc(sizeof *h);
	h->loop = loop;
	h->limits = *limits;
	h->zones = zones_new(NULL);
	counts_owners(h);
	if (loop && limits->idle_ms)
		h->sweep = loop_timer(loop, SWEEP_MS, true, sweep, h);
	return h;
}

void script_host_free(struct script_host *h)
{
	if (!h)
		return;
	stats_forget(h);
	if (h->sweep)
		loop_timer_release(h->sweep);
	owners_free(h);
	library_free(h);
	while (h->exports) {
		struct export *e = h->exports;
		h->exports = e->next;
		free(e);
	}
	zones_free(h->zones);
	free(h);
}

void script_host_export(struct script_host *h, const char *group, const char *name,
			script_host_fn *fn, void *self)
{
	struct export *e = mem_alloc(sizeof *e);
	*e = (struct export){group, name, fn, self, h->exports};
	h->exports = e;
}

static int no_state(const struct bb_script *script, bb_json_fn *fn, void *arg)
{
	struct bb_arena *a = arena_new(0);
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "detail", "there is not enough memory for a sandbox");
	bb_put_str(&b, "script", script->name);
	fn(-ENOMEM, bb_build_object(&b), arg);
	arena_free(a);
	return 0;
}

static void start_later(void *arg)
{
	struct run *r = arg;
	r->postponed = false;
	if (r->over)
		run_free(r);
	else
		run_start(r);
}

/* Lua calls the host, the host calls Lua of the same operator: not before the first has returned.
 */
static void postpone(struct run *r)
{
	r->script.version = bb_strdup(r->arena, r->script.version);
	r->script.text = bb_strndup(r->arena, r->script.text, r->script.len);
	size_t count = r->script.module_count;
	struct bb_module *modules = bb_alloc(r->arena, (count + 1) * sizeof *modules);
	for (size_t i = 0; i < count; i++) {
		const struct bb_module *m = &r->script.modules[i];
		modules[i] = (struct bb_module){bb_strdup(r->arena, m->name),
						bb_strndup(r->arena, m->text, m->len), m->len};
	}
	r->script.modules = modules;
	r->question = r->question ? json_copy(r->arena, r->question) : NULL;
	r->kept = true;
	r->postponed = true;
	loop_defer(r->state->host->loop, start_later, r);
}

int script_call(struct script_host *h, const struct bb_script *script, const char *function,
		const struct bb_json *question, uint32_t ms, bb_json_fn *fn, void *arg)
{
	struct state *s;
	struct owner *o = owner_find(h, script->operator_id);
	struct hook *hook = hook_of(o, function);
	o->calls++;
	stats_add(hook->calls, 1);
	if (owner_state(h, o, &s)) {
		o->failures++;
		stats_add(hook->failures, 1);
		return no_state(script, fn, arg);
	}
	struct run *r = run_new(s, script, function);
	r->hook = hook;
	r->question = question;
	r->ms = ms ? ms : DEFAULT_MS;
	r->fn = fn;
	r->arg = arg;
	if (s->current)
		postpone(r);
	else
		run_start(r);
	return 0;
}

static int load(lua_State *lua)
{
	return compile_load(lua, lua_touserdata(lua, 1)) ? lua_error(lua) : 0;
}

int script_check(struct script_host *h, const struct bb_script *script, struct bb_arena *arena,
		 const char **ret_error)
{
	struct state bare = {.host = h};
	lua_State *lua = lua_newstate(state_alloc, &bare);
	if (!lua) {
		*ret_error = "there is not enough memory for a sandbox";
		return -EPERM;
	}
	struct state *self = &bare;
	memcpy(lua_getextraspace(lua), &self, sizeof self);
	lua_pushcfunction(lua, load);
	lua_pushlightuserdata(lua, (void *)script);
	int status = lua_pcall(lua, 1, 0, 0);
	if (status)
		*ret_error = values_clean(arena, lua_tostring(lua, -1));
	lua_close(lua);
	pool_empty(&bare.pool);
	return status ? -EPERM : 0;
}
