/* Ids that sort by time and that nobody can guess: 48 bits of milliseconds and 80 random bits, as
 * 26 characters of Crockford's base 32. */
#ifndef BASE_ID_H
#define BASE_ID_H
#include <stddef.h>

#define ID_SIZE 27

void id_new(char out[ID_SIZE]);
/* `len` bytes from the kernel's generator. */
void id_random(void *out, size_t len);
#endif
