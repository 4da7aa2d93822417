/* The Lua state of one run, and what its C functions share. Everything that waits is told by
 * callbacks from the loop; lua/task.lua makes coroutines of that, so that stories read as if
 * calls blocked. */
#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H
#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>

#include "loop/loop.h"
#include "ws.h"

struct script {
	lua_State *lua;
	struct loop *loop;
	struct ws *ws;
	bool ended;
	int status; /* the process's, once ended */
};

struct script_args {
	const char *url, *key; /* NULL: the environment's */
	const char *share;     /* <prefix>/share/busbar */
	const char *bin;       /* <prefix>/bin */
	const char *ca;        /* roots that chargers trust; NULL: the system's */
	bool insecure, quiet, verbose;
	char **argv; /* the script and its arguments, NULL-terminated */
};

/* Runs it to its end; returns the exit status. */
int script_run(const struct script_args *);

/* For C functions called from Lua. */
struct script *script_of(lua_State *);
/* Calls the function behind `ref` with the topmost `count` values of the main state's stack. An
 * error ends the run. */
void script_call(struct script *, int ref, int count);
/* A userdata of the class, its methods in `methods`; zeroed. */
void *script_object(lua_State *, const char *class, const luaL_Reg *methods, size_t size);

/* Functions that other files add to the table on top of the stack. */
void script_add_json(lua_State *);
void script_add_link(lua_State *);
void script_add_tcp(lua_State *);
void script_add_listen(lua_State *);
void script_add_process(lua_State *);
void script_add_clock(lua_State *);
void script_add_tls(lua_State *);
void script_add_crypto(lua_State *);
void script_add_pki(lua_State *);

/* Pushes the connection that has come, as core.tcp makes them; one that fails closes later. */
void script_push_accepted(lua_State *, uv_stream_t *server, SSL_CTX *tls);

/* The argument's core.tls object, NULL for nil. */
SSL_CTX *script_tls(lua_State *, int arg);
/* Pushes a table of what the certificate says. */
void script_push_certificate(lua_State *, X509 *);
void script_push_request(lua_State *, X509_REQ *);
/* The same of the peer's, with the TLS version and cipher; nil if there is none. */
void script_push_peer(lua_State *, SSL *);

extern const struct ws_handler script_link_handler;
#endif
