/* RFC 9457 problems: how every failed REST request looks. */
#ifndef BUSBARD_PROBLEM_H
#define BUSBARD_PROBLEM_H
#include <busbar/json.h>

/* The HTTP status in a handler's failure code; 500 for what is not one. */
int problem_status(const char *code);
/* The body, in the arena; `errors` may be NULL. */
const char *problem_text(struct bb_arena *, int status, const char *detail,
			 const struct bb_json *errors, size_t *ret_len);
#endif
