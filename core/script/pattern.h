/* Lua patterns, matched in counted steps: a match that backtracks without end is stopped like a
 * loop that does. */
#ifndef SCRIPT_PATTERN_H
#define SCRIPT_PATTERN_H
#include <stdbool.h>

#include <lua.h>

#define CAPTURES_MOST 32

struct capture {
	const char *start;
	ptrdiff_t len; /* or one of the two below */
};
enum { CAPTURE_OPEN = -1, CAPTURE_POSITION = -2 };

struct match {
	lua_State *lua;
	const char *subject, *subject_end, *pattern, *pattern_end;
	int depth, count; /* of the captures */
	int64_t steps;    /* not charged yet */
	struct capture captures[CAPTURES_MOST];
};

/* Both texts must stay on the Lua stack. */
void pattern_prepare(struct match *, lua_State *, const char *subject, size_t subject_len,
		     const char *pattern, size_t pattern_len);
/* Where a match that begins at `s` ends, or NULL. Raises errors of malformed patterns and of broken
 * limits. */
const char *pattern_match(struct match *, const char *s);
/* Pushes the i-th capture, or, where the pattern has none, the whole match for i = 0. */
void pattern_push_capture(struct match *, int i, const char *start, const char *end);
/* Pushes all of them; how many. */
int pattern_push_captures(struct match *, const char *start, const char *end);
#endif
