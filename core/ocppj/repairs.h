/* Byte repairs: what may be done to a frame that is no JSON, ahead of the parser, where a charger
 * is known to need it. Pure. */
#ifndef OCPPJ_REPAIRS_H
#define OCPPJ_REPAIRS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The bit of a repair of that name; 0 if there is none. */
uint32_t repair_find(const char *name);
/* The name of the i-th; NULL past the end. Its bit is 1 << i. */
const char *repair_name(uint32_t i);
/* Appends the text to `out` as mended by the repairs of the mask. The bits of those that found
 * something to do. */
uint32_t repairs_apply(uint32_t mask, const char *text, size_t len, struct buf *out);
/* A "pong" that should have been a control frame, where the mask has text_pong. */
bool repairs_is_pong(uint32_t mask, const char *text, size_t len);
#endif
