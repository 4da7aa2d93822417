/* The header Range (RFC 9110, 14): one range of bytes. */
#ifndef FILES_RANGE_H
#define FILES_RANGE_H
#include <stdint.h>

enum range { RANGE_ALL, RANGE_PART, RANGE_NONE };

/* Of a file of `size` bytes: the first byte wanted and how many. RANGE_ALL: no range, or one that
 * is not understood, which is to be ignored (several ones are, too); RANGE_NONE: nothing of it is
 * there (416). */
enum range range_parse(const char *header, int64_t size, int64_t *ret_first, int64_t *ret_count);
#endif
