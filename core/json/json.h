/* JSON text to values (<busbar/json.h>) and back. */
#ifndef JSON_JSON_H
#define JSON_JSON_H
#include <stddef.h>

#include <busbar/json.h>

#include "base/buf.h"

#ifdef __cplusplus
extern "C" {
#endif

#define JSON_MAX_DEPTH 32u
#define JSON_MAX_BYTES ((size_t)32 << 20) /* longer texts are refused */

struct json_fault {
	const char *reason; /* static text; the parser does not tell where */
};

/* Strict: UTF-8, RFC 8259, no duplicate keys, no U+0000, at most JSON_MAX_DEPTH containers deep.
 * The tree lives in the arena; `text` may go afterwards and needs no padding. -EINVAL with
 * `ret_fault` (may be NULL). Loop thread (it keeps one parser), or any one thread in tests. */
int json_parse(struct bb_arena *, const char *text, size_t len, const struct bb_json **ret,
	       struct json_fault *ret_fault);

/* Compact text, appended. Reals are written so that they read back the same, infinities and
 * NaN, which the parser never makes, as null. */
void json_write(struct buf *, const struct bb_json *);
/* The same, NUL-terminated, in the arena. `ret_len` may be NULL. */
const char *json_text(struct bb_arena *, const struct bb_json *, size_t *ret_len);
/* A deep copy, so that a value can outlive its arena. */
const struct bb_json *json_copy(struct bb_arena *, const struct bb_json *);
/* Same type and content; members in any order; 1 equals 1.0. */
bool json_equal(const struct bb_json *, const struct bb_json *);

#ifdef __cplusplus
}
#endif
#endif
