/* Memory, instructions and time. A broken limit sticks to the call: every protected call in the
 * script raises it again. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "script/state.h"

#define CHEAP_US 500

void *state_alloc(void *ud, void *old, size_t old_size, size_t size)
{
	struct state *s = ud;
	size_t had = old ? old_size : 0;
	if (!size) {
		free(old);
		s->bytes -= had;
		return NULL;
	}
	if (size > had && size - had > s->host->limits.memory_bytes - s->bytes)
		return NULL;
	void *p = realloc(old, size);
	if (p)
		s->bytes += size - had;
	return p;
}

/* What the limit is that was broken, for the call's error. */
const char *run_limit_text(const struct run *r, int err)
{
	const struct script_limits *most = &r->state->host->limits;
	if (err == -ENOMEM)
		return arena_printf(r->arena, "needs more than %zu bytes of memory",
				    most->memory_bytes);
	if (err == -E2BIG)
		return arena_printf(r->arena, "runs for more than %" PRIu64 " instructions",
				    most->instructions);
	return arena_printf(r->arena, "runs for more than %u ms", most->time_ms);
}

static void look(lua_State *lua, lua_Debug *ar)
{
	(void)ar;
	run_charge(lua, HOOK_EVERY);
}

/* From the broken limit on, every instruction raises it again. */
int run_break(lua_State *lua, int err)
{
	struct run *r = state_of(lua)->current;
	if (!r->broken) {
		r->broken = err;
		lua_sethook(r->lua, look, LUA_MASKCOUNT, 1);
	}
	lua_pushliteral(lua, "limit");
	return lua_error(lua);
}

/* On a busy machine time goes by without the script: what counts is the CPU time that it uses. That
 * is dear to ask for: not before so much may have been used, and then only when it may be over. */
static int64_t used_us(struct run *r, int64_t now_us)
{
	int64_t passed = now_us - r->watch.since_us;
	if (!r->watch.cpu_since_us && passed < CHEAP_US)
		return passed;
	int64_t cpu_us = clock_cpu_us();
	if (!r->watch.cpu_since_us)
		r->watch.cpu_since_us = cpu_us - CHEAP_US;
	return cpu_us - r->watch.cpu_since_us;
}

static bool is_over(struct run *r)
{
	int64_t now_us = clock_mono_us();
	if (now_us < r->watch.until_us)
		return false;
	int64_t left = r->time_left_us - used_us(r, now_us);
	r->watch.until_us = now_us + left;
	return left <= 0;
}

void run_charge(lua_State *lua, int64_t instructions)
{
	struct run *r = state_of(lua)->current;
	if (!r)
		return;
	r->instructions -= instructions < r->instructions ? instructions : r->instructions + 1;
	if (r->broken || r->instructions < 0)
		run_break(lua, -E2BIG);
	if (is_over(r))
		run_break(lua, -ETIMEDOUT);
}

void run_watch(struct run *r)
{
	int64_t now_us = clock_mono_us();
	int64_t first = r->time_left_us < CHEAP_US ? r->time_left_us : CHEAP_US;
	r->watch = (struct watch){.since_us = now_us, .until_us = now_us + first};
	lua_sethook(r->lua, look, LUA_MASKCOUNT, r->broken ? 1 : HOOK_EVERY);
}

void run_rest(struct run *r)
{
	int64_t used = used_us(r, clock_mono_us());
	r->time_left_us -= used;
	r->state->owner->used_us += used;
}

void run_taint(lua_State *lua)
{
	struct run *r = state_of(lua)->current;
	if (r)
		r->tainted = true;
}
