/* core.link({host, port, tls (of core.tls), path, subprotocols, authorization}, fn): a WebSocket
 * link whose events are told as fn("open", subprotocol), fn("fail", status, reason), fn("message",
 * text, binary), fn("pong", data), fn("close", code, reason). */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "script.h"

struct link {
	struct script *script;
	struct ws_link *ws; /* NULL once dead */
	int fn, self;       /* registry references, held while it is alive */
};

static struct link *check_link(lua_State *L)
{
	return luaL_checkudata(L, 1, "sim.link");
}

static void forget(struct link *l)
{
	lua_State *L = l->script->lua;
	l->ws = NULL;
	luaL_unref(L, LUA_REGISTRYINDEX, l->fn);
	luaL_unref(L, LUA_REGISTRYINDEX, l->self);
}

static void on_opened(struct ws_link *w, const char *subprotocol, void *arg)
{
	struct link *l = arg;
	(void)w;
	lua_pushliteral(l->script->lua, "open");
	lua_pushstring(l->script->lua, subprotocol);
	script_call(l->script, l->fn, 2);
}

static void on_failed(int status, const char *reason, void *arg)
{
	struct link *l = arg;
	lua_pushliteral(l->script->lua, "fail");
	lua_pushinteger(l->script->lua, status);
	lua_pushstring(l->script->lua, reason);
	l->ws = NULL;
	script_call(l->script, l->fn, 3);
	forget(l);
}

static void on_message(struct ws_link *w, const char *data, size_t len, bool binary, void *arg)
{
	struct link *l = arg;
	(void)w;
	lua_pushliteral(l->script->lua, "message");
	lua_pushlstring(l->script->lua, data, len);
	lua_pushboolean(l->script->lua, binary);
	script_call(l->script, l->fn, 3);
}

static void on_pong(struct ws_link *w, const char *data, size_t len, void *arg)
{
	struct link *l = arg;
	(void)w;
	lua_pushliteral(l->script->lua, "pong");
	lua_pushlstring(l->script->lua, data, len);
	script_call(l->script, l->fn, 2);
}

static void on_closed(uint16_t code, const char *reason, size_t len, void *arg)
{
	struct link *l = arg;
	lua_pushliteral(l->script->lua, "close");
	lua_pushinteger(l->script->lua, code);
	lua_pushlstring(l->script->lua, reason, len);
	l->ws = NULL;
	script_call(l->script, l->fn, 3);
	forget(l);
}

const struct ws_handler script_link_handler = {
    .opened = on_opened,
    .failed = on_failed,
    .message = on_message,
    .pong = on_pong,
    .closed = on_closed,
};

/* link:send(data, kind, final): true, or nil when it is closing. */
static int link_send(lua_State *L)
{
	static const char *const kinds[] = {"text", "binary", "continuation", "ping", "pong", NULL};
	struct link *l = check_link(L);
	size_t len;
	const char *data = luaL_checklstring(L, 2, &len);
	enum ws_kind kind = (enum ws_kind)luaL_checkoption(L, 3, "text", kinds);
	bool final = lua_isnoneornil(L, 4) || lua_toboolean(L, 4);
	if (!l->ws || ws_send(l->ws, kind, data, len, final))
		return luaL_pushfail(L), 1;
	lua_pushboolean(L, true);
	return 1;
}

/* link:close(code, reason) */
static int link_close(lua_State *L)
{
	struct link *l = check_link(L);
	uint16_t code = (uint16_t)luaL_optinteger(L, 2, 1000);
	const char *reason = luaL_optstring(L, 3, "");
	if (l->ws)
		ws_close(l->ws, code, reason);
	return 0;
}

static int link_drop(lua_State *L)
{
	struct link *l = check_link(L);
	if (l->ws)
		ws_drop(l->ws);
	return 0;
}

/* link:pause(true|false) */
static int link_pause(lua_State *L)
{
	struct link *l = check_link(L);
	if (l->ws)
		ws_pause(l->ws, lua_toboolean(L, 2));
	return 0;
}

static int link_peer(lua_State *L)
{
	struct link *l = check_link(L);
	script_push_peer(L, l->ws ? ws_ssl(l->ws) : NULL);
	return 1;
}

static const luaL_Reg methods[] = {
    {"send", link_send},   {"close", link_close}, {"drop", link_drop},
    {"pause", link_pause}, {"peer", link_peer},   {0},
};

static const char *field(lua_State *L, const char *name, const char *other)
{
	lua_getfield(L, 1, name);
	const char *value = luaL_optstring(L, -1, other);
	lua_pop(L, 1); /* the table keeps it */
	return value;
}

static int new_link(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_getfield(L, 1, "port");
	lua_getfield(L, 1, "tls");
	struct ws_target target = {
	    .host = field(L, "host", "127.0.0.1"),
	    .port = (int)luaL_checkinteger(L, -2),
	    .tls = script_tls(L, lua_gettop(L)),
	    .path = field(L, "path", "/"),
	    .subprotocols = field(L, "subprotocols", NULL),
	    .authorization = field(L, "authorization", NULL),
	};
	struct link *l = script_object(L, "sim.link", methods, sizeof *l);
	l->script = script_of(L);
	lua_pushvalue(L, 2);
	l->fn = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_pushvalue(L, -1);
	l->self = luaL_ref(L, LUA_REGISTRYINDEX);
	l->ws = ws_connect(l->script->ws, &target, l);
	return 1;
}

void script_add_link(lua_State *L)
{
	lua_pushcfunction(L, new_link);
	lua_setfield(L, -2, "link");
}
