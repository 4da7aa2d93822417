/* What stands before a document's number. */
#ifndef INVOICES_SERIES_H
#define INVOICES_SERIES_H
#include <busbar/json.h>

/* The series of a kind: the issuer's prefix, or the default, with the year in place of "{year}". */
const char *series_of(struct bb_arena *, const struct bb_json *issuer, const char *kind,
		      const char *year);
/* What is wrong with the issuer's prefixes, NULL: nothing. `ret_path` names the member. */
const char *series_fault(struct bb_arena *, const struct bb_json *issuer, const char **ret_path);
#endif
