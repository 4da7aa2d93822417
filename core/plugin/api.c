/* The functions that plugins get. Those that name no plugin are for the one host of the process. */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/stats.h"
#include "base/version.h"
#include "plugin/host_state.h"
#include "json/json.h"

#define MOST_FAULTS 16u

static struct host *host;

static void api_log(struct bb *p, enum bb_level level, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	log_vline(level, p->name, fmt, ap);
	va_end(ap);
}

static const char *api_time_format(struct bb_arena *a, int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];
	size_t len = clock_format(ms, text);
	return bb_strndup(a, text, len);
}

static const char *api_new_id(struct bb_arena *a)
{
	char *id = bb_alloc(a, ID_SIZE);
	id_new(id);
	return id;
}

static struct bb_arena *api_arena_new(void)
{
	return arena_new(0);
}

static void api_arena_free(struct bb_arena *a)
{
	arena_free(a);
}

static int api_json_parse(struct bb_arena *a, const char *text, size_t len,
			  const struct bb_json **ret, const char **ret_error)
{
	struct json_fault fault = {0};
	int err = json_parse(a, text, len, ret, &fault);
	if (err && ret_error)
		*ret_error = fault.reason;
	return err;
}

static int api_validate(const char *name, const struct bb_json *v, struct bb_arena *a,
			const struct bb_json **ret_errors)
{
	const struct schema *s = schema_find(host->spec.schemas, name);
	if (!s)
		return -ENOENT;
	struct schema_fault faults[MOST_FAULTS];
	size_t count = 0;
	if (schema_validate(s, v, a, faults, MOST_FAULTS, &count))
		return 0;
	if (ret_errors)
		*ret_errors = schema_faults_json(a, faults, count);
	return -EBADMSG;
}

static const struct bb_json *api_schema(const char *name)
{
	const struct schema *s = schema_find(host->spec.schemas, name);
	return s ? schema_document(s) : NULL;
}

static const struct bb_json *api_schema_source(const char *name)
{
	return schema_source(host->spec.schemas, name);
}

static int api_ask_charger(struct bb *p, const struct bb_ask *ask, struct bb_arena *arena,
			   const char **ret_id, const struct bb_json **ret_errors,
			   bb_command_fn *fn, void *arg)
{
	return p->host->spec.up->ask_charger(p->name, ask, arena, ret_id, ret_errors, fn, arg);
}

static uint32_t api_link_count(void)
{
	return host->spec.up->link_count();
}

static void api_link_each(bool (*fn)(const struct bb_link *, void *arg), void *arg)
{
	host->spec.up->link_each(fn, arg);
}

static const struct bb_link *api_link_find(const char *charge_point_id)
{
	return host->spec.up->link_find(charge_point_id);
}

static int api_link_close(const char *charge_point_id, uint16_t code, const char *reason)
{
	return host->spec.up->link_close(charge_point_id, code, reason);
}

static int api_ask_hook(struct bb *p, const char *hook, const struct bb_json *question, uint32_t ms,
			bb_json_fn *fn, void *arg)
{
	return host_ask_hook(p->host, hook, question, ms, fn, arg);
}

static int api_link_register(const char *charge_point_id, const char *registration)
{
	return host->spec.up->link_register(charge_point_id, registration);
}

static void api_starting(struct bb *p, bool starting)
{
	p->starting = starting;
}

static bool api_is_starting(void)
{
	return host_is_starting(host);
}

static int api_emit(struct bb *p, struct bb_unit *unit, const char *topic,
		    const struct bb_json *event)
{
	return host_emit(p->host, unit, topic, event);
}

static int api_enqueue(struct bb *p, struct bb_unit *unit, const char *task,
		       const struct bb_json *payload)
{
	return host_enqueue(p->host, unit, task, payload);
}

static const struct bb_query *api_query(struct bb *p, const char *name)
{
	const struct bb_query *q = p->host->db ? db_query(p->host->db, p->name, name) : NULL;
	if (!q && !(p->host->db && db_query_is_absent(p->host->db, p->name, name)))
		log_line(BB_ERROR, p->name, "sql/%s/queries.sql has no query \"%s\"", p->name,
			 name);
	return q;
}

/* After the storage has been closed there is no unit any more: its functions say -ECANCELED. */
static struct bb_unit *api_begin(struct bb *p)
{
	return p->host->db ? db_begin(p->host->db, p) : NULL;
}

static int api_add(struct bb_unit *unit, const struct bb_query *q, uint32_t n,
		   const struct bb_val *v, bb_rows_fn *fn, void *arg)
{
	return unit ? db_add(unit, q, n, v, fn, arg) : -ECANCELED;
}

static int api_commit(struct bb_unit *unit, bb_rows_fn *fn, void *arg)
{
	return unit ? db_commit(unit, fn, arg) : -ECANCELED;
}

static void api_rollback(struct bb_unit *unit)
{
	if (unit)
		db_rollback(unit);
}

static int api_read(struct bb *p, const struct bb_query *q, uint32_t n, const struct bb_val *v,
		    bb_rows_fn *fn, void *arg)
{
	return p->host->db ? db_read(p->host->db, p, q, n, v, fn, arg) : -ECANCELED;
}

static bool api_storage_healthy(void)
{
	return host->db && db_healthy(host->db);
}

/* As plugins of an older minor know it, it ends before the modules. */
static struct bb_script script_of(const struct bb *p, const struct bb_script *given)
{
	struct bb_script script = {0};
	bool old = p->def && p->def->abi_minor < 1;
	memcpy(&script, given, old ? offsetof(struct bb_script, modules) : sizeof script);
	return script;
}

static int api_script_call(struct bb *p, const struct bb_script *given, const char *function,
			   const struct bb_json *question, uint32_t ms, bb_json_fn *fn, void *arg)
{
	struct bb_script script = script_of(p, given);
	return script_call(p->host->spec.scripts, &script, function, question, ms, fn, arg);
}

static int api_script_check(struct bb *p, const struct bb_script *given, struct bb_arena *a,
			    const char **ret_error)
{
	struct bb_script script = script_of(p, given);
	return script_check(p->host->spec.scripts, &script, a, ret_error);
}

static bool api_script_stats(struct bb *p, uint32_t i, struct bb_script_stats *ret)
{
	return script_stats(p->host->spec.scripts, i, ret);
}

/* A name is made of such letters that it cannot lead out of the folder. */
static int api_script_bundled(struct bb *p, const char *name, struct bb_arena *a,
			      const char **ret_text, size_t *ret_len)
{
	struct buf text = {0};
	if (!*name || *name == '/' ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_/")] != '\0')
		return -ENOENT;
	int err =
	    buf_read_file(&text, arena_printf(a, "%s/%s.lua", p->host->spec.script_dir, name));
	if (!err) {
		*ret_text = bb_strndup(a, text.data ? text.data : "", text.len);
		*ret_len = text.len;
	}
	buf_free(&text);
	return err;
}

static int api_tls_trust(struct bb *p, const char *pem)
{
	return p->host->spec.up->tls_trust(p->name, pem);
}

static int api_zone_local(const char *zone, int64_t utc_ms, int64_t *ret_shown_ms)
{
	return host_zone_local(host, zone, utc_ms, ret_shown_ms);
}

static int api_zone_utc(const char *zone, int64_t shown_ms, int64_t *ret_utc_ms)
{
	return host_zone_utc(host, zone, shown_ms, ret_utc_ms);
}

static void *api_uv_loop(void)
{
	return loop_uv(host->spec.loop);
}

const void *host_service(struct host *h, const char *asker, const char *name, uint32_t min_size)
{
	const struct name *n = names_find(&h->services, "", name);
	if (!n || n->owner->plugin->phase < BB_INITED)
		return NULL;
	const void *service = n->owner->plugin->def->service;
	uint32_t size;
	memcpy(&size, service, sizeof size);
	if (size < min_size) {
		log_line(BB_ERROR, asker, "the service %s of plugin %s is too old", name,
			 n->owner->plugin->name);
		return NULL;
	}
	return service;
}

static const void *api_service(struct bb *p, const char *name, uint32_t min_size)
{
	return host_service(p->host, p->name, name, min_size);
}

static bool api_route_at(uint32_t i, struct bb_route_info *ret)
{
	return host_route_at(host, i, ret);
}

static const char *api_version(void)
{
	return BUSBAR_VERSION;
}

static const struct bb_json *api_parameters(const struct bb_route *route)
{
	return schema_document(host_parameters(host, route));
}

static void api_sink_send(struct bb_sink *s, const void *bytes, size_t len)
{
	s->send(s, bytes, len);
}

static void api_sink_cut(struct bb_sink *s)
{
	s->cut(s);
}

static struct bb_series *api_series(struct bb *p, const struct bb_metric *m,
				    const char *const *values)
{
	return stats_series(p, m, values);
}

static void api_count(struct bb_series *s, uint64_t n)
{
	stats_add(s, n);
}

static void api_set_gauge(struct bb_series *s, int64_t value)
{
	stats_set(s, value);
}

static void api_observe(struct bb_series *s, int64_t value)
{
	stats_observe(s, value);
}

static void api_before_metrics(struct bb *p, bb_fn *fn, void *arg)
{
	stats_before(p, fn, arg);
}

static const struct bb_api table = {
    .size = sizeof(struct bb_api),
    .log = api_log,
    .now_ms = clock_now_ms,
    .time_parse = clock_parse,
    .time_format = api_time_format,
    .new_id = api_new_id,
    .arena_new = api_arena_new,
    .arena_free = api_arena_free,
    .json_parse = api_json_parse,
    .json_write = json_text,
    .validate = api_validate,
    .schema = api_schema,
    .payload = call_payload,
    .attr = call_attr,
    .set_attr = call_set_attr,
    .arena = call_arena,
    .link = call_link,
    .http = call_http,
    .header = call_header,
    .param = call_param,
    .reply = call_reply,
    .fail = call_fail,
    .set_status = call_set_status,
    .set_header = call_set_header,
    .set_errors = call_set_errors,
    .reply_bytes = call_reply_bytes,
    .answer = call_answer,
    .defer = call_defer,
    .call_of = call_of,
    .resolve = call_resolve,
    .reject = call_reject,
    .pass = call_pass,
    .ask_charger = api_ask_charger,
    .link_count = api_link_count,
    .link_each = api_link_each,
    .link_find = api_link_find,
    .link_close = api_link_close,
    .ask_hook = api_ask_hook,
    .emit = api_emit,
    .enqueue = api_enqueue,
    .query = api_query,
    .begin = api_begin,
    .add = api_add,
    .commit = api_commit,
    .rollback = api_rollback,
    .read = api_read,
    .storage_healthy = api_storage_healthy,
    .script_call = api_script_call,
    .script_check = api_script_check,
    .script_stats = api_script_stats,
    .timer = slot_timer,
    .release = slot_release,
    .offload = slot_offload,
    .post = slot_post,
    .uv_loop = api_uv_loop,
    .service = api_service,
    .route_at = api_route_at,
    .version = api_version,
    .script_bundled = api_script_bundled,
    .tls_trust = api_tls_trust,

    .body_next = call_body_next,
    .body_length = call_body_length,
    .reply_stream = call_reply_stream,
    .sink_send = api_sink_send,
    .sink_cut = api_sink_cut,

    .ask_behind = host_ask_behind,
    .script_answer = host_script_answer,
    .link_register = api_link_register,
    .script_ask = host_script_ask,
    .starting = api_starting,
    .is_starting = api_is_starting,

    .series = api_series,
    .count = api_count,
    .set_gauge = api_set_gauge,
    .observe = api_observe,
    .hide_series = stats_hide,
    .before_metrics = api_before_metrics,
    .each_metric = stats_each,

    .zone_local = api_zone_local,
    .zone_utc = api_zone_utc,
    .answer_header = call_answer_header,
    .parameters = api_parameters,
    .schema_source = api_schema_source,
    .script_answer_with = host_script_answer_with,
};

const struct bb_api *api_of(struct host *h)
{
	host = h;
	return &table;
}
