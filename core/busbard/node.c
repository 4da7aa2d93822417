#include "busbard/node.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/stats.h"
#include "base/version.h"
#include "busbard/http.h"
#include "busbard/upcalls.h"

static const struct bb_metric build_metric = {"busbar_build_info",
					      "1, of this version on this storage engine.",
					      BB_GAUGE, .labels = "version storage"};
static const struct bb_metric starting_metric = {
    "busbar_starting", "1 while plugins are not ready yet, and no charger is let in.", BB_GAUGE};

struct node {
	struct paths paths;
	struct node_spec spec;
	struct config *config; /* in force */
	struct config *first;  /* what is not reloadable was read from it, and points into it */
	struct settings settings;
	struct loop *loop;
	struct schema_set *schemas;
	struct script_host *scripts;
	struct host *host;
	struct db *db;
	struct ocppj *ocppj;
	struct tls *tls;
	struct net *net;
	struct http_front front;
	bool started, stopping;
	/* The orderly stop's steps. */
	bool links_closed, told, calls_done, stored;
};

static int with_text(int err, const char *text, char **ret_error)
{
	*ret_error = mem_strdup(text);
	return err;
}

static int read_config(struct node *n, char **ret_error)
{
	int err = config_load(n->spec.config_path, n->spec.overrides, &n->config, ret_error);
	n->first = n->config;
	if (!err)
		err = settings_read(n->config, &n->settings, ret_error);
	if (err)
		return err;
	enum bb_level level = BB_INFO;
	log_level_parse(n->settings.busbar.log_level, &level);
	log_setup(!strcmp(n->settings.busbar.log_format, "json") ? LOG_JSON : LOG_LOGFMT, level);
	return 0;
}

/* The configured plugins and the storage engine's, which need not be named. */
static const char **plugin_names(const struct settings *s)
{
	size_t n = 0;
	while (s->plugins[n])
		n++;
	const char **names = mem_zalloc((n + 2) * sizeof *names);
	names[0] = !strcmp(s->storage.engine, "postgres") ? "storage_postgres" : "storage_sqlite";
	size_t count = 1;
	for (size_t i = 0; i < n; i++)
		if (strcmp(s->plugins[i], names[0]) != 0)
			names[count++] = s->plugins[i];
	return names;
}

static int load_plugins(struct node *n, char **ret_error)
{
	struct host_spec spec = {
	    .loop = n->loop,
	    .config = n->config,
	    .schemas = n->schemas,
	    .scripts = n->scripts,
	    .up = &node_upcalls,
	    .plugin_dir = n->paths.plugins,
	    .sql_dir = n->paths.sql,
	    .script_dir = n->paths.scripts,
	};
	n->host = host_new(&spec);
	const char **names = plugin_names(&n->settings);
	int err = host_load(n->host, names, ret_error);
	free(names);
	if (!err)
		err = config_finish(n->config, ret_error);
	return err;
}

int node_read_tls(struct node *n, char **ret_error)
{
	struct tls_files *files = NULL;
	if (!*n->settings.tls.listen)
		return 0;
	int err = tls_read(&n->settings.tls, &files, ret_error);
	if (!err)
		tls_use(n->tls, files);
	return err;
}

int node_open_storage(struct node *n, char **ret_error)
{
	struct db_options options = settings_db(&n->settings);
	int err = host_open_storage(n->host, &options, &n->db, ret_error);
	if (!err)
		err = db_migrate(n->db, ret_error);
	if (!err)
		err = db_prepare(n->db, ret_error);
	return err;
}

static int load_script_library(struct node *n, char **ret_error)
{
	struct buf dir = {0};
	buf_printf(&dir, "%s/lib", n->paths.scripts);
	int err = script_host_library(n->scripts, dir.data, ret_error);
	buf_free(&dir);
	return err;
}

static int prepare(struct node *n, char **ret_error)
{
	int err = paths_find(&n->paths);
	if (err)
		return with_text(err, "cannot tell where busbard is installed", ret_error);
	err = read_config(n, ret_error);
	if (err)
		return err;
	n->loop = loop_new();
	if (!n->loop)
		return with_text(-EMFILE, "cannot make an event loop", ret_error);
	err = schema_load(n->paths.schemas, &n->schemas, ret_error);
	if (err)
		return err;
	struct script_limits limits = settings_script(&n->settings);
	n->scripts = script_host_new(n->loop, &limits);
	err = load_script_library(n, ret_error);
	return err ? err : load_plugins(n, ret_error);
}

int node_prepare(const struct node_spec *spec, struct node **ret, char **ret_error)
{
	struct node *n = mem_zalloc(sizeof *n);
	n->spec = *spec;
	n->tls = tls_new();
	int err = prepare(n, ret_error);
	if (err)
		node_free(n);
	else
		*ret = n;
	return err;
}

static int on_upgrade(const struct net_upgrade *u, struct net_accept *ret, void *self)
{
	return ocppj_upgrade(u, ret, ((struct node *)self)->ocppj);
}

static void on_opened(struct net_link *l, const char *subprotocol, void *user, void *self)
{
	ocppj_opened(l, subprotocol, user, ((struct node *)self)->ocppj);
}

static void on_message(struct net_link *l, const char *text, size_t len, void *user, void *self)
{
	ocppj_message(l, text, len, user, ((struct node *)self)->ocppj);
}

static void on_alive(struct net_link *l, void *user, void *self)
{
	ocppj_alive(l, user, ((struct node *)self)->ocppj);
}

static void on_closed(struct net_link *l, uint16_t code, void *user, void *self)
{
	ocppj_closed(l, code, user, ((struct node *)self)->ocppj);
}

static void on_request(struct net_request *r, void *self)
{
	http_request(&((struct node *)self)->front, r);
}

static void on_request_gone(struct net_request *r, void *self)
{
	(void)self;
	http_request_gone(r);
}

static int64_t on_streams(struct net_request *r, void *self)
{
	return http_streams(&((struct node *)self)->front, r);
}

static void on_body(struct net_request *r, int err, const void *bytes, size_t len, void *self)
{
	(void)self;
	http_body(r, err, bytes, len);
}

static void on_room(struct net_request *r, void *self)
{
	(void)self;
	http_room(r);
}

static void on_stream_over(struct net_request *r, int err, void *self)
{
	(void)err;
	(void)self;
	http_stream_over(r);
}

static int listen_on(struct node *n, char **ret_error)
{
	struct net_handler handler = {
	    .upgrade = on_upgrade,
	    .opened = on_opened,
	    .message = on_message,
	    .alive = on_alive,
	    .closed = on_closed,
	    .request = on_request,
	    .request_gone = on_request_gone,
	    .streams = on_streams,
	    .body = on_body,
	    .room = on_room,
	    .stream_over = on_stream_over,
	    .self = n,
	};
	n->front = (struct http_front){.loop = n->loop,
				       .host = n->host,
				       .schemas = n->schemas,
				       .handler_ms = (uint32_t)n->settings.http.http_ms,
				       .check_answers = n->settings.busbar.check_answers};
	http_counts();
	struct net_options options = n->settings.http;
	options.subprotocols = ocppj_subprotocols(n->ocppj);
	options.tls_options = &n->settings.tls;
	options.tls = n->tls;
	return net_start(n->loop, &options, &handler, &n->net, ret_error);
}

static void set_figures(void *arg)
{
	const struct node *n = arg;
	const char *labels[] = {BUSBAR_VERSION, db_dialect(n->db)};
	stats_set(stats_series(NULL, &build_metric, labels), 1);
	stats_set(stats_single(&starting_metric), host_is_starting(n->host));
}

static void warn_of_clear_text(const struct node *n)
{
	const char *plain = n->settings.http.listen;
	if (*n->settings.tls.listen || net_is_loopback(plain))
		return;
	log_line(
	    BB_WARN, "busbard",
	    "http.listen=%s takes chargers' passwords and keys of REST unencrypted from everybody "
	    "who reaches it: set tls.listen, tls.certificate and tls.key (docs/configuration.md), "
	    "or let a proxy speak TLS and listen where it alone comes (http.listen = "
	    "\"127.0.0.1:8080\")",
	    plain);
}

int node_start(struct node *n, char **ret_error)
{
	stats_before(n, set_figures, n);
	n->ocppj = ocppj_new(n->loop, n->host, n->schemas, &n->settings.ocpp);
	upcalls_bind(n->ocppj, n->tls);
	int err = host_start(n->host, ret_error);
	if (err)
		return err;
	n->started = true;
	err = ocppj_start(n->ocppj, ret_error);
	if (!err)
		err = listen_on(n, ret_error);
	if (err)
		return err;
	log_line(BB_INFO, "busbard", "listening version=%s storage=%s port=%u tls_port=%u",
		 BUSBAR_VERSION, db_dialect(n->db), node_port(n), node_tls_port(n));
	warn_of_clear_text(n);
	return 0;
}

uint16_t node_port(const struct node *n)
{
	return net_port(n->net);
}

uint16_t node_tls_port(const struct node *n)
{
	return net_tls_port(n->net);
}

static void set_true(void *arg)
{
	*(bool *)arg = true;
}

static void on_stop_signal(void *arg)
{
	struct node *n = arg;
	if (n->stopping)
		return;
	n->stopping = true;
	log_line(BB_INFO, "busbard", "stopping");
	loop_stop(n->loop);
}

/* Reads the whole configuration again; anything wrong keeps the old one in force. */
static int reload(struct node *n, char **ret_error)
{
	struct config *config = NULL;
	struct settings settings;
	int err = config_load(n->spec.config_path, n->spec.overrides, &config, ret_error);
	if (!err)
		err = settings_read(config, &settings, ret_error);
	char *frozen = err ? NULL : settings_frozen_change(&n->settings, &settings);
	if (frozen) {
		struct buf text = {0};
		buf_printf(&text, "%s cannot change while busbard runs; restart it", frozen);
		*ret_error = text.data;
		free(frozen);
		err = -EBUSY;
	}
	struct tls_files *files = NULL;
	if (!err && *settings.tls.listen)
		err = tls_read(&settings.tls, &files, ret_error);
	if (!err)
		err = host_reload(n->host, config, ret_error);
	if (err) {
		tls_files_free(files);
		config_free(config);
		return err;
	}
	if (files)
		tls_use(n->tls, files);
	if (n->config != n->first)
		config_free(n->config);
	n->config = config;
	n->settings = settings;
	net_set_limits(n->net, &settings.http);
	enum bb_level level = BB_INFO;
	log_level_parse(settings.busbar.log_level, &level);
	log_setup(!strcmp(settings.busbar.log_format, "json") ? LOG_JSON : LOG_LOGFMT, level);
	return 0;
}

static void on_reload_signal(void *arg)
{
	struct node *n = arg;
	char *error = NULL;
	if (reload(n, &error))
		log_line(BB_ERROR, "busbard", "reload refused, nothing changed: %s", error);
	else
		log_line(BB_INFO, "busbard", "reloaded");
	free(error);
}

/* Nothing received is dropped: what is at work is finished, committed and answered before the
 * links are closed, and storage goes last. */
static int stop_orderly(struct node *n)
{
	uint64_t ms = (uint64_t)n->settings.busbar.shutdown_ms;
	bool in_time = true;
	net_stop_accepting(n->net);
	host_emit(n->host, NULL, "server.stopping", NULL);
	ocppj_drain(n->ocppj, set_true, &n->calls_done);
	in_time &= loop_run_until(n->loop, &n->calls_done, ms);
	net_close_all(n->net, 1001, ms / 4, set_true, &n->links_closed);
	in_time &= loop_run_until(n->loop, &n->links_closed, ms);
	http_end_streams(&n->front);
	/* What plugins are to be told of all this, they are told while they run. */
	db_drain(n->db, set_true, &n->told);
	in_time &= loop_run_until(n->loop, &n->told, ms);
	host_stop(n->host);
	db_drain(n->db, set_true, &n->stored);
	in_time &= loop_run_until(n->loop, &n->stored, ms);
	log_line(in_time ? BB_INFO : BB_WARN, "busbard", in_time ? "stopped" : "stopped late");
	return in_time ? 0 : -ETIMEDOUT;
}

void node_heed_signals(struct node *n)
{
	loop_signal(n->loop, SIGTERM, on_stop_signal, n);
	loop_signal(n->loop, SIGINT, on_stop_signal, n);
	loop_signal(n->loop, SIGHUP, on_reload_signal, n);
}

int node_run(struct node *n)
{
	while (!n->stopping)
		loop_run(n->loop);
	return stop_orderly(n);
}

void node_free(struct node *n)
{
	if (!n)
		return;
	stats_forget(n);
	if (n->net)
		net_free(n->net);
	if (n->started)
		host_stop(n->host);
	if (n->host)
		host_fini(n->host);
	if (n->ocppj)
		ocppj_free(n->ocppj);
	if (n->host)
		host_free(n->host);
	tls_free(n->tls);
	if (n->scripts)
		script_host_free(n->scripts);
	if (n->schemas)
		schema_free(n->schemas);
	loop_free(n->loop);
	if (n->config != n->first)
		config_free(n->config);
	if (n->first)
		config_free(n->first);
	free(n);
}

char *node_describe_plugins(struct node *n)
{
	return host_describe(n->host);
}

char *node_describe_options(const struct node *n, bool values)
{
	struct buf out = {0};
	char *own = values ? settings_describe(&n->settings) : settings_help();
	char *plugins = host_describe_options(n->host, values);
	buf_add_str(&out, own);
	buf_add_str(&out, plugins);
	free(own);
	free(plugins);
	return out.data;
}
