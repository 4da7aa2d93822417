/* core.process({"program", "arg", ..., stdout=FILE, stderr=FILE, env={NAME="value"}}, fn): a child
 * process; fn(status, signal) when it has ended. A child that outlives the run is killed. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "script.h"

extern char **environ;

struct process {
	struct script *script;
	uv_process_t handle;
	struct process_object *object; /* NULL once Lua has lost it */
};

struct process_object {
	struct process *process; /* NULL once ended */
	int fn, self;
};

static void on_handle_closed(uv_handle_t *h)
{
	free(h->data);
}

static void on_exit_status(uv_process_t *h, int64_t status, int term_signal)
{
	struct process *p = h->data;
	struct process_object *o = p->object;
	if (o) {
		lua_State *L = p->script->lua;
		o->process = NULL;
		lua_pushinteger(L, status);
		lua_pushinteger(L, term_signal);
		script_call(p->script, o->fn, 2);
		luaL_unref(L, LUA_REGISTRYINDEX, o->fn);
		luaL_unref(L, LUA_REGISTRYINDEX, o->self);
	}
	uv_close((uv_handle_t *)h, on_handle_closed);
}

static struct process_object *check_process(lua_State *L)
{
	return luaL_checkudata(L, 1, "sim.process");
}

/* process:kill(signal number): true if it was there. */
static int process_kill(lua_State *L)
{
	struct process_object *o = check_process(L);
	int signum = (int)luaL_optinteger(L, 2, SIGTERM);
	lua_pushboolean(L, o->process && !uv_process_kill(&o->process->handle, signum));
	return 1;
}

static int process_pid(lua_State *L)
{
	struct process_object *o = check_process(L);
	lua_pushinteger(L, o->process ? o->process->handle.pid : 0);
	return 1;
}

static int process_gc(lua_State *L)
{
	struct process_object *o = check_process(L);
	if (o->process) {
		o->process->object = NULL;
		uv_process_kill(&o->process->handle, SIGKILL);
	}
	return 0;
}

static const luaL_Reg methods[] = {
    {"kill", process_kill}, {"pid", process_pid}, {"__gc", process_gc}, {0}};

/* -1: this process's own. */
static int open_output(lua_State *L, const char *name)
{
	lua_getfield(L, 1, name);
	const char *path = lua_tostring(L, -1);
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
	int err = errno;
	lua_pop(L, 1);
	if (path && fd < 0)
		luaL_error(L, "cannot write %s: %s", path, strerror(err));
	return fd;
}

static char **read_args(lua_State *L, struct bb_arena *arena)
{
	lua_Integer count = (lua_Integer)lua_rawlen(L, 1);
	char **args = bb_zalloc(arena, ((size_t)count + 1) * sizeof *args);
	for (lua_Integer i = 0; i < count; i++) {
		lua_rawgeti(L, 1, i + 1);
		args[i] = bb_strdup(arena, luaL_checkstring(L, -1));
		lua_pop(L, 1);
	}
	return args;
}

/* The environment with `env`'s names on top: the first of a name counts. */
static char **read_env(lua_State *L, struct bb_arena *arena)
{
	size_t count = 0, own = 0;
	while (environ[own])
		own++;
	char **env = bb_zalloc(arena, (own + 65) * sizeof *env);
	if (lua_getfield(L, 1, "env") == LUA_TTABLE)
		for (lua_pushnil(L); lua_next(L, -2) && count < 64; lua_pop(L, 1))
			env[count++] =
			    bb_printf(arena, "%s=%s", lua_tostring(L, -2), lua_tostring(L, -1));
	lua_pop(L, 1);
	memcpy(env + count, environ, own * sizeof *env);
	return env;
}

static int spawn(lua_State *L, struct process *p, struct bb_arena *arena)
{
	int out = open_output(L, "stdout"), err_fd = open_output(L, "stderr");
	uv_stdio_container_t stdio[] = {
	    {.flags = UV_IGNORE},
	    {.flags = UV_INHERIT_FD, .data.fd = out < 0 ? STDOUT_FILENO : out},
	    {.flags = UV_INHERIT_FD, .data.fd = err_fd < 0 ? STDERR_FILENO : err_fd},
	};
	char **args = read_args(L, arena);
	uv_process_options_t options = {
	    .file = args[0],
	    .args = args,
	    .env = read_env(L, arena),
	    .exit_cb = on_exit_status,
	    .stdio = stdio,
	    .stdio_count = 3,
	};
	int err = uv_spawn(loop_uv(p->script->loop), &p->handle, &options);
	if (out >= 0)
		close(out);
	if (err_fd >= 0)
		close(err_fd);
	return err;
}

static int new_process(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	luaL_checktype(L, 2, LUA_TFUNCTION);
	struct process_object *o = script_object(L, "sim.process", methods, sizeof *o);
	struct process *p = mem_zalloc(sizeof *p);
	p->script = script_of(L);
	p->handle.data = p;
	struct bb_arena *arena = arena_new(0);
	int err = spawn(L, p, arena);
	arena_free(arena);
	if (err) {
		uv_close((uv_handle_t *)&p->handle, on_handle_closed);
		return luaL_error(L, "cannot start the program: %s", uv_strerror(err));
	}
	p->object = o;
	o->process = p;
	lua_pushvalue(L, 2);
	o->fn = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_pushvalue(L, -1);
	o->self = luaL_ref(L, LUA_REGISTRYINDEX);
	return 1;
}

void script_add_process(lua_State *L)
{
	lua_pushcfunction(L, new_process);
	lua_setfield(L, -2, "process");
}
