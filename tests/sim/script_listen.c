/* core.listen(port, fn, tls): fn(connection) for each that comes to 127.0.0.1:port (0: a free one);
 * connection:on(fn) then tells its events as those of core.tcp. listener:port(), listener:close().
 */
#include <stdlib.h>

#include "base/arena.h"
#include "script.h"

/* What Lua holds of a listener; the handle lives until libuv has closed it. */
struct listener {
	uv_tcp_t handle;
	struct script *script;
	int fn, tls; /* references */
};

static void on_listener_closed(uv_handle_t *h)
{
	free(h->data);
}

static void on_connection(uv_stream_t *server, int status)
{
	struct listener *l = server->data;
	lua_State *L = l->script->lua;
	if (status)
		return;
	lua_rawgeti(L, LUA_REGISTRYINDEX, l->tls);
	SSL_CTX *tls = script_tls(L, -1);
	script_push_accepted(L, server, tls);
	lua_remove(L, -2);
	script_call(l->script, l->fn, 1);
}

static struct listener **check_listener(lua_State *L)
{
	return luaL_checkudata(L, 1, "sim.listener");
}

static int listener_port(lua_State *L)
{
	struct listener *l = *check_listener(L);
	struct sockaddr_in bound = {0};
	int len = sizeof bound;
	if (l)
		uv_tcp_getsockname(&l->handle, (struct sockaddr *)&bound, &len);
	lua_pushinteger(L, ntohs(bound.sin_port));
	return 1;
}

static int listener_close(lua_State *L)
{
	struct listener **object = check_listener(L), *l = *object;
	*object = NULL;
	if (!l)
		return 0;
	luaL_unref(L, LUA_REGISTRYINDEX, l->fn);
	luaL_unref(L, LUA_REGISTRYINDEX, l->tls);
	uv_close((uv_handle_t *)&l->handle, on_listener_closed);
	return 0;
}

static int new_listener(lua_State *L)
{
	static const luaL_Reg listener_methods[] = {
	    {"port", listener_port}, {"close", listener_close}, {"__gc", listener_close}, {0}};
	struct sockaddr_in address;
	lua_Integer port = luaL_checkinteger(L, 1);
	luaL_argcheck(L, port >= 0 && port < 65536, 1, "port");
	luaL_checktype(L, 2, LUA_TFUNCTION);
	script_tls(L, 3);
	lua_settop(L, 3);
	uv_ip4_addr("127.0.0.1", (int)port, &address);
	struct listener **object =
	    script_object(L, "sim.listener", listener_methods, sizeof *object);
	struct listener *l = *object = mem_zalloc(sizeof *l);
	l->script = script_of(L);
	lua_pushvalue(L, 2);
	l->fn = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_pushvalue(L, 3);
	l->tls = luaL_ref(L, LUA_REGISTRYINDEX);
	uv_tcp_init(loop_uv(l->script->loop), &l->handle);
	l->handle.data = l;
	int err = uv_tcp_bind(&l->handle, (const struct sockaddr *)&address, 0);
	if (!err)
		err = uv_listen((uv_stream_t *)&l->handle, 128, on_connection);
	return err ? luaL_error(L, "cannot listen: %s", uv_strerror(err)) : 1;
}

void script_add_listen(lua_State *L)
{
	lua_pushcfunction(L, new_listener);
	lua_setfield(L, -2, "listen");
}
