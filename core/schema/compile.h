/* From a schema's document to nodes. */
#ifndef SCHEMA_COMPILE_H
#define SCHEMA_COMPILE_H
#include "schema/node.h"

/* A file of schemas. Its $refs lead into itself or into its folder's common.json. */
struct source {
	const char *file;
	const struct bb_json *document;
	const struct source *common; /* NULL if the folder has none */
};

/* Where in a source something stands; the root has no key. */
struct place {
	const struct source *source;
	const struct place *up;
	const char *key;
};

/* A $defs entry, compiled once; its node is NULL while that is under way. */
struct definition {
	const struct bb_json *document;
	const struct node *node;
	struct definition *next;
};

struct compiler {
	struct bb_arena *arena; /* of the nodes, and of the error */
	struct definition *definitions;
	const char *error; /* NULL while all is well */
};

/* -EINVAL, with the error set: "FILE#/place: text". Only the first error is kept. */
int compile_error(struct compiler *, const struct place *, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* One schema, at any place of a document. */
int compile_schema(struct compiler *, const struct place *, const struct bb_json *,
		   const struct node **ret);
/* The $defs entry `name` of a source. It is compiled once and at its own place, so that an error
 * in it is told there. */
int compile_definition(struct compiler *, const struct source *, const char *name,
		       const struct bb_json *, const struct node **ret);
/* Reads the keywords of a schema without $ref into a node. */
int keywords_read(struct compiler *, const struct place *, const struct bb_json *, struct node *);
/* True of a keyword that says nothing about validity. */
bool keyword_is_annotation(const char *);

/* What a $ref of that source refers to, and the source that it is in; NULL if it leads nowhere. */
const struct bb_json *ref_find(const struct source *, const char *ref, const struct source **ret);
/* The document with its $refs replaced by what they refer to; it must have been compiled. */
const struct bb_json *ref_resolve(struct bb_arena *, const struct source *);
#endif
