/* What the validator works on, and how it tells a fault. */
#ifndef SCHEMA_VALIDATE_H
#define SCHEMA_VALIDATE_H
#include "schema/node.h"
#include "schema/schema.h"

struct schema {
	const char *name;
	const struct node *root;
	const struct bb_json *document;
};

/* The way from the root to a value: a member's key, or an item's index where there is no key.
 * Each step lives on the stack of the one that takes it. */
struct step {
	const struct step *up; /* NULL at the root, which has neither */
	const char *key;
	uint32_t index;
};

/* "a[0].b"; "" for the root. */
const char *fault_path(struct bb_arena *, const struct step *);
/* "is not a string or null" */
const char *fault_type_rule(struct bb_arena *, const struct node *, const struct bb_json *);
#endif
