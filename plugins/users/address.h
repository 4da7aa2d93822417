/* E-mail addresses and ids of users. Pure. */
#ifndef USERS_ADDRESS_H
#define USERS_ADDRESS_H
#include <busbar/arena.h>
#include <stdbool.h>

/* One that mail servers take as it is: printable ASCII, one @, no quotes, blanks or brackets. */
bool address_is_valid(const char *);
/* What two spellings of an address have in common: in lower case. */
const char *address_key(struct bb_arena *, const char *);
/* An id that goes into a path as it is: letters, digits and a few signs. */
bool user_id_is_valid(const char *);
#endif
