/* Bytes as hex, in small letters. Pure. */
#ifndef USERS_HEX_H
#define USERS_HEX_H
#include <stdbool.h>
#include <stddef.h>

/* 2 * len characters and a NUL. */
void hex_write(const unsigned char *bytes, size_t len, char *ret);
/* False unless the text is just that many bytes. */
bool hex_read(const char *text, unsigned char *ret, size_t len);
#endif
