/* core.tls{host, ca, certificate, key, version, ciphers, insecure}: how to speak TLS, for core.link
 * and core.tcp, or with `server` for core.listen; or nil and what is wrong with it. */
#include <openssl/x509.h>
#include <stdlib.h>

#include "base/buf.h"
#include "script.h"
#include "tls.h"

#define CLASS "sim.tls"

SSL_CTX *script_tls(lua_State *L, int arg)
{
	return lua_isnoneornil(L, arg) ? NULL : *(SSL_CTX **)luaL_checkudata(L, arg, CLASS);
}

static int tls_gc(lua_State *L)
{
	SSL_CTX **tls = luaL_checkudata(L, 1, CLASS);
	SSL_CTX_free(*tls);
	*tls = NULL;
	return 0;
}

static const char *option(lua_State *L, const char *name)
{
	lua_getfield(L, 1, name);
	const char *value = luaL_optstring(L, -1, NULL);
	lua_pop(L, 1); /* the table keeps it */
	return value;
}

static int new_tls(lua_State *L)
{
	static const luaL_Reg methods[] = {{"__gc", tls_gc}, {0}};
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_getfield(L, 1, "insecure");
	struct tls_options o = {
	    .host = option(L, "host"),
	    .ca = option(L, "ca"),
	    .certificate = option(L, "certificate"),
	    .key = option(L, "key"),
	    .version = option(L, "version"),
	    .ciphers = option(L, "ciphers"),
	    .insecure = lua_toboolean(L, -1),
	};
	lua_getfield(L, 1, "server");
	bool server = lua_toboolean(L, -1);
	SSL_CTX **object = script_object(L, CLASS, methods, sizeof *object);
	char *error = NULL;
	*object = server ? tls_server(&o, &error) : tls_client(&o, &error);
	if (*object)
		return 1;
	luaL_pushfail(L);
	lua_pushstring(L, error);
	free(error);
	return 2;
}

void script_push_peer(lua_State *L, SSL *ssl)
{
	X509 *peer = ssl ? SSL_get1_peer_certificate(ssl) : NULL;
	if (!peer) {
		lua_pushnil(L);
		return;
	}
	script_push_certificate(L, peer);
	X509_free(peer);
	lua_pushstring(L, SSL_get_version(ssl));
	lua_setfield(L, -2, "version");
	lua_pushstring(L, SSL_get_cipher_name(ssl));
	lua_setfield(L, -2, "cipher");
}

void script_add_tls(lua_State *L)
{
	lua_pushcfunction(L, new_tls);
	lua_setfield(L, -2, "tls");
}
