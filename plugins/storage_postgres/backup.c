/* POST /api/admin/backup: all of the database as it is at one moment, as an archive of pg_dump,
 * which runs beside the server and whose output is sent as the client takes it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <busbar/backup.h>

#include "postgres.h"

#define MOST_MS (6 * 3600000u) /* until the first bytes */
#define PIECE (64 * 1024)

struct dump {
	struct engine *engine; /* NULL once that has stopped */
	const struct bb_api *api;
	struct bb *bb;
	struct bb_reply *reply; /* NULL once it is answered */
	struct bb_sink *sink;
	uv_process_t process;
	uv_pipe_t out, err;
	int handles; /* that are not closed */
	bool wanted; /* the client takes more */
	bool ended, exited, over, closing;
	int64_t status, bytes;
	char error[ERROR_SIZE];
	size_t error_len, len;
	char piece[PIECE];
};

static void on_closed(uv_handle_t *h)
{
	struct dump *d = h->data;
	if (!--d->handles)
		free(d);
}

static void end(struct dump *d)
{
	if (d->closing)
		return;
	d->closing = true;
	if (d->engine)
		d->engine->dump = NULL;
	uv_handle_t *all[] = {(uv_handle_t *)&d->process, (uv_handle_t *)&d->out,
			      (uv_handle_t *)&d->err};
	for (size_t i = 0; i < 3; i++)
		uv_close(all[i], on_closed);
}

static void refuse(struct dump *d, const char *why)
{
	d->api->log(d->bb, BB_ERROR, "no backup: pg_dump: %s", d->error);
	d->api->reject(d->reply, "503", why);
	d->reply = NULL;
}

static void on_alloc(uv_handle_t *h, size_t size, uv_buf_t *ret)
{
	struct dump *d = h->data;
	(void)size;
	*ret = h == (uv_handle_t *)&d->out
		   ? uv_buf_init(d->piece, sizeof d->piece)
		   : uv_buf_init(d->error + d->error_len,
				 (unsigned)(sizeof d->error - 1 - d->error_len));
}

static void on_out(uv_stream_t *, ssize_t, const uv_buf_t *);

/* What there is, as soon as it is wanted; at the end the client learns whether it is all. */
static void pump(struct dump *d)
{
	if (!d->wanted)
		return;
	if (d->len) {
		d->wanted = false;
		d->bytes += (int64_t)d->len;
		d->api->sink_send(d->sink, d->piece, d->len);
		d->len = 0;
		uv_read_start((uv_stream_t *)&d->out, on_alloc, on_out);
	} else if (d->ended && d->exited) {
		d->wanted = false;
		if (d->status)
			d->api->sink_cut(d->sink);
		else
			d->api->sink_send(d->sink, "", 0);
	}
}

static void on_more(struct bb_sink *sink, void *arg)
{
	struct dump *d = arg;
	d->sink = sink;
	d->wanted = true;
	pump(d);
}

static void on_over(void *arg)
{
	struct dump *d = arg;
	d->over = true;
	d->wanted = false;
	if (d->exited)
		end(d);
	else
		uv_process_kill(&d->process, SIGTERM);
}

static void begin(struct dump *d)
{
	const struct bb_api *api = d->api;
	struct bb_call *call = api->call_of(d->reply);
	struct bb_stream s = {.content_type = "application/vnd.postgresql.dump",
			      .length = -1,
			      .more = on_more,
			      .over = on_over,
			      .arg = d};
	bb_backup_headers(api, call, "postgres");
	int err = api->reply_stream(call, &s);
	api->resolve(d->reply, NULL);
	d->reply = NULL;
	if (err)
		on_over(d);
}

/* It has said all, and is gone. */
static void finish(struct dump *d)
{
	if (!d->ended || !d->exited)
		return;
	if (d->reply) {
		refuse(d, "pg_dump could not read the database; the server's log says why");
		end(d);
	} else if (d->over) {
		end(d);
	} else {
		d->api->log(d->bb, d->status ? BB_ERROR : BB_INFO, "backup bytes=%lld%s%s",
			    (long long)d->bytes, d->status ? " is not whole: pg_dump: " : "",
			    d->status ? d->error : "");
		pump(d);
	}
}

static void on_out(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct dump *d = stream->data;
	(void)buf;
	if (!n)
		return;
	uv_read_stop(stream);
	if (n < 0) {
		d->ended = true;
		finish(d);
		return;
	}
	d->len = (size_t)n;
	if (d->reply)
		begin(d);
	else
		pump(d);
}

static void on_err(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct dump *d = stream->data;
	(void)buf;
	if (n < 0) {
		uv_read_stop(stream);
		return;
	}
	d->error_len += (size_t)n;
	d->error[d->error_len] = '\0';
	if (d->error_len == sizeof d->error - 1) /* the rest is not kept */
		d->error_len /= 2;
}

static void on_exit_of(uv_process_t *p, int64_t status, int signal_number)
{
	struct dump *d = p->data;
	d->exited = true;
	d->status = status ? status : signal_number;
	if (d->over) /* nobody reads on */
		d->ended = true;
	finish(d);
}

extern char **environ;

/* "NAME=..." of the list, NULL if it has none of that name. */
static char *const *find_variable(char *const *list, const char *variable)
{
	size_t len = strcspn(variable, "=") + 1;
	while (*list && strncmp(*list, variable, len) != 0)
		list++;
	return *list ? list : NULL;
}

static size_t add_options(char **env, const PQconninfoOption *o)
{
	size_t n = 0;
	for (; o && o->keyword; o++) {
		size_t size = o->val && o->envvar ? strlen(o->envvar) + strlen(o->val) + 2 : 0;
		if (size && (env[n] = malloc(size)))
			snprintf(env[n++], size, "%s=%s", o->envvar, o->val);
	}
	return n;
}

/* Where the database is, as libpq's own variables: nothing of it is on the command line, which
 * everybody may see. */
static char **environment(const char *url)
{
	enum { MOST_OPTIONS = 128 };
	size_t own = 0;
	while (environ[own])
		own++;
	char **env = calloc(own + MOST_OPTIONS, sizeof *env);
	if (!env)
		abort();
	PQconninfoOption *options = PQconninfoParse(url, NULL);
	size_t n = add_options(env, options);
	PQconninfoFree(options);
	for (size_t i = 0; i < own; i++)
		if (!find_variable(env, environ[i]) && (env[n] = strdup(environ[i])))
			n++;
	return env;
}

static void environment_free(char **env)
{
	for (size_t i = 0; env && env[i]; i++)
		free(env[i]);
	free(env);
}

static int spawn(struct dump *d, uv_loop_t *loop)
{
	static char *args[] = {(char *)"pg_dump", (char *)"--format=custom",
			       (char *)"--no-password", NULL};
	char **env = environment(d->engine->cfg.url);
	uv_stdio_container_t stdio[] = {
	    {.flags = UV_IGNORE},
	    {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&d->out},
	    {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&d->err},
	};
	uv_process_options_t options = {.exit_cb = on_exit_of,
					.file = args[0],
					.args = args,
					.env = env,
					.stdio_count = 3,
					.stdio = stdio};
	uv_pipe_init(loop, &d->out, 0);
	uv_pipe_init(loop, &d->err, 0);
	d->process.data = d->out.data = d->err.data = d;
	d->handles = 3;
	int err = uv_spawn(loop, &d->process, &options);
	environment_free(env);
	return err;
}

int backup_make(struct bb_call *call, void *self)
{
	struct engine *e = self;
	const struct bb_api *api = e->api;
	if (!bb_backup_may(api, call, e->dump))
		return BB_DONE;
	struct dump *d = calloc(1, sizeof *d);
	if (!d)
		abort();
	d->engine = e;
	d->api = api;
	d->bb = e->bb;
	d->reply = api->defer(call, MOST_MS, NULL, NULL);
	e->dump = d;
	int err = spawn(d, api->uv_loop());
	if (err) {
		snprintf(d->error, sizeof d->error, "%s", uv_strerror(err));
		refuse(d, "the server has no pg_dump: install postgresql-client there, or run "
			  "busbarctl backup --config where it is");
		end(d);
		return BB_LATER;
	}
	uv_read_start((uv_stream_t *)&d->out, on_alloc, on_out);
	uv_read_start((uv_stream_t *)&d->err, on_alloc, on_err);
	return BB_LATER;
}

void backup_stop(struct engine *e)
{
	struct dump *d = e->dump;
	if (!d)
		return;
	if (d->reply)
		refuse(d, "the server stops");
	if (!d->exited)
		uv_process_kill(&d->process, SIGKILL);
	end(d);
	d->engine = NULL;
}
