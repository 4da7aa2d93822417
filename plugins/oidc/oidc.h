/* What the files of this plugin share. */
#ifndef OIDC_OIDC_H
#define OIDC_OIDC_H
#include <busbar/refusals.h>
#include <busbar/rest.h>
#include <busbar/transfer.h>
#include <busbar/users.h>

#include "claims.h"
#include "keyset.h"
#include "seen.h"

struct config {
	const char *issuers, *webhook_secrets;
	int64_t skew_ms, fresh_ms, fresh_least_ms, fresh_most_ms, stale_most_ms, refetch_ms,
	    timeout_ms, tolerance_ms;
};

enum query { Q_EVENT_FIND, Q_EVENT_INSERT, Q_EVENTS_SWEEP, Q_GONE_PUT, Q_GONE_FIND, Q_COUNT_OF };

struct oidc {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_transfer *transfer;
	const struct bb_users *users;
	const struct bb_query *q[Q_COUNT_OF];
	struct issuers *issuers;
	struct seen *seen;
	uint32_t verifying; /* signatures that are being looked at */
	struct bb_refusals token_refusals, webhook_refusals;
};

/* One who vouches for callers. */
struct issuer {
	struct oidc *p;
	const char *name, *issuer;
	const char *jwks_url, *ca; /* or NULL */
	const struct bb_json *audience, *rules, *webhook;
	uint32_t algorithms; /* a set, by algorithm_bit() */
	bool create_users;
	struct keyset keys;
};

/* Those of the configuration. The ones before a reload stay until the end: fetches and callers may
 * be on their way. */
struct issuers {
	struct bb_arena *arena;
	struct issuer *list;
	uint32_t count;
	struct issuers *before;
};

/* NULL, and a line in the log that says what is wrong. */
struct issuers *issuers_read(struct oidc *, const struct config *);
void issuers_free(struct oidc *, struct issuers *); /* and those before */
struct issuer *issuers_find(struct issuers *, const char *issuer);
struct issuer *issuers_named(struct issuers *, const char *name);

/* Has the issuer keys that still count? */
bool keys_are_there(const struct issuer *);
/* Fetches them in the background if it is time. */
void keys_refresh(struct issuer *);
/* Waits for a fetch, one that is on its way or one that begins now. False: there is none, and none
 * may begin so soon after the last, or too many wait. */
bool keys_wait(struct issuer *, struct waiter *);

/* Making or changing a user as a provider says. The arena must live until `done`. */
struct provision {
	struct oidc *p;
	struct bb_arena *arena;
	const struct issuer *issuer;
	struct person person;
	bool disabled; /* and let them in no more */
	/* 0; -ENOENT there is no such operator, or the last admin would go to one; -EACCES the
	 * provider has removed them; else as of storage. `user_id` is known if 0. */
	void (*done)(struct provision *, int err);
	void *arg;
	const char *user_id, *operator_id;
	bool found;
};
/* Adds to the unit, and commits it. */
void provision_commit(struct provision *, struct bb_unit *);

bb_call_fn caller, webhook;
#endif
