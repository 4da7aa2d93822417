/* Parts of a path that stand for a query parameter: "/api/admin/tokens/{id}?id=a%2Fb" is the token
 * "a/b". libwebsockets decodes a path before anybody can split it, and takes "/" and ".." in an id
 * for what they are not; what is behind the "?" it leaves alone. */
#ifndef BUSBARD_PLACES_H
#define BUSBARD_PLACES_H
#include "busbard/exchange.h"

/* Of the names and values of the route's parameters: does one of them stand for that query
 * parameter? */
bool places_have(const char *const *params, const char *name);
/* The same with the values that were meant, in the path of x->http as well. */
const char *const *places_fill(struct exchange *x, const char *const *params);
/* What is wrong with those values; NULL: nothing. */
const char *places_fault(const struct exchange *x, const char *const *params);
#endif
