/* The contract between Busbar's core and its plugins. See docs/plugins.md for the guided tour.
 *
 * Tags: [loop] = only on the loop thread, the one that calls you; [any] = any thread.
 * Functions return 0 or -errno, unless said otherwise; what they return through `ret_` arguments
 * is untouched on failure. Pointers passed in are borrowed until the function returns; pointers
 * handed out live as long as said. Times are UTC milliseconds since 1970 (`_ms`), durations are
 * milliseconds unless named `_s`.
 *
 * Changes:
 *
 * 2.7 (2026-11-27): bb_http.query.
 * 2.6 (2026-11-27): script_answer_with.
 * 2.5 (2026-11-27): parameters, schema_source; the words of bb_route.query may name schemas,
 *   and their values are checked before the handler runs. BB_BY_BOOL.
 * 2.4 (2026-11-26): answer_header. After a time-out or a hang-up reply_bytes() and reply_stream()
 *   are -ECANCELED, and answer nothing.
 * 2.3 (2026-11-26): zone_local, zone_utc.
 * 2.2 (2026-11-26): plugins count for GET /metrics (<busbar/metrics.h>): series, count, set_gauge,
 *   observe, hide_series, before_metrics, each_metric. BB_EVENT_STREAM, BB_HEEDS_IF_MATCH,
 *   BB_ANSWERS_503; bb_route.answer may be a media type.
 * 2.1 (2026-11-26): scripts bring modules (bb_script.modules); ask_behind, script_answer,
 *   script_ask, link_register, starting, is_starting; script_call tells the names of a script's
 *   functions; script_stats. bb_command.unstored; query() may be NULL of what stands `@with` a
 *   plugin; bb_luafn's calls have the attribute `operator_id`.
 * 2.0 (2026-11-25): actions that a CSMS sends have owners (bb_outgoing, bb_plugin.outgoing);
 *   tls_trust; links know of TLS, of client certificates and of `registration`. Routes have flags
 *   and max_body: bodies and answers may go in pieces (body_next, body_length, reply_stream,
 *   sink_send, sink_cut).
 * 1.0 (2026-11-21): first contract. */
#ifndef BUSBAR_PLUGIN_H
#define BUSBAR_PLUGIN_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <busbar/arena.h>
#include <busbar/json.h>
#include <busbar/metrics.h>
#include <busbar/rows.h>
#include <busbar/script.h>

#define BB_ABI_MAJOR 2u /* something changed or went: the core refuses the plugin */
#define BB_ABI_MINOR 7u /* something was appended */
#ifndef BB_NEED_MINOR   /* the oldest minor that this plugin can run on */
#define BB_NEED_MINOR BB_ABI_MINOR
#endif

struct bb;       /* this plugin, as the core sees it; owner of its slots */
struct bb_call;  /* one request: an OCPP CALL, a REST request, a hook's question, a task, ... */
struct bb_reply; /* the right and the duty to answer one call, once */
struct bb_slot;  /* a live registration; releasing it unregisters */
struct bb_unit;  /* a unit of work: statements that hold together */
struct bb_sink;  /* where a streamed answer goes */
struct bb_query; /* a named query of sql/<plugin>/queries.sql, prepared at start */

/* A handler's verdict. A negative errno is a failure: InternalError for a charger, 500 for REST. */
enum {
	BB_PASS = 0,  /* not mine: ask the next one in the chain */
	BB_DONE = 1,  /* answered, by reply() or fail() */
	BB_LATER = 2, /* defer() was called; resolve(), reject() or pass() will follow */
};

/* Where in an action's or a route's chain a handler stands. */
enum {
	BB_GUARD = -1,   /* before the owner; may answer in its place; BB_PASS goes on */
	BB_OWNER = 0,    /* exactly one for an action or a route */
	BB_OBSERVER = 1, /* after the answer is fixed: sees it, cannot change it */
};

enum bb_level { BB_DEBUG, BB_INFO, BB_WARN, BB_ERROR };

/* Types of options, and what the field at `offset` is. */
enum {
	BB_OPT_STR,   /* const char *; "" when not given and the default is NULL */
	BB_OPT_INT,   /* int64_t */
	BB_OPT_BOOL,  /* bool */
	BB_OPT_MSEC,  /* int64_t milliseconds; written as 250, "250ms", "30s", "5m", "2h", "7d" */
	BB_OPT_BYTES, /* int64_t bytes; written as 4096, "64k", "1m" */
	BB_OPT_ENUM,  /* const char *, one of `choices` */
};
enum {
	BB_REQUIRED = 1,   /* has no default */
	BB_SECRET = 2,     /* never printed */
	BB_RELOADABLE = 4, /* may change at SIGHUP; a change of others is refused with its name */
};

typedef int bb_call_fn(struct bb_call *call, void *self);          /* [loop] */
typedef void bb_event_fn(const struct bb_json *event, void *self); /* [loop] */
/* A later answer. With err != 0, `v` is NULL or {"code": ..., "detail": ...}. `v` lives until the
 * callback returns. */
typedef void bb_json_fn(int err, const struct bb_json *v, void *arg);    /* [loop] */
typedef void bb_rows_fn(int err, const struct bb_rows *rows, void *arg); /* [loop] */
typedef void bb_fn(void *arg);
/* A piece of a request's body; `bytes` live until the callback returns. len 0: that was all. */
typedef void bb_body_fn(int err, const void *bytes, size_t len, void *arg); /* [loop] */

/* Declarative tables: the core can list, check and undo them without your help. */

/* An option of the plugin's section in the configuration file. */
struct bb_option {
	const char *name;
	uint32_t type, flags;
	size_t offset;        /* of its field in the plugin's config struct */
	const char *fallback; /* the default, as text; NULL with BB_REQUIRED */
	const char *help;     /* with the unit and the range */
	int64_t min, max;     /* of BB_OPT_INT, _MSEC and _BYTES when max > min */
	const char *choices;  /* of BB_OPT_ENUM: "strict|lenient" */
};

/* Who handles an action that a charger sends. `ocpp` is the subprotocol, "ocpp1.6". */
struct bb_action {
	const char *ocpp, *name;
	bb_call_fn *fn;
	int32_t phase, order;
};

/* How a route's bodies go, and what else it does that its other members do not say. */
enum {
	/* The handler is asked when the headers are complete, and pulls the body by body_next().
	 * POST, PUT or PATCH, with `body` NULL. */
	BB_STREAM_BODY = 1,
	BB_STREAM_ANSWER = 2, /* it answers by reply_stream(); for /openapi.json */
	BB_EVENT_STREAM = 4,  /* likewise, with server-sent events */
	/* For /openapi.json as well: */
	BB_HEEDS_IF_MATCH = 8, /* a PUT; what it and the path's GET answer has an ETag */
	BB_ANSWERS_503 = 16,   /* with that status its `answer` may come, too */
};

/* A REST route. `path` has its parameters in braces: "/api/admin/chargers/{id}"; they are the
 * call's attributes. Guards and observers may use the method "*", and a path whose last part
 * is "*", which stands for one part or more. Those that match an unknown path run as well. */
struct bb_route {
	const char *method, *path;
	const char *scope; /* the roles that may: "admin operator", "public" for no key at all */
	bb_call_fn *fn;
	const char *summary; /* one line, for /openapi.json */
	const char *body;    /* the schema of the body, "rest/charger", or NULL for no body */
	const char *answer;  /* for /openapi.json: the schema of the 200 or 201 answer; or the media
				type of what has none, "application/pdf"; NULL for no body */
	/* The query parameters it knows: "limit cursor charger from to". One that has a wrong value
	 * is refused before the handler runs, by its schema: a word names it ("kind=acme/kind"),
	 * or it is that of the same name in schemas/rest/parameters.json, or in the items of the
	 * list that is answered (in the answer itself, if that is no list). Else any text will do.
	 */
	const char *query;
	int32_t phase, order;
	uint32_t flags;   /* BB_STREAM_BODY, ... */
	int64_t max_body; /* bytes of a streamed body; more are 413. 0: no limit of the core's */
};

/* A question that this plugin asks by ask_hook(), so that others can answer it. */
struct bb_question {
	const char *name;
	const char *on_failure; /* "closed": a handler that fails is an error to the asker;
				   "open": it counts as a pass */
	const char *answer;     /* the schema that an answer must satisfy, or NULL */
	const char *help;
};

/* A handler of a question. Lower orders are asked first; the first that does not pass decides. */
struct bb_hook {
	const char *name;
	int32_t order;
	bb_call_fn *fn;
};

/* A listener of a fact, told after the commit. */
struct bb_topic {
	const char *name;
	bb_event_fn *fn;
};

/* A durable job: the payload of a row in the task table. Done when replied to; tried again with
 * doubling backoff when failed; dead after `tries`, visible to the admin. */
struct bb_task {
	const char *name;
	uint32_t tries, backoff_ms;
	bb_call_fn *fn;
};

/* A function that operators' Lua may call: busbar.<plugin>.<name>. The call's attribute
 * `operator_id` says whose script it is. */
struct bb_luafn {
	const char *name, *sig, *help;
	bb_call_fn *fn; /* payload: the array of arguments; the reply is the result */
};

struct bb_table {
	const void *row;
	uint32_t count, stride;
};
#define BB_TABLE(type, a)                                                                   \
	{                                                                                   \
		1 ? (a) : (const struct bb_##type *)0, sizeof(a) / sizeof *(a), sizeof *(a) \
	}

/* One charger's live connection. Lives as long as a call that came over it. */
struct bb_link {
	const char *charge_point_id;
	const char *ocpp;        /* "ocpp1.6" */
	const char *remote;      /* the peer's address */
	const char *operator_id; /* these three as the `admit` hook answered */
	int64_t charger_id;
	const char *validation; /* "strict" or "lenient" */
	int64_t connected_at_ms;
	int64_t last_seen_ms;
	bool tls;
	const char *client_cn; /* common name of its verified client certificate, or NULL */
	/* {"known": the question of the hook `quirks`, "rules": [...], "quirks": [...]}: its
	 * answer; the latter two are null if there was none. */
	const struct bb_json *quirks;
	const char *registration; /* "accepted", "pending" or "rejected", as `admit` answered */
};

/* What came over HTTP. Lives as long as its call. */
struct bb_http {
	const char *method, *path; /* path is percent-decoded, with the ids in it that "{id}" stood
				    * for */
	const char *remote;        /* the peer's address */
	const char *route;         /* the route's path as declared, NULL in a guard of no route */
	const char *scope;         /* the route's scope, NULL likewise */
	const char *body;          /* as received */
	size_t body_len;
	bool tls;
	/* Of a request that may change something its query, as one text whatever the order was that
	 * it came in: {"name": "value"}, by name; else NULL. */
	const char *query;
};

/* An answer whose bytes are asked for as the client takes them. */
struct bb_stream {
	const char *content_type;
	int64_t length; /* of all of it; -1: it ends where it ends */
	/* The next bytes are wanted: one sink_send() or sink_cut(), now or later. */
	void (*more)(struct bb_sink *, void *arg); /* [loop] */
	/* All is sent, or nothing more is wanted (HEAD; the client has gone or takes nothing; the
	 * call failed; the server stops). Once, always; the sink is dead by then. */
	bb_fn *over; /* [loop] */
	void *arg;
};

/* A command to a charger: one OCPP CALL of ours. */
struct bb_ask {
	const char *charge_point_id;
	const char *action;
	const struct bb_json *payload; /* exactly as in OCPP; validated before it is stored */
	uint32_t deadline_ms;          /* from now until it counts as timed out; 0: the default */
	bool queue;                    /* wait for the charger to connect, until the deadline */
	const char *requested_by;      /* who asked: a key's or a plugin's name */
	const char *operator_id;       /* "default" when NULL */
};

/* A command as its action's owner sees it. Lives until the function returns. */
struct bb_sent {
	const char *id;
	const char *charge_point_id, *operator_id, *action;
	const struct bb_json *payload;
	const char *requested_by;
	/* Of one that has ended; see struct bb_command. */
	const char *state;
	const struct bb_json *response;
	const char *error_code;
	struct bb_arena *arena; /* for what the functions need meanwhile */
};

/* An action that a CSMS sends. Exactly one plugin owns it: without an owner it is not sent. Others
 * may be its witnesses. */
struct bb_outgoing {
	const char *ocpp, *name;
	uint32_t flags; /* BB_REPEATABLE, BB_WITNESS */
	/* May it go, beyond what its schema says? Asked before it is stored, and again before it is
	 * sent. 0; -EBADMSG with `ret_errors` as in validate(); -EPERM: not now, with its reason in
	 * `ret_errors` likewise. NULL: it may. [loop] */
	int (*check)(const struct bb_ask *, struct bb_arena *, const struct bb_json **ret_errors,
		     void *self);
	/* It is being stored, or it has ended: what must hold together with that is added to the
	 * unit (add, emit, enqueue; never commit). NULL: nothing. [loop] */
	void (*stored)(struct bb_unit *, const struct bb_sent *, void *self);
	void (*ended)(struct bb_unit *, const struct bb_sent *, void *self);
};
enum {
	/* Asked twice it does no more than asked once: a command that may queue is sent again on
	 * the next link when the line was cut, or the server stopped, before its answer. */
	BB_REPEATABLE = 1,
	/* Not the owner: its functions are asked and told as well, after the owner's. */
	BB_WITNESS = 2,
};

/* How a command stands. `state` is one of queued, sent, accepted, rejected, failed, timed_out,
 * expired. accepted: the charger's status is Accepted or the like; rejected: any other status;
 * failed: a CALLERROR, or an answer that breaks its schema; expired: its deadline passed while it
 * was queued. */
struct bb_command {
	const char *id, *state;
	const struct bb_json *response; /* the OCPP response payload, or NULL */
	const char *error_code, *error_detail;
	bool ended;
	int unstored; /* -errno: it could not be stored, so it was not sent and nobody will find it
		       */
};
/* Told when the command is in the database, `ended` false (not if it cannot be stored, or not
 * before the server stops), and once when it has ended. `c` lives until the callback returns. */
typedef void bb_command_fn(const struct bb_command *c, void *arg); /* [loop] */

struct bb_route_info {
	const char *plugin;
	const struct bb_route *route;
};

struct bb_api { /* append only; test a late member with BB_HAS() */
	uint32_t size;

	/* One line in the log, tagged with the plugin and the message's correlation id. [any] */
	void (*log)(struct bb *, enum bb_level, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

	/* The one clock, which tests can set. [any] */
	int64_t (*now_ms)(void);
	/* RFC 3339 with a zone; -EINVAL otherwise. [any] */
	int (*time_parse)(const char *text, size_t len, int64_t *ret_ms);
	/* "2026-11-21T08:00:00.000Z" in the arena. [any] */
	const char *(*time_format)(struct bb_arena *, int64_t ms);
	/* A new unique id, sortable by time, 26 letters and digits. [any] */
	const char *(*new_id)(struct bb_arena *);

	/* Arenas for what outlives a call. free takes NULL. [any, one thread at a time] */
	struct bb_arena *(*arena_new)(void);
	void (*arena_free)(struct bb_arena *);

	/* Strict JSON: UTF-8, no duplicate keys, no U+0000. On -EINVAL `ret_error` (may be NULL)
	 * names the place. The value lives in the arena; `text` may go. [loop] */
	int (*json_parse)(struct bb_arena *, const char *text, size_t len,
			  const struct bb_json **ret, const char **ret_error);
	/* Compact text, NUL-terminated, in the arena. `ret_len` may be NULL. [any] */
	const char *(*json_write)(struct bb_arena *, const struct bb_json *, size_t *ret_len);
	/* Checks a value against a bundled schema ("ocpp1.6/Reset", "rest/charger"). -ENOENT: no
	 * such schema. -EBADMSG: invalid, and `ret_errors` (may be NULL) is an array of
	 * {"path": ..., "rule": ...} in the arena. [loop] */
	int (*validate)(const char *schema, const struct bb_json *, struct bb_arena *,
			const struct bb_json **ret_errors);
	/* A bundled schema as a value that lives as long as the process, or NULL. [loop] */
	const struct bb_json *(*schema)(const char *name);

	/* The request. What these return lives until the call is answered. [loop] */
	const struct bb_json *(*payload)(const struct bb_call *);
	/* A path parameter of a route, or what a guard has set; NULL if absent. */
	const char *(*attr)(const struct bb_call *, const char *key);
	/* For later handlers of the same call; both texts are copied. */
	void (*set_attr)(struct bb_call *, const char *key, const char *value);
	struct bb_arena *(*arena)(struct bb_call *);
	const struct bb_link *(*link)(const struct bb_call *); /* NULL unless a charger asks */
	const struct bb_http *(*http)(const struct bb_call *); /* NULL unless REST asks */
	/* A request header, by its lower-case name; a query parameter, decoded. NULL if absent.
	 * When its client has gone a change has parameters, If-Match and Idempotency-Key left. */
	const char *(*header)(const struct bb_call *, const char *name);
	const char *(*param)(const struct bb_call *, const char *name);

	/* Answer now, then return BB_DONE. reply: the JSON is copied if need be. fail: `code` is an
	 * OCPP error code for an action, an HTTP status in digits ("404") for a route, any word for
	 * the rest. [loop] */
	int (*reply)(struct bb_call *, const struct bb_json *);
	int (*fail)(struct bb_call *, const char *code, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

	/* For routes, before the answer: status (200 unless said), a header (in place of an
	 * earlier one of its name, but for Set-Cookie), the `errors` member of a problem; and an
	 * answer that is not JSON (bytes are copied). They work on a deferred call as well, before
	 * resolve(); after reply_bytes() that is resolve(reply, NULL). After a timeout or a hang-up
	 * they do nothing, and reply_bytes() is -ECANCELED. [loop]
	 */
	void (*set_status)(struct bb_call *, int status);
	void (*set_header)(struct bb_call *, const char *name, const char *value);
	void (*set_errors)(struct bb_call *, const struct bb_json *errors);
	int (*reply_bytes)(struct bb_call *, const char *content_type, const void *, size_t len);

	/* For observers: the fixed answer; `ret_code` is NULL unless it failed. An observer may
	 * defer() as well: the answer leaves when it has passed(). [loop] */
	const struct bb_json *(*answer)(const struct bb_call *, int *ret_status,
					const char **ret_code);

	/* Answer later: defer(), return BB_LATER, then exactly one resolve(), reject() or pass(),
	 * always: after a timeout or a hang-up (`gone` ran, may be NULL) they only free. The call
	 * and its arena live until then, and the arena is yours to use from one thread at a time.
	 * `ms` 0 means the default time-out. pass() goes on with the next handler. What follows
	 * from them happens at the end of the loop's turn, never inside them. An observer that
	 * defers only keeps the call alive. defer() gives NULL, and logs, where it may not be
	 * called. */
	struct bb_reply *(*defer)(struct bb_call *, uint32_t ms, bb_fn *gone,
				  void *arg);                                 /* [loop] */
	struct bb_call *(*call_of)(struct bb_reply *);                        /* [any] */
	int (*resolve)(struct bb_reply *, const struct bb_json *);            /* [any] */
	int (*reject)(struct bb_reply *, const char *code, const char *text); /* [any] */
	int (*pass)(struct bb_reply *);                                       /* [any] */

	/* Command a charger. One CALL in flight per charger; the core queues, stores, times out.
	 * 0: `ret_id` (may be NULL; lives in `arena`) is the command's id and fn will be told (fn
	 * may be NULL). -EBADMSG: the payload breaks its schema, `ret_errors` as in validate().
	 * -ENOENT: no such action, or one that only chargers send. -EOPNOTSUPP: no plugin here owns
	 * it. -EPERM: not now, `ret_errors` says why. -ENOTCONN: not connected and `queue` is
	 * false. [loop] */
	int (*ask_charger)(struct bb *, const struct bb_ask *, struct bb_arena *arena,
			   const char **ret_id, const struct bb_json **ret_errors,
			   bb_command_fn *fn, void *arg);

	/* The links of this node. each() stops when fn returns false. close: code and reason go
	 * into the WebSocket close frame; -ENOTCONN if there is none. [loop] */
	uint32_t (*link_count)(void);
	void (*link_each)(bool (*fn)(const struct bb_link *, void *arg), void *arg);
	const struct bb_link *(*link_find)(const char *charge_point_id);
	int (*link_close)(const char *charge_point_id, uint16_t code, const char *reason);

	/* Ask a hook's chain: the first that does not pass decides. fn may run before this returns.
	 * err: -ENOENT all passed; -ETIMEDOUT; -EIO a handler failed, or its answer breaks the
	 * question's schema, and v = {"code": ..., "detail": ...}. `ms` 0: the default. -EINVAL: no
	 * plugin declares the question, and fn is not called. [loop] */
	int (*ask_hook)(struct bb *, const char *hook, const struct bb_json *question, uint32_t ms,
			bb_json_fn *fn, void *arg);

	/* Tell, and make durable work; with a unit, only if it commits (NULL: at once, in a unit of
	 * its own for enqueue). The value is copied; a task is of its member `operator_id`, or of
	 * "default". Errors of enqueue: as of add() and commit(). [loop] */
	int (*emit)(struct bb *, struct bb_unit *, const char *topic, const struct bb_json *event);
	int (*enqueue)(struct bb *, struct bb_unit *, const char *task, const struct bb_json *);

	/* Storage: never blocks; callbacks on the loop, exactly one each, -ECANCELED at stop.
	 * query: a query of this plugin; NULL is a bug of the plugin, logged, but for one that
	 * stands there `@with` a plugin that is not loaded. The core finds all names at start, so
	 * ask in init() and keep the pointer. add: parameters are copied. Its fn (may be NULL) runs
	 * when the unit has committed, before commit's; or with the unit's error. Rows live until
	 * the callback returns. commit: ends the unit; its fn gets err and, in `rows`, those of the
	 * last statement. Errors: -EEXIST a key or a check refused it; -EAGAIN storage is away;
	 * -EIO the rest. read: one query that changes nothing, beside all units. It sees every unit
	 * whose callback has run. [loop] */
	const struct bb_query *(*query)(struct bb *, const char *name);
	struct bb_unit *(*begin)(struct bb *);
	int (*add)(struct bb_unit *, const struct bb_query *, uint32_t n, const struct bb_val *,
		   bb_rows_fn *fn, void *arg);
	int (*commit)(struct bb_unit *, bb_rows_fn *fn, void *arg);
	void (*rollback)(struct bb_unit *);
	int (*read)(struct bb *, const struct bb_query *, uint32_t n, const struct bb_val *,
		    bb_rows_fn *fn, void *arg);
	bool (*storage_healthy)(void);

	/* Run a function of an operator's script on `question` (the one argument). err: -ENOENT no
	 * such function; -EPERM the script failed, v = {"detail": ..., "script": ..., "line": ...};
	 * -ETIMEDOUT, -ENOMEM likewise. `function` NULL: only the definitions are run, and v is the
	 * array of the names of the functions among them. check compiles only; `ret_error` names
	 * script and line, in the arena. fn may run before this returns. [loop] */
	int (*script_call)(struct bb *, const struct bb_script *, const char *function,
			   const struct bb_json *question, uint32_t ms, bb_json_fn *fn, void *arg);
	int (*script_check)(struct bb *, const struct bb_script *, struct bb_arena *,
			    const char **ret_error);

	/* Time and threads. A timer fires after `ms`, again every `ms` if `repeat`; release() stops
	 * it, and so does firing if it does not repeat: its slot is dead by then. What is left
	 * after stop() the core releases. offload: `work` on a thread of the pool, then `done` on
	 * the loop; both have run before fini(). post: [any]. */
	struct bb_slot *(*timer)(struct bb *, uint64_t ms, bool repeat, bb_fn *, void *arg);
	void (*release)(struct bb_slot *);
	int (*offload)(struct bb *, bb_fn *work, bb_fn *done, void *arg);
	int (*post)(struct bb *, bb_fn *, void *arg);
	/* The libuv loop (a uv_loop_t *), for libraries that integrate with one. [loop] */
	void *(*uv_loop)(void);

	/* Another plugin's small, versioned table of functions ("wallet/1"), which lives as long
	 * as the process; NULL if absent, not yet inited, or smaller than `min_size`. [loop] */
	const void *(*service)(struct bb *, const char *name, uint32_t min_size);

	/* All routes that somebody owns, in a fixed order; false past the end. [loop] */
	bool (*route_at)(uint32_t i, struct bb_route_info *ret);
	/* The server's version, "0.1.0". [any] */
	const char *(*version)(void);

	/* The text of a bundled script, "tariffs/flat" for scripts/tariffs/flat.lua, in the arena.
	 * -ENOENT: there is none of that name. [loop] */
	int (*script_bundled)(struct bb *, const char *name, struct bb_arena *,
			      const char **ret_text, size_t *ret_len);

	/* Replaces the certificates that this plugin lets vouch for chargers' client certificates,
	 * beside those of tls.client_ca: PEM, any number of them; NULL or "" for none. Holds for
	 * connections that begin afterwards. -EINVAL: that is no PEM; nothing changes. Without a
	 * TLS listener they are checked and have no effect. [loop] */
	int (*tls_trust)(struct bb *, const char *pem);

	/* The body of a route with BB_STREAM_BODY: after defer(), before the answer. fn gets the
	 * next piece, once, never before this returns; the client is not read from faster than
	 * pieces are asked for. err: -EMSGSIZE longer than the route's max_body (answer 413);
	 * -EBADMSG malformed chunks (400); -ETIMEDOUT nothing came for http.timeout, or too little
	 * (408); -ECONNRESET the client has gone; -ECANCELED the server stops or the call has timed
	 * out. After an error or the end nothing more comes. While a piece is waited for, the
	 * call's own time-out stands still; it starts anew with each. -EINVAL: no such body, or
	 * asked out of turn. body_length: as the client announced it, -1 if it did not. [loop] */
	int (*body_next)(struct bb_call *, bb_body_fn *fn, void *arg);
	int64_t (*body_length)(const struct bb_call *);

	/* The answer of a route in pieces, where reply_bytes() may be used and in the same way: the
	 * struct is copied. If 0 is returned, `over` will run, and the call's arena lives until it
	 * has; after a timeout or a hang-up it is -ECANCELED. sink_send: copied; 0 bytes are the
	 * end, which a known length needs not. sink_cut: it cannot go on; the connection is cut, so
	 * that the client sees that a part is missing. Neither calls back before it returns. [loop]
	 */
	int (*reply_stream)(struct bb_call *, const struct bb_stream *);
	void (*sink_send)(struct bb_sink *, const void *bytes, size_t len);
	void (*sink_cut)(struct bb_sink *);

	/* In a handler of a hook: asks those who stand behind it in the chain, with this question
	 * in place of the call's own; fn as of ask_hook(). -EINVAL: the call is no hook's. [loop]
	 */
	int (*ask_behind)(struct bb_call *, const struct bb_json *question, bb_json_fn *fn,
			  void *arg);
	/* Answers a hook's call by the script's function of that name, within the asker's time:
	 * nil passes. If it fails, or answers otherwise than the question's schema says, the call
	 * fails, the log says where, and the topic `script.failed` is told {operator_id, hook,
	 * script, version, line, detail}. `question` and the script's text live until the call is
	 * answered. Returns the handler's verdict. [loop] */
	int (*script_answer)(struct bb *, struct bb_call *, const struct bb_script *,
			     const char *hook, const struct bb_json *question);
	/* A link's registration from now on, as in bb_link. -ENOTCONN: no link here. [loop] */
	int (*link_register)(const char *charge_point_id, const char *registration);
	/* As script_call(), with failures noted as script_answer() does: fn gets 0 and the answer,
	 * NULL where the script passes, or an error and {"code", "detail"}. [loop] */
	int (*script_ask)(struct bb *, const struct bb_script *, const char *hook,
			  const struct bb_json *question, uint32_t ms, bb_json_fn *fn, void *arg);
	/* What the scripts of one operator after the other have done, of all whose scripts have
	 * been called, in a fixed order; false past the end. [loop] */
	bool (*script_stats)(struct bb *, uint32_t i, struct bb_script_stats *ret);

	/* For what a plugin must read before it is of use: starting(me, true) in start(), and false
	 * when it is ready. While any plugin is starting no charger is let in (503), and /health
	 * says so. is_starting: is any? [loop] */
	void (*starting)(struct bb *, bool);
	bool (*is_starting)(void);

	/* What GET /metrics tells. series: of these values of the metric's labels (as many as there
	 * are, copied; NULL values are ""), found or made; ask once and keep it, it lives as long
	 * as the plugin. With labels and without `values` (NULL) it only makes the metric known,
	 * and is NULL; else it is never NULL. count adds to a counter or a gauge, set_gauge sets
	 * one, observe puts a value in a histogram: each is an addition or two. hide_series: a
	 * gauge's series are not told until they are set again. before_metrics: fn runs before the
	 * figures are read, to set gauges. each_metric: all of the core's and plugins', by name.
	 * [loop] */
	struct bb_series *(*series)(struct bb *, const struct bb_metric *,
				    const char *const *values);
	void (*count)(struct bb_series *, uint64_t n);
	void (*set_gauge)(struct bb_series *, int64_t value);
	void (*observe)(struct bb_series *, int64_t value);
	void (*hide_series)(const struct bb_metric *);
	void (*before_metrics)(struct bb *, bb_fn *, void *arg);
	void (*each_metric)(bb_metric_fn *fn, void *arg);

	/* Clocks of a time zone, by its IANA name: what they show at a time, as milliseconds since
	 * they showed 1970; and when they show that. Shown twice: the first time; never shown: as
	 * if they had not been put forward yet. -ENOENT: no such zone. [loop] */
	int (*zone_local)(const char *zone, int64_t utc_ms, int64_t *ret_shown_ms);
	int (*zone_utc)(const char *zone, int64_t shown_ms, int64_t *ret_utc_ms);

	/* For observers: a header of the answer, as set_header() set it; NULL: it has none. [loop]
	 */
	const char *(*answer_header)(const struct bb_call *, const char *name);

	/* The query parameters of a route that somebody owns, as one schema: an object with a
	 * property for each; see bb_route.query. [loop] */
	const struct bb_json *(*parameters)(const struct bb_route *);
	/* A schema as its file has it, with its $refs: to its own `$defs` and to those of its
	 * folder's common.json, which is "rest/common" here. NULL: there is no such file. [any] */
	const struct bb_json *(*schema_source)(const char *name);
	/* As script_answer(), and an answer that is an object gets the members of `stamp`, in place
	 * of its own of these names. The stamp lives as long as the question. [loop] */
	int (*script_answer_with)(struct bb *, struct bb_call *, const struct bb_script *,
				  const char *hook, const struct bb_json *question,
				  const struct bb_json *stamp);
};
#define BB_HAS(api, m) ((api)->size >= offsetof(struct bb_api, m) + sizeof((api)->m) && (api)->m)

struct bb_plugin {
	uint32_t size;
	uint16_t abi_major, abi_minor;
	const char *name, *version; /* name = config section = log tag = metric = sql folder */
	const char *const *needs;   /* services, NULL-terminated; decides the order of start */
	const char *gives;          /* the service that this plugin provides, or NULL */
	const void *service;
	size_t config_size; /* of the struct that `options` fills */
	struct bb_table options, actions, outgoing, routes, questions, hooks, topics, tasks, lua;
	/* In this order. `cfg` lives until a later reload has been accepted; without `reload`, as
	 * long as the plugin. */
	int (*init)(struct bb *, const struct bb_api *, const void *cfg, void **self);
	int (*start)(void *self);                   /* all needs are up; may fail */
	int (*reload)(void *self, const void *cfg); /* -errno keeps the old config */
	void (*stop)(void *self);                   /* no new calls; finish yours */
	void (*fini)(void *self);                   /* nothing of yours is left */
};

/* The one symbol that a plugin exports, in the file <id>.so. */
#define BB_PLUGIN(id, ...)                                                                   \
	__attribute__((visibility("default"))) extern const struct bb_plugin bb_plugin_##id; \
	const struct bb_plugin bb_plugin_##id = {.size = sizeof(struct bb_plugin),           \
						 .abi_major = BB_ABI_MAJOR,                  \
						 .abi_minor = BB_NEED_MINOR,                 \
						 .name = #id,                                \
						 __VA_ARGS__}
#endif
