/* Is it UTF-8, and how many characters? */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H
#include <stdbool.h>
#include <stddef.h>

bool utf8_valid(const char *text, size_t len);
/* Code points of valid text. */
size_t utf8_count(const char *text, size_t len);
#endif
