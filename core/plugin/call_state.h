/* What the files of a call share. Private to core/plugin. */
#ifndef PLUGIN_CALL_STATE_H
#define PLUGIN_CALL_STATE_H
#include <uv.h>

#include "plugin/call.h"
#include "plugin/instance.h"

struct attr {
	const char *key, *value;
	struct attr *next;
};

struct pending; /* what is behind a bb_reply */

struct bb_call {
	struct call_spec spec;
	uv_thread_t thread; /* the loop's */
	struct attr *attrs;
	struct call_answer answer;
	struct bb_stream *stream;    /* given and not yet handed on: its `over` is due */
	const struct handler *asked; /* the handler at work or waited for */
	size_t at;                   /* the next one to ask */
	struct pending *waiting;     /* the reply that the chain waits for */
	uint32_t replies;            /* bb_replies that are not given back */
	bool running;                /* in a handler's function */
	bool answered;               /* `answer` is set */
	bool over;                   /* nobody will be asked any more */
	bool observed;               /* the observers have run, or never will */
	bool abandoned;
	bool late; /* its holder has not answered, and is not waited for any more */
};

/* The failure that callers see of our own faults; it tells nothing of the inside. */
void call_fail_internal(struct bb_call *);
void call_fail_timeout(struct bb_call *);
/* One line in the log, as the fault of the handler at work. */
void call_blame(const struct bb_call *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The chain goes on, or has its answer. */
void call_continue(struct bb_call *);
void call_finish(struct bb_call *);
/* Ends the call if nobody holds it; true if so. */
bool call_settle(struct bb_call *);

/* The handler's reply will not be waited for (any more). */
void pending_detach(struct bb_call *);
/* The same, and tells its holder; false if its answer was already on the way. */
bool pending_expire(struct bb_call *);
/* The calls that a plugin has deferred are failed; it still has to give the replies back. */
void pending_fail_all(const struct bb *plugin);
/* Replies that it has not given back are taken from it; returns how many. */
uint32_t pending_revoke(const struct bb *plugin);
#endif
