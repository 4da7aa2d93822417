/* core.timer(seconds, fn), core.now_ms(), core.mono_us(), core.format_time(ms),
 * core.parse_time(text), core.base64(bytes), core.random(count). */
#include <libwebsockets.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "script.h"

struct timer {
	struct script *script;
	struct loop_timer *timer; /* NULL once fired or cancelled */
	int fn, self;
};

static void forget(struct timer *t)
{
	t->timer = NULL;
	luaL_unref(t->script->lua, LUA_REGISTRYINDEX, t->fn);
	luaL_unref(t->script->lua, LUA_REGISTRYINDEX, t->self);
}

static void on_timer(void *arg)
{
	struct timer *t = arg;
	t->timer = NULL;
	script_call(t->script, t->fn, 0);
	forget(t);
}

static int timer_cancel(lua_State *L)
{
	struct timer *t = luaL_checkudata(L, 1, "sim.timer");
	if (t->timer) {
		loop_timer_release(t->timer);
		forget(t);
	}
	return 0;
}

/* At the end of the run the state goes before the loop. */
static int timer_gc(lua_State *L)
{
	struct timer *t = luaL_checkudata(L, 1, "sim.timer");
	loop_timer_release(t->timer);
	t->timer = NULL;
	return 0;
}

static const luaL_Reg timer_methods[] = {{"cancel", timer_cancel}, {"__gc", timer_gc}, {0}};

static int new_timer(lua_State *L)
{
	lua_Number seconds = luaL_checknumber(L, 1);
	luaL_checktype(L, 2, LUA_TFUNCTION);
	luaL_argcheck(L, seconds >= 0 && seconds < 1e9, 1, "seconds");
	struct timer *t = script_object(L, "sim.timer", timer_methods, sizeof *t);
	t->script = script_of(L);
	lua_pushvalue(L, 2);
	t->fn = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_pushvalue(L, -1);
	t->self = luaL_ref(L, LUA_REGISTRYINDEX);
	/* Meanwhile the story may have waited for something else: io.popen() stops the loop. */
	uv_update_time(loop_uv(t->script->loop));
	t->timer = loop_timer(t->script->loop, (uint64_t)(seconds * 1000), false, on_timer, t);
	return 1;
}

static int now_ms(lua_State *L)
{
	lua_pushinteger(L, clock_now_ms());
	return 1;
}

static int mono_us(lua_State *L)
{
	lua_pushinteger(L, clock_mono_us());
	return 1;
}

static int format_time(lua_State *L)
{
	char text[CLOCK_TEXT_SIZE];
	lua_pushlstring(L, text, clock_format(luaL_checkinteger(L, 1), text));
	return 1;
}

static int parse_time(lua_State *L)
{
	size_t len;
	const char *text = luaL_checklstring(L, 1, &len);
	int64_t ms;
	if (clock_parse(text, len, &ms))
		return luaL_pushfail(L), 1;
	lua_pushinteger(L, ms);
	return 1;
}

static int base64(lua_State *L)
{
	size_t len;
	const char *bytes = luaL_checklstring(L, 1, &len);
	struct buf out = {0};
	size_t room = (len + 2) / 3 * 4 + 8; /* libwebsockets wants some to spare */
	int n = lws_b64_encode_string(bytes, (int)len, buf_reserve(&out, room), (int)room);
	lua_pushlstring(L, out.data, n < 0 ? 0 : (size_t)n);
	buf_free(&out);
	return 1;
}

static int random_bytes(lua_State *L)
{
	lua_Integer count = luaL_checkinteger(L, 1);
	luaL_argcheck(L, count >= 0 && count <= 1 << 24, 1, "count");
	luaL_Buffer b;
	id_random(luaL_buffinitsize(L, &b, (size_t)count), (size_t)count);
	luaL_pushresultsize(&b, (size_t)count);
	return 1;
}

void script_add_clock(lua_State *L)
{
	static const luaL_Reg functions[] = {
	    {"timer", new_timer},       {"now_ms", now_ms},
	    {"mono_us", mono_us},       {"format_time", format_time},
	    {"parse_time", parse_time}, {"base64", base64},
	    {"random", random_bytes},   {0},
	};
	luaL_setfuncs(L, functions, 0);
}
