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
#define INSTRUCTIONS_PER_US 256
#define LARGE ((size_t)16 << 10)       /* an allocation that is looked at */
#define CROWDED ((size_t)512 << 10)    /* a state's memory */
#define LONG ((size_t)1 << 10)         /* a text */
#define LONG_EVERY (HOOK_EVERY * LONG) /* instructions between looks, times the longest text */
#define TEXT_SHARE 16                  /* of a state's memory, for one text */

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

/* Is the time over, or would it be after work that takes so long? */
static bool is_over(struct run *r, int64_t ahead_us)
{
	int64_t now_us = clock_mono_us();
	if (now_us + ahead_us < r->watch.until_us)
		return false;
	int64_t left = r->time_left_us - used_us(r, now_us);
	r->watch.until_us = now_us + left;
	return left <= ahead_us;
}

static void look(lua_State *lua, lua_Debug *ar);

/* One instruction may handle all of the memory, and comparing two texts is the dearest: the more
 * there is, the fewer go unseen. */
void run_watch_closely(struct run *r)
{
	size_t every = HOOK_EVERY, bytes = r->state->bytes;
	if (bytes > CROWDED)
		every = HOOK_EVERY * CROWDED / bytes;
	if (r->longest > LONG && every > LONG_EVERY / r->longest)
		every = LONG_EVERY / r->longest;
	if (r->broken || !every)
		every = 1;
	if (lua_gethookcount(r->lua) != (int)every)
		lua_sethook(r->lua, look, LUA_MASKCOUNT, (int)every);
}

static void look(lua_State *lua, lua_Debug *ar)
{
	struct run *r = state_of(lua)->current;
	int64_t cost = lua_gethookcount(lua) + (int64_t)(r->allocated / BYTES_PER_INSTRUCTION);
	(void)ar;
	r->allocated = 0;
	run_watch_closely(r);
	run_charge(lua, cost);
}

/* Copying and making room is work that instructions do not show. Nothing may be raised here, so it
 * is looked at before the next instruction. */
static void note_allocation(struct state *s, size_t size)
{
	struct run *r = s->current;
	if (!r)
		return;
	r->allocated += size;
	lua_sethook(r->lua, look, LUA_MASKCOUNT, 1);
}

static size_t text_most(const struct state *s)
{
	return s->host->limits.memory_bytes / TEXT_SHARE;
}

static bool is_too_long(struct state *s, size_t size)
{
	struct run *r = s->current;
	bool too_long = size > text_most(s);
	if (r && size > r->longest) {
		r->longest = size;
		r->too_long = too_long;
		note_allocation(s, 0);
	}
	return too_long;
}

static bool is_late(const struct state *s)
{
	if (s->compile_until_us)
		return clock_cpu_us() > s->compile_until_us;
	return s->current && is_over(s->current, 0);
}

/* Lua collects all of its garbage and asks once more. That takes long, and where little is left it
 * does so for each allocation, also in loops of the library where nothing looks at the clock. */
static void note_refusal(struct state *s)
{
	note_allocation(s, LARGE);
	if (s->starved || !is_late(s))
		return;
	s->starved = true;
	if (s->current && !s->current->broken)
		s->current->broken = -ETIMEDOUT;
}

/* The kind is that of a new object, or nothing. */
static bool has_room(struct state *s, size_t kind, size_t size, size_t more)
{
	if ((kind & 0xf) == LUA_TSTRING && size > LONG && is_too_long(s, size))
		return false;
	if (s->starved || more > s->host->limits.memory_bytes - s->bytes) {
		note_refusal(s);
		return false;
	}
	if (size >= LARGE)
		note_allocation(s, size);
	return true;
}

void *state_alloc(void *ud, void *old, size_t old_size, size_t size)
{
	struct state *s = ud;
	size_t had = old ? old_size : 0;
	if (!size) {
		if (had)
			pool_give_back(&s->pool, old, had);
		s->bytes -= had;
		return NULL;
	}
	if (size > had && !has_room(s, old ? 0 : old_size, size, size - had))
		return NULL;
	void *p = old ? pool_resize(old, had, size) : pool_alloc(&s->pool, size);
	if (p)
		s->bytes += size - had;
	return p;
}

/* What the limit is that was broken, for the call's error. */
const char *run_limit_text(const struct run *r, int err)
{
	const struct script_limits *most = &r->state->host->limits;
	if (err == -ENOMEM && r->too_long)
		return arena_printf(r->arena, "makes a text of more than %zu bytes",
				    text_most(r->state));
	if (err == -ENOMEM)
		return arena_printf(r->arena, "needs more than %zu bytes of memory",
				    most->memory_bytes);
	if (err == -E2BIG)
		return arena_printf(r->arena, "runs for more than %" PRIu64 " instructions",
				    most->instructions);
	return arena_printf(r->arena, "runs for more than %u ms", most->time_ms);
}

/* From the broken limit on, every instruction raises it again. */
int run_break(lua_State *lua, int err)
{
	struct run *r = state_of(lua)->current;
	if (!r->broken) {
		r->broken = err;
		run_watch_closely(r);
	}
	lua_pushliteral(lua, "limit");
	return lua_error(lua);
}

void run_charge(lua_State *lua, int64_t instructions)
{
	struct run *r = state_of(lua)->current;
	if (!r)
		return;
	r->instructions -= instructions < r->instructions ? instructions : r->instructions + 1;
	if (r->broken || r->instructions < 0)
		run_break(lua, -E2BIG);
	if (is_over(r, instructions / INSTRUCTIONS_PER_US))
		run_break(lua, -ETIMEDOUT);
}

void run_watch(struct run *r)
{
	int64_t now_us = clock_mono_us();
	int64_t first = r->time_left_us < CHEAP_US ? r->time_left_us : CHEAP_US;
	r->watch = (struct watch){.since_us = now_us, .until_us = now_us + first};
	r->state->starved = false;
	r->state->compile_until_us = 0;
	run_watch_closely(r);
}

void run_rest(struct run *r)
{
	int64_t used = used_us(r, clock_mono_us());
	r->time_left_us -= used;
	r->state->owner->used_us += used;
	r->state->starved = false; /* what comes next may have memory */
	stats_add(r->hook->time_us, (uint64_t)used);
}

void run_taint(lua_State *lua)
{
	struct run *r = state_of(lua)->current;
	if (r)
		r->tainted = true;
}
