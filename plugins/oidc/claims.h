/* Who somebody is here, by what their provider says of them. Pure. */
#ifndef OIDC_CLAIMS_H
#define OIDC_CLAIMS_H
#include <busbar/json.h>

struct person {
	const char *subject, *name, *role;
	const char *operator_id, *email; /* or NULL */
};

/* The claim of that name; else, where the name has points, one within others: "a.b" is the member b
 * of a, "list.0" an item. NULL: there is none. */
const struct bb_json *claim_find(const struct bb_json *claims, const char *path);

/* By rules as schemas/oidc/issuers.json describes them, from claims whose subject is known. NULL:
 * `ret` is filled; else why they may do nothing here. */
const char *claims_person(struct bb_arena *, const struct bb_json *rules,
			  const struct bb_json *claims, const char *subject, struct person *ret);
#endif
