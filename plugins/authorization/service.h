/* An operator's own service: asked over HTTP what it thinks of a token. */
#ifndef AUTHORIZATION_SERVICE_H
#define AUTHORIZATION_SERVICE_H
#include "authorization.h"

struct inquiry {
	const char *operator_id, *id_tag;
	const char *url, *secret; /* secret: or NULL */
	int64_t timeout_ms;
	bool lists; /* what holds for a while goes into local lists */
	bool registered;
	int64_t station_id;             /* 0: none */
	const struct bb_json *base;     /* the members that it may leave out */
	const struct bb_json *fallback; /* the answer when it does not answer */
};

/* Resolves the call, once, with what it says, or with the fallback. `inquiry` and all it points to
 * live in the call's arena. */
void service_ask(struct bb_rest *, struct inquiry *);
/* `said` completed by `base`, without what is only for us. */
const struct bb_json *service_merge(struct bb_arena *, const struct bb_json *said,
				    const struct bb_json *base);
/* How it stands with the operator's service, on this node. */
const struct bb_json *service_state(const struct authorization *, struct bb_arena *,
				    const char *operator_id);
/* Its settings have changed. */
void service_forget(struct authorization *, const char *operator_id);
void service_free_all(struct authorization *);
#endif
