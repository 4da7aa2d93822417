/* The C face of the parser's only C++ file. */
#ifndef JSON_SIMDJSON_SHIM_H
#define JSON_SIMDJSON_SHIM_H
#include <stddef.h>

#ifdef __cplusplus
/* The contract is written in C, whose initializers C++ warns about. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#include <busbar/json.h>
#pragma GCC diagnostic pop
extern "C" {
#else
#include <busbar/json.h>
#endif

/* As json_parse(), but a number that no int64_t, uint64_t or finite double holds is -ERANGE. */
int simdjson_shim_parse(struct bb_arena *, const char *text, size_t len, const struct bb_json **ret,
			const char **ret_reason);

/* The shortest text that reads back as the same double; returns its length. */
size_t simdjson_shim_real(double, char out[32]);

/* False if two of the members have the same key. */
bool members_unique(struct bb_arena *, const struct bb_member *, uint32_t count);

#ifdef __cplusplus
}
#endif
#endif
