/* The plugin's own: what its files share. */
#ifndef REST_PRIVATE_H
#define REST_PRIVATE_H
#include <busbar/operators.h>
#include <busbar/rest.h>

#include "limiter.h"

struct config {
	const char *cors_origins;
	bool cors_credentials;
	int64_t per_key, per_address; /* requests a minute; 0: no limit */
	int64_t idempotency_ms, hsts_ms;
};

/* In the order of query_names in plugin.c. */
enum query {
	Q_KEY_BY_HASH,
	Q_KEY_USED,
	Q_KEY_BOOTSTRAP,
	Q_KEY_INSERT,
	Q_KEY_LIST,
	Q_KEY_GET,
	Q_ADMIN_KEYS_LOCK,
	Q_KEY_DELETE,
	Q_IDEMPOTENCY_CLAIM,
	Q_IDEMPOTENCY_GET,
	Q_IDEMPOTENCY_ANSWER,
	Q_IDEMPOTENCY_RELEASE,
	Q_IDEMPOTENCY_CLEAN,
	Q_AUDIT_INSERT,
	Q_AUDIT_LIST,
	Q_TASK_LIST,
	Q_TASK_FIND,
	Q_TASK_AGAIN,
	Q_CHARGER_BY_ID,
	Q_CHARGER_BY_IDENTITY,
	Q_COMMAND_LIST,
	Q_COMMAND_GET,
	Q_MESSAGE_LIST,
	Q_VIOLATION_LIST,
	Q_VIOLATIONS_RESET,
	Q_COUNT_OF,
};

struct rest {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	struct limiter keys, addresses;
	struct bb_arena
	    *spec_arena; /* of `spec`, the text of /openapi.json, once it was asked for */
	const char *spec;
	size_t spec_len;
	struct bb_slot *clean_timer;
	const struct bb_operators *operators; /* NULL: none can be disabled */
};

/* guard.c: who calls, and may they? */
bb_call_fn guard;

struct caller {
	const char *kind; /* "key", or as the question `caller` was answered */
	const char *id;   /* of a key; else "user:..." or the like: for limits and idempotency */
	const char *name, *role;
	const char *operator_id, *user_id, *email, *expires_at; /* NULL: none */
};

/* The role and the limits; then the call goes on. False: it has been answered. */
bool caller_admit(struct bb_rest *, const struct caller *);
void reject_unauthorized(struct bb_rest *, const char *text);

/* caller_key.c, caller_ask.c. The latter with `authorization`, or with the cookies if it is NULL.
 * BB_LATER. */
int caller_by_key(struct bb_rest *, const char *key);
int caller_ask(struct bb_rest *, const char *authorization);

/* browser.c: of a private answer nobody keeps a copy. */
void browser_headers(struct rest *, struct bb_call *, bool is_private);

/* cors.c: says what the origin may; true if it asks no more than that: a preflight. */
bool cors_begin(struct rest *, struct bb_call *);
/* The first word of a list of origins that is none, and its length; NULL: all are. */
const char *cors_fault(const char *list, size_t *ret_len);
void cors_answer_preflight(struct rest *, struct bb_call *);

/* keys.c */
bb_call_fn key_list, key_get, key_create, key_delete, bootstrap;

/* idempotency.c. claim: goes on with the call (pass) or answers it, now or later. */
void idempotency_claim(struct rest *, struct bb_rest *);
bb_call_fn idempotency_observe;
void idempotency_clean(struct rest *);

/* hold.c: for an observer. Writes a row; the answer leaves when that is committed, or has failed,
 * which is logged with `what`. BB_LATER. */
int hold_and_write(struct rest *, struct bb_call *, const char *what, enum query, uint32_t n,
		   const struct bb_val *);

/* masked.c: the answer as a table may keep it, with "***" for the secrets that a command's payload
 * and its charger's response have; see <busbar/secrets.h>. */
const struct bb_json *masked(struct bb_arena *, const struct bb_json *answer);

/* audit.c, tasks.c */
bb_call_fn audit_observe, audit_list, task_list, task_retry;

/* commands.c, command_list.c, messages.c */
bb_call_fn command_send, command_list, command_get;
bb_call_fn message_list, log_list;

/* violations.c */
bb_call_fn violation_list, violations_reset;

/* lookup.c: finds the charger that the path names, by {id} or {charge_point_id}, and goes on with
 * `step` and `arg` in r->arg; one that the caller may not know is answered with 404. */
struct target {
	const char *charge_point_id, *operator_id;
	int64_t id;
};
typedef void target_fn(struct bb_rest *, const struct target *);
int lookup_charger(struct rest *, struct bb_rest *, void *arg, target_fn *step);

/* {"code", "detail"}, or null without a code. */
struct bb_json error_json(struct bb_arena *, const struct bb_val *code,
			  const struct bb_val *detail);

/* still.c: who calls, for answers that go on. */
struct bb_callers;
extern const struct bb_callers callers_service;
void still_open(struct rest *);

/* openapi.c, docs.c, health.c */
bb_call_fn openapi, docs, health, profile;
#endif
