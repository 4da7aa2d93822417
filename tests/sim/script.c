#include "script.h"

#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/version.h"

struct script *script_of(lua_State *L)
{
	return *(struct script **)lua_getextraspace(L);
}

static int add_traceback(lua_State *L)
{
	const char *text = luaL_tolstring(L, 1, NULL);
	luaL_traceback(L, L, text, 1);
	return 1;
}

static void end(struct script *s, int status)
{
	if (s->ended)
		return;
	s->ended = true;
	s->status = status;
	loop_stop(s->loop);
}

static void call_protected(struct script *s, int count)
{
	lua_State *L = s->lua;
	int base = lua_gettop(L) - count;
	lua_pushcfunction(L, add_traceback);
	lua_insert(L, base);
	if (lua_pcall(L, count, 0, base) != LUA_OK) {
		fprintf(stderr, "busbar-sim: %s\n", lua_tostring(L, -1));
		lua_pop(L, 1);
		end(s, 1);
	}
	lua_remove(L, base);
}

void script_call(struct script *s, int ref, int count)
{
	if (s->ended || ref == LUA_NOREF) {
		lua_pop(s->lua, count);
		return;
	}
	lua_rawgeti(s->lua, LUA_REGISTRYINDEX, ref);
	lua_insert(s->lua, -count - 1);
	call_protected(s, count);
}

void *script_object(lua_State *L, const char *class, const luaL_Reg *methods, size_t size)
{
	void *object = memset(lua_newuserdatauv(L, size, 0), 0, size);
	if (luaL_newmetatable(L, class)) {
		luaL_setfuncs(L, methods, 0);
		lua_pushvalue(L, -1);
		lua_setfield(L, -2, "__index");
	}
	lua_setmetatable(L, -2);
	return object;
}

/* core.finish(status) */
static int finish(lua_State *L)
{
	end(script_of(L), (int)luaL_checkinteger(L, 1));
	return 0;
}

static void set_string(lua_State *L, const char *name, const char *value)
{
	lua_pushstring(L, value);
	lua_setfield(L, -2, name);
}

static void set_bool(lua_State *L, const char *name, bool value)
{
	lua_pushboolean(L, value);
	lua_setfield(L, -2, name);
}

static void add_args(lua_State *L, const struct script_args *a)
{
	lua_newtable(L);
	set_string(L, "url", a->url);
	set_string(L, "key", a->key);
	set_string(L, "share", a->share);
	set_string(L, "bin", a->bin);
	set_string(L, "version", BUSBAR_VERSION);
	set_string(L, "ca", a->ca);
	set_bool(L, "insecure", a->insecure);
	set_bool(L, "quiet", a->quiet);
	set_bool(L, "verbose", a->verbose);
	lua_newtable(L);
	for (int i = 0; a->argv[i]; i++) {
		lua_pushstring(L, a->argv[i]);
		lua_rawseti(L, -2, i);
	}
	lua_setfield(L, -2, "argv");
	lua_setfield(L, -2, "args");
}

/* `core`, the table that the Lua files build on; they are found by require(). */
static void open_libraries(struct script *s, const struct script_args *a)
{
	lua_State *L = s->lua;
	luaL_openlibs(L);
	lua_newtable(L);
	lua_pushcfunction(L, finish);
	lua_setfield(L, -2, "finish");
	script_add_json(L);
	script_add_link(L);
	script_add_tcp(L);
	script_add_listen(L);
	script_add_process(L);
	script_add_clock(L);
	script_add_tls(L);
	script_add_crypto(L);
	add_args(L, a);
	luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
	lua_pushvalue(L, -2);
	lua_setfield(L, -2, "core");
	lua_pop(L, 2);

	lua_getglobal(L, "package");
	lua_pushfstring(L, "%s/sim/?.lua", a->share);
	lua_setfield(L, -2, "path");
	lua_pop(L, 1);
}

static void run_main(struct script *s)
{
	lua_State *L = s->lua;
	lua_getglobal(L, "require");
	lua_pushliteral(L, "main");
	call_protected(s, 1);
	while (!s->ended)
		loop_run(s->loop);
}

int script_run(const struct script_args *a)
{
	struct script s = {.lua = luaL_newstate(), .loop = loop_new(), .status = 1};
	if (s.lua && s.loop)
		s.ws = ws_new(s.loop, &script_link_handler);
	if (s.ws) {
		*(struct script **)lua_getextraspace(s.lua) = &s;
		open_libraries(&s, a);
		run_main(&s);
	} else {
		fputs("busbar-sim: cannot start its event loop\n", stderr);
	}
	s.ended = true;
	ws_free(s.ws);
	if (s.lua)
		lua_close(s.lua);
	loop_free(s.loop);
	return s.status;
}
