/* The plugin's own: what its files share. */
#ifndef AUTHORIZATION_AUTHORIZATION_H
#define AUTHORIZATION_AUTHORIZATION_H
#include <busbar/rest.h>

struct config {
	const char *unknown; /* "invalid", "accept" or "pass" */
	int64_t max_active;  /* of tokens that do not say; 0: no limit */
};

/* In the order of query_names in plugin.c. */
enum query {
	Q_AUTHORIZE,
	Q_LIST,
	Q_FIND,
	Q_GET,
	Q_INSERT,
	Q_UPDATE,
	Q_DELETE,
	Q_CHANGED,
	Q_COUNT_OF
};

struct authorization {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
};

/* authorize.c: the hook. */
bb_call_fn authorize;

/* token_read.c. token_find() goes on with `step` and the one token that the path names; none or
 * several are answered there. token_show() ends a call with the token in the rows. */
bb_call_fn token_list, token_get;
int token_find(struct bb_call *, struct authorization *, bb_rest_fn *step);
bb_rest_fn token_show;
const struct bb_json *token_json(struct bb_arena *, const struct bb_rows *, uint32_t row,
				 uint32_t from);

/* token_write.c */
bb_call_fn token_create, token_put, token_delete;
#endif
