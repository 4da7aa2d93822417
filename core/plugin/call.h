/* One request on its way through a chain of handlers, whoever asks. Makers (ocppj, net, the hook
 * and task runners) fill a call_spec and get the answer once. */
#ifndef PLUGIN_CALL_H
#define PLUGIN_CALL_H
#include <busbar/plugin.h>

#include "loop/loop.h"

/* A handler in a chain, as the registries keep it. */
struct handler {
	struct bb *plugin;
	int32_t phase, order;
	bb_call_fn *fn;
	const void *row; /* the bb_action, bb_route, ... it came from */
};

struct chain {
	const struct handler *handlers; /* guards, owner, observers; each in its order */
	size_t count;
	const char *name; /* for the log: "action BootNotification" */
};

struct call_answer {
	const struct bb_json *json; /* NULL if it failed or has bytes */
	const char *code;           /* NULL unless it failed */
	const char *text;           /* the failure's detail */
	const struct bb_json *errors;
	int status; /* of a route; 0 unless set */
	const char *content_type;
	const void *bytes;
	size_t len;
	const struct bb_stream *stream; /* its `over` is the asker's to call from here on */
	struct call_header *headers;
	bool passed; /* every handler passed */
};

struct call_header {
	const char *name, *value;
	struct call_header *next;
};

/* The asker's end of a streamed answer, embedded in what it keeps of it. */
struct bb_sink {
	void (*send)(struct bb_sink *, const void *bytes, size_t len);
	void (*cut)(struct bb_sink *);
};

struct call_spec {
	struct loop *loop;
	const struct chain *chain;
	struct bb_arena *arena; /* the call's; call_free() does not free it */
	const struct bb_json *payload;
	const struct bb_link *link;
	const struct bb_http *http;
	const char *const *attrs;   /* the first attributes: name, value, ..., NULL; may be NULL */
	const char *correlation_id; /* for the log; may be NULL */
	const char *(*header)(const struct bb_call *, const char *name, void *arg);
	const char *(*param)(const struct bb_call *, const char *name, void *arg);
	/* The contracts of plugin.h's body_next and body_length; NULL: there is no body to pull. */
	int (*body_next)(struct bb_call *, bb_body_fn *, void *fn_arg, void *arg);
	int64_t (*body_length)(const struct bb_call *, void *arg);
	uint32_t default_ms; /* of defer() */
	uint32_t max_ms;     /* the most that a handler may take in defer(); 0: no limit */
	/* Called once, on the loop, when the answer is fixed, before the observers run. After a
	 * time-out the arena may still be in use by a thread: allocate nothing in it here. */
	void (*answered)(struct bb_call *, const struct call_answer *, void *arg);
	/* Called once, when nobody holds the call any more: free the arena here. May be NULL. */
	void (*finished)(void *arg);
	void *arg;
};

/* Starts the chain; `answered` and `finished` may run before this returns: NULL if `finished` has.
 * An answer that comes later is delivered at the end of a turn of the loop, never inside the
 * plugin's resolve(). */
struct bb_call *call_start(const struct call_spec *);
/* The asker hung up: `gone` of a deferred reply runs, `answered` will not. */
void call_abandon(struct bb_call *);
/* The handler that the call waits for waits itself, for the asker: its time-out stands still, or
 * starts anew. */
void call_pause(struct bb_call *);
void call_go_on(struct bb_call *);

/* What bb_api offers on calls. */
const struct bb_json *call_payload(const struct bb_call *);
const char *call_attr(const struct bb_call *, const char *key);
/* All of them, as call_spec.attrs has them; copied. */
const char *const *call_attrs(const struct bb_call *, struct bb_arena *);
void call_set_attr(struct bb_call *, const char *key, const char *value);
struct bb_arena *call_arena(struct bb_call *);
const struct bb_link *call_link(const struct bb_call *);
const struct bb_http *call_http(const struct bb_call *);
const char *call_header(const struct bb_call *, const char *name);
const char *call_param(const struct bb_call *, const char *name);
int call_reply(struct bb_call *, const struct bb_json *);
int call_fail(struct bb_call *, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int call_vfail(struct bb_call *, const char *code, const char *fmt, va_list)
    __attribute__((format(printf, 3, 0)));
void call_set_status(struct bb_call *, int status);
void call_set_header(struct bb_call *, const char *name, const char *value);
const char *call_answer_header(const struct bb_call *, const char *name);
void call_set_errors(struct bb_call *, const struct bb_json *errors);
int call_reply_bytes(struct bb_call *, const char *content_type, const void *, size_t len);
int call_reply_stream(struct bb_call *, const struct bb_stream *);
int call_body_next(struct bb_call *, bb_body_fn *, void *arg);
int64_t call_body_length(const struct bb_call *);
const struct bb_json *call_answer(const struct bb_call *, int *ret_status, const char **ret_code);
struct bb_reply *call_defer(struct bb_call *, uint32_t ms, bb_fn *gone, void *arg);
struct bb_call *call_of(struct bb_reply *);
int call_resolve(struct bb_reply *, const struct bb_json *);
int call_reject(struct bb_reply *, const char *code, const char *text);
int call_pass(struct bb_reply *);
#endif
