/* JSON schemas, compiled once at start into tables, and the validator.
 *
 * The dialect is the part of JSON Schema 2020-12 that messages need; whatever is outside it stops
 * the start with file and place:
 * - type: one name, or an array of a name and "null". An integer is what is one, 1.0 too, as long
 *   as an int64_t holds it. Every keyword below needs its type beside it.
 * - object: properties (64 at most), required (of properties only), additionalProperties (false),
 *   minProperties
 * - array: items, minItems, maxItems
 * - string: enum (of strings, and null where the type allows it), const, minLength, maxLength (code
 *   points), format (date-time, uri, time-zone, date,
 *   time-of-day, month)
 * - number, integer: minimum, maximum, multipleOf (with a double's tolerance)
 * - $ref: "#/$defs/name", or "common.json#/$defs/name" beside the file; with annotations only, and
 *   never round in a circle. $defs at the root.
 * The annotations $schema, $id, title, description, examples, default, and any "x-..." are kept but
 * not checked. */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H
#include <stdbool.h>
#include <stddef.h>

#include <busbar/json.h>

struct schema_set;
struct schema; /* one compiled document */

/* OCPP-J 1.6 tells kinds of fault by the CALLERROR code. */
enum schema_kind {
	SCHEMA_TYPE,       /* TypeConstraintViolation */
	SCHEMA_PROPERTY,   /* PropertyConstraintViolation: value, length, format, enumeration, range
			    */
	SCHEMA_OCCURRENCE, /* OccurenceConstraintViolation: missing, extra, too few or too many */
	SCHEMA_FORMATION,  /* FormationViolation: the payload is not an object */
};

struct schema_fault {
	enum schema_kind kind;
	const char *path;    /* "meterValue[0].sampledValue[2].unit"; "" for the root */
	const char *rule;    /* "is not one of Wh, kWh, ..." */
	const char *keyword; /* of the schema that says so: "enum" */
};

/* All DIR/<folder>/<name>.json but common.json, under the names "<folder>/<name>". On failure
 * `ret_error` (malloc'd by the callee) tells file, place and reason. */
int schema_load(const char *dir, struct schema_set **ret, char **ret_error);
void schema_free(struct schema_set *);

/* NULL if there is none of that name ("ocpp1.6/BootNotification"). */
const struct schema *schema_find(const struct schema_set *, const char *name);
/* The i-th by name; NULL past the end. */
const struct schema *schema_at(const struct schema_set *, size_t i);
const char *schema_name(const struct schema *);
/* The document with its $refs resolved in place, for OpenAPI; lives as long as the set. */
const struct bb_json *schema_document(const struct schema *);
/* The document of DIR/<name>.json as it was read, also of a folder's common.json; NULL if there is
 * none. */
const struct bb_json *schema_source(const struct schema_set *, const char *name);

/* A schema made at run time, without $ref; all in the arena, which must outlive it. `ret_error` as
 * of schema_load(), `name` being the file. */
int schema_make(struct bb_arena *, const char *name, const struct bb_json *document,
		const struct schema **ret, char **ret_error);
/* What an item of a list is, by the document of {"items": [{...}], "next_cursor": ...}; NULL: this
 * is none of a list. */
const struct bb_json *schema_list_item(const struct bb_json *document);

/* True if valid. Otherwise up to `max` faults are filled in (path and rule live in the arena) and
 * their number is in `ret_count`; with max 1 it stops at the first. */
bool schema_validate(const struct schema *, const struct bb_json *, struct bb_arena *,
		     struct schema_fault *faults, size_t max, size_t *ret_count);

/* [{"path": ..., "rule": ...}] in the arena, around the faults' own texts. */
const struct bb_json *schema_faults_json(struct bb_arena *, const struct schema_fault *,
					 size_t count);

/* "connectorId is not an integer"; of the root: "the payload is not an object". */
const char *schema_fault_text(struct bb_arena *, const struct schema_fault *);

/* The spelling of OCPP 1.6's CALLERROR codes. */
const char *schema_kind_code(enum schema_kind);
#endif
