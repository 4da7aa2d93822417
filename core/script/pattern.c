#include "script/pattern.h"

#include <ctype.h>

#include <lauxlib.h>

#include "script/state.h"

#define DEPTH_MOST 200
#define STEPS_PER_CHARGE 1000
#define ESCAPE '%'

static const char *match(struct match *m, const char *s, const char *p);

static void step(struct match *m)
{
	if (++m->steps < STEPS_PER_CHARGE)
		return;
	int64_t steps = m->steps;
	m->steps = 0;
	run_charge(m->lua, steps);
}

/* Past the set whose '[' is at `p`. A ']' right after the beginning is a member. */
static const char *set_end(struct match *m, const char *p)
{
	p++;
	if (p < m->pattern_end && *p == '^')
		p++;
	do {
		if (p >= m->pattern_end)
			luaL_error(m->lua, "malformed pattern (missing ']')");
		if (*p++ == ESCAPE)
			p++;
	} while (p >= m->pattern_end || *p != ']');
	return p + 1;
}

/* Past the one class, set or character at `p`, which is not at the pattern's end. */
static const char *item_end(struct match *m, const char *p)
{
	if (*p == '[')
		return set_end(m, p);
	if (*p != ESCAPE)
		return p + 1;
	if (p + 1 >= m->pattern_end)
		luaL_error(m->lua, "malformed pattern (ends with '%%')");
	return p + 2;
}

static int is_zero(int c)
{
	return c == 0;
}

/* %a, %D, ...: upper case is the complement; what is no class stands for itself. */
static bool in_class(unsigned char c, unsigned char class)
{
	static int (*const tests[])(int) = {
	    ['a'] = isalpha, ['c'] = iscntrl,  ['d'] = isdigit, ['g'] = isgraph,
	    ['l'] = islower, ['p'] = ispunct,  ['s'] = isspace, ['u'] = isupper,
	    ['w'] = isalnum, ['x'] = isxdigit, ['z'] = is_zero};
	unsigned char lower = (unsigned char)tolower(class);
	if (lower >= sizeof tests / sizeof *tests || !tests[lower])
		return c == class;
	return (tests[lower](c) != 0) == (lower == class);
}

/* `p` is at '[' and `end` past the ']'. */
static bool in_set(struct match *m, unsigned char c, const char *p, const char *end)
{
	bool found = false, wanted = true;
	end--;
	if (*++p == '^') {
		wanted = false;
		p++;
	}
	for (; p < end && !found; p++) {
		step(m);
		if (*p == ESCAPE) {
			p++;
			found = in_class(c, (unsigned char)*p);
		} else if (end - p > 2 && p[1] == '-') {
			found = (unsigned char)p[0] <= c && c <= (unsigned char)p[2];
			p += 2;
		} else {
			found = (unsigned char)*p == c;
		}
	}
	return found == wanted;
}

static bool item_matches(struct match *m, const char *s, const char *p, const char *end)
{
	step(m);
	if (s >= m->subject_end)
		return false;
	unsigned char c = (unsigned char)*s;
	switch (*p) {
	case '.':
		return true;
	case ESCAPE:
		return in_class(c, (unsigned char)p[1]);
	case '[':
		return in_set(m, c, p, end);
	default:
		return (unsigned char)*p == c;
	}
}

/* As many as there are, then fewer. */
static const char *match_most(struct match *m, const char *s, const char *p, const char *end)
{
	const char *at = s;
	while (item_matches(m, at, p, end))
		at++;
	for (; at >= s; at--) {
		const char *found = match(m, at, end + 1);
		if (found)
			return found;
	}
	return NULL;
}

static const char *match_fewest(struct match *m, const char *s, const char *p, const char *end)
{
	for (;; s++) {
		const char *found = match(m, s, end + 1);
		if (found || !item_matches(m, s, p, end))
			return found;
	}
}

static const char *open_capture(struct match *m, const char *s, const char *p)
{
	bool position = p + 1 < m->pattern_end && p[1] == ')';
	if (m->count >= CAPTURES_MOST)
		luaL_error(m->lua, "too many captures");
	m->captures[m->count++] = (struct capture){s, position ? CAPTURE_POSITION : CAPTURE_OPEN};
	const char *found = match(m, s, p + (position ? 2 : 1));
	if (!found)
		m->count--;
	return found;
}

static const char *close_capture(struct match *m, const char *s, const char *p)
{
	int i = m->count - 1;
	while (i >= 0 && m->captures[i].len != CAPTURE_OPEN)
		i--;
	if (i < 0)
		luaL_error(m->lua, "invalid pattern capture");
	m->captures[i].len = s - m->captures[i].start;
	const char *found = match(m, s, p + 1);
	if (!found)
		m->captures[i].len = CAPTURE_OPEN;
	return found;
}

/* %bxy: from an x to the y that balances it. */
static const char *balanced(struct match *m, const char *s, const char *p)
{
	if (p + 3 >= m->pattern_end)
		luaL_error(m->lua, "malformed pattern (missing arguments to '%%b')");
	if (s >= m->subject_end || *s != p[2])
		return NULL;
	int open = 1;
	while (++s < m->subject_end) {
		step(m);
		if (*s == p[3]) {
			if (--open == 0)
				return s + 1;
		} else if (*s == p[2]) {
			open++;
		}
	}
	return NULL;
}

/* %f[set]: between a character that is not in the set and one that is; both ends count as \0. */
static const char *frontier(struct match *m, const char *s, const char *p)
{
	p += 2;
	if (p >= m->pattern_end || *p != '[')
		luaL_error(m->lua, "missing '[' after '%%f' in pattern");
	const char *end = set_end(m, p);
	unsigned char before = s == m->subject ? 0 : (unsigned char)s[-1];
	unsigned char after = s == m->subject_end ? 0 : (unsigned char)*s;
	return !in_set(m, before, p, end) && in_set(m, after, p, end) ? match(m, s, end) : NULL;
}

/* %1: what that capture has matched. */
static const char *repeated(struct match *m, const char *s, const char *p)
{
	int i = p[1] - '1';
	if (i < 0 || i >= m->count || m->captures[i].len == CAPTURE_OPEN)
		luaL_error(m->lua, "invalid capture index %%%d", i + 1);
	ptrdiff_t len = m->captures[i].len;
	if (len < 0 || m->subject_end - s < len)
		return NULL;
	m->steps += len / 16;
	step(m);
	return memcmp(s, m->captures[i].start, (size_t)len) ? NULL : s + len;
}

/* One item with what follows it: the rest of the pattern, by recursion where there is a choice.
 * Where there is none, *ret_s and *ret_p say where to go on, and the answer is NULL with *ret_s
 * set. */
static const char *match_item(struct match *m, const char *s, const char *p, const char **ret_s,
			      const char **ret_p)
{
	const char *end = item_end(m, p), *found;
	char suffix = '\0';
	if (end < m->pattern_end)
		suffix = *end;
	*ret_s = NULL;
	switch (suffix) {
	case '*':
		return match_most(m, s, p, end);
	case '-':
		return match_fewest(m, s, p, end);
	case '+':
		return item_matches(m, s, p, end) ? match_most(m, s + 1, p, end) : NULL;
	case '?':
		if (item_matches(m, s, p, end) && (found = match(m, s + 1, end + 1)))
			return found;
		*ret_s = s;
		*ret_p = end + 1;
		return NULL;
	default:
		if (item_matches(m, s, p, end)) {
			*ret_s = s + 1;
			*ret_p = end;
		}
		return NULL;
	}
}

static bool is_special(const struct match *m, const char *p)
{
	return *p == ESCAPE && p + 1 < m->pattern_end &&
	       (p[1] == 'b' || p[1] == 'f' || isdigit((unsigned char)p[1]));
}

static const char *match_here(struct match *m, const char *s, const char *p)
{
	for (;;) {
		step(m);
		if (p >= m->pattern_end)
			return s;
		if (*p == '(')
			return open_capture(m, s, p);
		if (*p == ')')
			return close_capture(m, s, p);
		if (*p == '$' && p + 1 == m->pattern_end)
			return s == m->subject_end ? s : NULL;
		if (is_special(m, p)) {
			if (p[1] == 'f')
				return frontier(m, s, p);
			s = p[1] == 'b' ? balanced(m, s, p) : repeated(m, s, p);
			p += p[1] == 'b' ? 4 : 2;
		} else {
			const char *found = match_item(m, s, p, &s, &p);
			if (found)
				return found;
		}
		if (!s)
			return NULL;
	}
}

static const char *match(struct match *m, const char *s, const char *p)
{
	if (++m->depth > DEPTH_MOST)
		luaL_error(m->lua, "pattern too complex");
	const char *end = match_here(m, s, p);
	m->depth--;
	return end;
}

void pattern_prepare(struct match *m, lua_State *lua, const char *subject, size_t subject_len,
		     const char *pattern, size_t pattern_len)
{
	m->lua = lua;
	m->subject = subject;
	m->subject_end = subject + subject_len;
	m->pattern = pattern;
	m->pattern_end = pattern + pattern_len;
	m->depth = m->count = 0;
	m->steps = 0;
}

const char *pattern_match(struct match *m, const char *s)
{
	m->depth = m->count = 0;
	return match(m, s, m->pattern);
}

void pattern_push_capture(struct match *m, int i, const char *start, const char *end)
{
	if (i >= m->count && i > 0)
		luaL_error(m->lua, "invalid capture index %%%d", i + 1);
	if (i >= m->count) {
		lua_pushlstring(m->lua, start, (size_t)(end - start));
		return;
	}
	const struct capture *c = &m->captures[i];
	if (c->len == CAPTURE_OPEN)
		luaL_error(m->lua, "unfinished capture");
	if (c->len == CAPTURE_POSITION)
		lua_pushinteger(m->lua, c->start - m->subject + 1);
	else
		lua_pushlstring(m->lua, c->start, (size_t)c->len);
}

int pattern_push_captures(struct match *m, const char *start, const char *end)
{
	int n = m->count || !start ? m->count : 1;
	luaL_checkstack(m->lua, n, "too many captures");
	for (int i = 0; i < n; i++)
		pattern_push_capture(m, i, start, end);
	return n;
}
