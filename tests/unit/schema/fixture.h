/* Schemas from texts, through files, as they are loaded in earnest. */
#ifndef UNIT_SCHEMA_FIXTURE_H
#define UNIT_SCHEMA_FIXTURE_H
#include "base/arena.h"
#include "schema/schema.h"
#include "json/json.h"

/* A temporary folder with t/case.json and, if it is not NULL, t/common.json. */
struct fixture {
	char dir[64];
};

void fixture_make(struct fixture *, const char *schema, const char *common);
void fixture_remove(struct fixture *);

/* The set of one schema, "t/case". */
struct schema_set *fixture_load(const char *schema, const char *common);
/* What loading it is refused with, without the folder's name; NULL if it is not. Free it. */
char *fixture_error(const char *schema, const char *common);

/* True if memory has leaked by now; never without AddressSanitizer. To be asked in the test itself:
 * what fails in a teardown does not fail the test. */
bool fixture_leaks(void);

const struct bb_json *fixture_value(struct bb_arena *, const char *text);
#endif
