/* The query parameters of a request, held against what its route takes. */
#ifndef BUSBARD_PARAMETERS_H
#define BUSBARD_PARAMETERS_H
#include "busbard/exchange.h"

/* How often the request has a query parameter. */
size_t parameters_count(const struct exchange *, const char *name);
/* How many bytes of a name a problem tells: whole characters, not many. */
int parameters_shown(const char *name);
/* What is wrong with them, for a 400; NULL: nothing. `places` are the names and values of the
 * path's parameters; see places.h. `ret_errors` has each value that is wrong, with its name. */
const char *parameters_fault(const struct exchange *, const char *const *places,
			     const struct bb_json **ret_errors);
#endif
