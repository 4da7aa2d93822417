/* core.tcp(host, port, fn, tls): a bare TCP connection, for handshakes that no library would send,
 * or one under TLS. Events: fn("open"), fn("data", bytes), fn("close", reason), the last one
 * always. connection:on(fn): from now on that one is told. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "script.h"
#include "tls.h"

struct tcp {
	struct script *script;
	uv_tcp_t handle;
	uv_connect_t connecting;
	uv_getaddrinfo_t resolving;
	char reason[128];
	char buffer[16384];
	struct tcp_object *object; /* NULL once Lua has lost it */
	struct tls_stream *tls;    /* NULL: plain */
	bool resolved, closing, secure;
};

/* What Lua holds; the struct above lives until libuv has closed its handle. */
struct tcp_object {
	struct tcp *tcp; /* NULL once closed */
	int fn, self;
};

struct tcp_write {
	uv_write_t write;
	char data[];
};

static void on_handle_closed(uv_handle_t *h)
{
	struct tcp *t = h->data;
	struct tcp_object *o = t->object;
	if (o) {
		lua_State *L = t->script->lua;
		o->tcp = NULL;
		lua_pushliteral(L, "close");
		lua_pushstring(L, t->reason);
		script_call(t->script, o->fn, 2);
		luaL_unref(L, LUA_REGISTRYINDEX, o->fn);
		luaL_unref(L, LUA_REGISTRYINDEX, o->self);
	}
	tls_stream_free(t->tls);
	free(t);
}

static void close_for(struct tcp *t, const char *reason)
{
	if (t->closing)
		return;
	t->closing = true;
	strncpy(t->reason, reason, sizeof t->reason - 1);
	if (t->resolved)
		uv_close((uv_handle_t *)&t->handle, on_handle_closed);
	else
		uv_cancel((uv_req_t *)&t->resolving);
}

static void on_alloc(uv_handle_t *h, size_t size, uv_buf_t *ret)
{
	struct tcp *t = h->data;
	(void)size;
	*ret = uv_buf_init(t->buffer, sizeof t->buffer);
}

static void tell_data(struct tcp *t, const char *data, size_t len)
{
	if (!t->object)
		return;
	lua_pushliteral(t->script->lua, "data");
	lua_pushlstring(t->script->lua, data, len);
	script_call(t->script, t->object->fn, 2);
}

static void tell_open(struct tcp *t)
{
	if (!t->object)
		return;
	lua_pushliteral(t->script->lua, "open");
	script_call(t->script, t->object->fn, 1);
}

static void on_written(uv_write_t *w, int status)
{
	(void)status;
	free(w);
}

static int write_bytes(struct tcp *t, const char *data, size_t len)
{
	struct tcp_write *w = mem_alloc(sizeof *w + len);
	memcpy(w->data, data, len);
	uv_buf_t b = uv_buf_init(w->data, (unsigned)len);
	int err = uv_write(&w->write, (uv_stream_t *)&t->handle, &b, 1, on_written);
	if (err)
		free(w);
	return err;
}

static void write_records(struct tcp *t)
{
	struct buf out = {0};
	tls_stream_take(t->tls, &out);
	if (out.len)
		write_bytes(t, out.data, out.len);
	buf_free(&out);
}

static void close_for_tls(struct tcp *t)
{
	struct buf why = {0};
	buf_add_str(&why, "tls: ");
	tls_reason(tls_stream_ssl(t->tls), &why);
	if (why.len == 5)
		buf_add_str(&why, t->secure ? "not TLS any more" : "the handshake failed");
	close_for(t, why.data);
	buf_free(&why);
}

static void shake_hands(struct tcp *t)
{
	int n = tls_stream_handshake(t->tls);
	write_records(t);
	if (n < 0) {
		close_for_tls(t);
	} else if (n) {
		t->secure = true;
		tell_open(t);
	}
}

static void read_records(struct tcp *t, const char *data, size_t len)
{
	char plain[16384];
	ssize_t n = 0;
	tls_stream_feed(t->tls, data, len);
	if (!t->secure)
		shake_hands(t);
	while (t->secure && !t->closing && (n = tls_stream_read(t->tls, plain, sizeof plain)) > 0)
		tell_data(t, plain, (size_t)n);
	if (t->secure && !t->closing)
		write_records(t);
	if (n == -EPIPE)
		close_for(t, "closed");
	else if (n < 0)
		close_for_tls(t);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *b)
{
	struct tcp *t = stream->data;
	if (n == UV_EOF && t->tls && !t->secure)
		close_for_tls(t);
	else if (n < 0)
		close_for(t, n == UV_EOF ? "closed" : uv_strerror((int)n));
	else if (n > 0 && t->tls)
		read_records(t, b->base, (size_t)n);
	else if (n > 0)
		tell_data(t, b->base, (size_t)n);
}

static void on_connected(uv_connect_t *c, int status)
{
	struct tcp *t = c->data;
	if (status) {
		close_for(t, uv_strerror(status));
		return;
	}
	uv_read_start((uv_stream_t *)&t->handle, on_alloc, on_read);
	if (t->tls)
		shake_hands(t);
	else
		tell_open(t);
}

static void on_resolved(uv_getaddrinfo_t *r, int status, struct addrinfo *found)
{
	struct tcp *t = r->data;
	t->resolved = true;
	int err = status;
	if (!err && !t->closing)
		err = uv_tcp_connect(&t->connecting, &t->handle, found->ai_addr, on_connected);
	uv_freeaddrinfo(found);
	if (t->closing)
		uv_close((uv_handle_t *)&t->handle, on_handle_closed);
	else if (err)
		close_for(t, uv_strerror(err));
}

static struct tcp_object *check_tcp(lua_State *L)
{
	return luaL_checkudata(L, 1, "sim.tcp");
}

static int tcp_send(lua_State *L)
{
	struct tcp_object *o = check_tcp(L);
	size_t len;
	const char *data = luaL_checklstring(L, 2, &len);
	struct tcp *t = o->tcp;
	int err = !t || t->closing ? -EPIPE : 0;
	if (!err && t->tls) {
		err = tls_stream_write(t->tls, data, len);
		write_records(t);
	} else if (!err) {
		err = write_bytes(t, data, len);
	}
	if (err)
		return luaL_pushfail(L), 1;
	lua_pushboolean(L, true);
	return 1;
}

static int tcp_peer(lua_State *L)
{
	struct tcp_object *o = check_tcp(L);
	script_push_peer(L, o->tcp && o->tcp->tls ? tls_stream_ssl(o->tcp->tls) : NULL);
	return 1;
}

static int tcp_close(lua_State *L)
{
	struct tcp_object *o = check_tcp(L);
	if (o->tcp)
		close_for(o->tcp, "closed here");
	return 0;
}

static int tcp_reset(lua_State *L)
{
	struct tcp_object *o = check_tcp(L);
	if (!o->tcp || o->tcp->closing)
		return 0;
	o->tcp->closing = true;
	strcpy(o->tcp->reason, "reset here");
	if (uv_tcp_close_reset(&o->tcp->handle, on_handle_closed))
		uv_close((uv_handle_t *)&o->tcp->handle, on_handle_closed);
	return 0;
}

static int tcp_gc(lua_State *L)
{
	struct tcp_object *o = check_tcp(L);
	if (o->tcp) {
		o->tcp->object = NULL;
		close_for(o->tcp, "forgotten");
	}
	return 0;
}

static int tcp_on(lua_State *L)
{
	struct tcp_object *o = check_tcp(L);
	luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_settop(L, 2);
	if (!o->tcp)
		return 0;
	luaL_unref(L, LUA_REGISTRYINDEX, o->fn);
	o->fn = luaL_ref(L, LUA_REGISTRYINDEX);
	return 0;
}

static const luaL_Reg methods[] = {
    {"send", tcp_send},
    {"close", tcp_close},
    {"reset", tcp_reset},
    {"on", tcp_on},
    {"peer", tcp_peer},
    {"__gc", tcp_gc},
    {0},
};

/* The object on top of the stack, and the connection it stands for. */
static struct tcp *push_tcp(lua_State *L, struct tls_stream *tls)
{
	struct tcp_object *o = script_object(L, "sim.tcp", methods, sizeof *o);
	struct tcp *t = mem_zalloc(sizeof *t);
	t->script = script_of(L);
	t->object = o;
	t->tls = tls;
	o->tcp = t;
	o->fn = LUA_NOREF;
	uv_tcp_init(loop_uv(t->script->loop), &t->handle);
	t->handle.data = t->connecting.data = t->resolving.data = t;
	lua_pushvalue(L, -1);
	o->self = luaL_ref(L, LUA_REGISTRYINDEX);
	return t;
}

static int new_tcp(lua_State *L)
{
	const char *host = luaL_checkstring(L, 1);
	char service[16];
	lua_Integer port = luaL_checkinteger(L, 2);
	luaL_argcheck(L, port > 0 && port < 65536, 2, "port");
	luaL_checktype(L, 3, LUA_TFUNCTION);
	SSL_CTX *tls = script_tls(L, 4);
	snprintf(service, sizeof service, "%d", (int)port);

	struct tcp *t = push_tcp(L, tls ? tls_stream_new(tls, host) : NULL);
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	lua_pushvalue(L, 3);
	t->object->fn = luaL_ref(L, LUA_REGISTRYINDEX);
	int err = uv_getaddrinfo(loop_uv(t->script->loop), &t->resolving, on_resolved, host,
				 service, &hints);
	if (err) {
		t->resolved = true;
		close_for(t, uv_strerror(err));
	}
	return 1;
}

void script_push_accepted(lua_State *L, uv_stream_t *server, SSL_CTX *tls)
{
	struct tcp *t = push_tcp(L, tls ? tls_stream_new(tls, NULL) : NULL);
	t->resolved = true;
	int err = uv_accept(server, (uv_stream_t *)&t->handle);
	if (!err)
		err = uv_read_start((uv_stream_t *)&t->handle, on_alloc, on_read);
	if (err)
		close_for(t, uv_strerror(err));
}

void script_add_tcp(lua_State *L)
{
	lua_pushcfunction(L, new_tcp);
	lua_setfield(L, -2, "tcp");
}
