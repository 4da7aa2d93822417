/* Cookies, as RFC 6265 has them. Pure. */
#ifndef USERS_COOKIE_H
#define USERS_COOKIE_H
#include <busbar/arena.h>

/* The value of the first cookie of that name in a Cookie header, in the arena; NULL if there is
 * none. */
const char *cookie_find(struct bb_arena *, const char *header, const char *name);
#endif
