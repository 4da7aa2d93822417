/* Lists as CSV, whichever plugin's: the route's owner is asked for page after page, as the client
 * takes them. */
#ifndef BUSBARD_EXPORT_H
#define BUSBARD_EXPORT_H
#include "busbard/exchange.h"

/* Does the route list things, so that `format` is a parameter of it? */
bool export_is_offered(const struct exchange *);
/* Does the request want CSV? Notes what is wrong with its `format` in x->fault. */
bool export_is_wanted(struct exchange *);
/* The attributes of a call that is for an export: the path's, and `items_only`, by which a route
 * knows that nobody sees what its answer has beside its items. */
const char *const *export_attrs(struct exchange *, const char *const *params);
/* As exchange_param(), for the first page: as large as may be, unless the request says. */
const char *export_param(const struct exchange *, const char *name);
/* The stream that begins with this answer. False: the answer is no list. */
bool export_begin(struct exchange *, struct bb_call *, const struct call_answer *);
#endif
