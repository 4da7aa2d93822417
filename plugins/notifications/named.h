/* What an operator has one of by name: a template by its language, a gateway by its channel. */
#ifndef NOTIFICATIONS_NAMED_H
#define NOTIFICATIONS_NAMED_H
#include "notifications.h"

struct named_kind {
	const char *thing; /* "gateway" */
	const char *part;  /* of the path, that has the name */
	enum query get, put, remove;
};

/* What a route works on: r->arg. */
struct named {
	const struct named_kind *kind;
	const char *operator_id, *name;
	const struct bb_json *before; /* as it was; NULL: there was none */
	bb_rest_fn *write;
};

/* Whose: the key's own operator, else the parameter's, else the default one. */
const char *named_operator(const struct bb_api *, struct bb_call *);
struct bb_rest *named_begin(struct bb_call *, struct notify *, const struct named_kind *);
int named_get(struct bb_call *, struct notify *, const struct named_kind *);
int named_delete(struct bb_call *, struct notify *, const struct named_kind *);

/* Reads what is there into `before`, then goes on with `write` (without rows), which ends with
 * named_write(): again where somebody else was faster. BB_LATER. */
int named_change(struct bb_rest *, bb_rest_fn *write);
/* The parameters of the kind's `put`: operator and name are the first, and the last are the time,
 * the version that is changed, and whether nothing was there; these are filled in here. */
void named_write(struct bb_rest *, uint32_t n, struct bb_val *v);
#endif
