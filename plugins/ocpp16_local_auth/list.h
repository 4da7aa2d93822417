/* A charger's list and what it should be: the difference, and the message that makes it good. Pure.
 */
#ifndef OCPP16_LOCAL_AUTH_LIST_H
#define OCPP16_LOCAL_AUTH_LIST_H
#include <busbar/json.h>

struct entry {
	const char *id_tag;
	const char *info; /* the text of an idTagInfo; NULL: the token is to be removed */
};
struct entries {
	struct entry *list;
	size_t count;
};

/* Sorts by the token, without regard to case, and keeps the first of equal ones. */
void entries_sort(struct entries *);
/* What makes `has` into `wants`, both sorted: removals first, so that there is room. */
struct entries entries_difference(struct bb_arena *, const struct entries *has,
				  const struct entries *wants);
/* The version for the next message: above what the charger has, and above the last one tried, which
 * it may have taken without our knowing. After the greatest one it begins again with 1, which a
 * charger takes in a Full. */
int64_t list_version(int64_t has, int64_t tried);
/* SendLocalList's payload with the first `most` of them. `parse` is bb_api.json_parse. */
const struct bb_json *list_message(struct bb_arena *, bool full, int64_t version,
				   const struct entries *, size_t most,
				   int (*parse)(struct bb_arena *, const char *, size_t,
						const struct bb_json **, const char **));
#endif
