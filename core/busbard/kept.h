/* A change goes on when its client has gone. What it is of its request is kept for it: the query,
 * and the headers without which it would be another one. */
#ifndef BUSBARD_KEPT_H
#define BUSBARD_KEPT_H
#include "busbard/exchange.h"

/* Before any handler is asked; sets x->http.query. Of requests that change nothing, nothing is
 * kept.
 */
void kept_take(struct exchange *);
/* NULL if it was not there. */
const char *kept_header(const struct exchange *, const char *name);
const char *kept_param(const struct exchange *, const char *name);
#endif
