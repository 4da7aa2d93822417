/* For storage engines: the optional conditions of a query, `(cast($3 as text) is null or vendor =
 * $3)`. An engine that plans before it knows the parameters sees nothing in them that an index is
 * good for; so it may plan a query once for each choice of those that are given. Inline. */
#ifndef BUSBAR_OPTIONAL_H
#define BUSBAR_OPTIONAL_H
#include <ctype.h>
#include <stdlib.h>

#include <busbar/storage.h>

/* Choices of one query that are planned of their own; what else is asked is run as it is written.
 */
#define BB_OPTIONAL_MOST 48u

static inline const char *bb_sql_spaces(const char *at)
{
	return at + strspn(at, " \t\n");
}

/* Behind the words, with any space in front of each; NULL if they are not there. */
static inline const char *bb_sql_words(const char *at, const char *const *list)
{
	for (; at && *list; list++) {
		size_t len = strlen(*list);
		at = bb_sql_spaces(at);
		at = strncmp(at, *list, len) ? NULL : at + len;
	}
	return at;
}

/* Behind the number of "$12"; NULL if none is there. */
static inline const char *bb_sql_parameter(const char *at, uint32_t *ret)
{
	at = bb_sql_spaces(at);
	if (*at != '$' || !isdigit((unsigned char)at[1]))
		return NULL;
	char *end;
	*ret = (uint32_t)strtoul(at + 1, &end, 10);
	return end;
}

static inline const char *bb_sql_skip_quoted(const char *at)
{
	const char *end = strchr(at + 1, *at);
	return end ? end : at + strlen(at) - 1;
}

static inline const char *bb_sql_skip_comment(const char *at)
{
	size_t len = strcspn(at, "\n");
	return at[len] ? at + len : at + len - 1;
}

/* The last character of what stands together here: a quoted text, a comment, or one character. */
static inline const char *bb_sql_token_end(const char *at)
{
	if (*at == '\'' || *at == '"')
		return bb_sql_skip_quoted(at);
	return at[0] == '-' && at[1] == '-' ? bb_sql_skip_comment(at) : at;
}

/* The ")" to the "(" in front of `at`; NULL if there is none. */
static inline const char *bb_sql_closing(const char *at)
{
	int depth = 1;
	for (; *at; at++) {
		at = bb_sql_token_end(at);
		depth += (*at == '(') - (*at == ')');
		if (!depth)
			return at;
	}
	return NULL;
}

/* "($1 is null or what is optional)", with or without a cast. */
struct bb_sql_condition {
	uint32_t number;
	const char *test_end, *rest, *end; /* behind "null"; what is optional, and its bracket */
};

/* An engine knows a parameter's type by where it stands, so what is optional must name it. */
static inline bool bb_sql_names(const char *at, const char *end, uint32_t number)
{
	for (uint32_t n; at < end; at++)
		if (*at == '$' && bb_sql_parameter(at, &n) && n == number)
			return true;
	return false;
}

/* False: no such thing begins here. */
static inline bool bb_sql_condition(const char *at, struct bb_sql_condition *ret)
{
	static const char *const cast[] = {"cast(", NULL};
	static const char *const as[] = {"as ", NULL};
	static const char *const is_null[] = {"is ", "null", NULL};
	static const char *const otherwise[] = {"or ", NULL};
	const char *inner = *at == '(' ? bb_sql_words(at + 1, cast) : NULL;
	const char *behind = bb_sql_parameter(inner ? inner : at + 1, &ret->number);
	if (inner && behind && (behind = bb_sql_words(behind, as)))
		behind = strchr(behind, ')') ? strchr(behind, ')') + 1 : NULL;
	ret->test_end = behind ? bb_sql_words(behind, is_null) : NULL;
	ret->rest = ret->test_end ? bb_sql_words(ret->test_end, otherwise) : NULL;
	ret->end = *at == '(' && ret->rest ? bb_sql_closing(ret->rest) : NULL;
	return ret->end && ret->number && ret->number <= 64 &&
	       bb_sql_names(ret->rest, ret->end, ret->number);
}

/* The parameters that have such conditions: bit 0 is $1's. Those from $65 on are not looked at. */
static inline uint64_t bb_optional_parameters(const char *sql)
{
	uint64_t found = 0;
	struct bb_sql_condition c;
	for (const char *at = sql; *at; at++) {
		at = bb_sql_token_end(at);
		if (bb_sql_condition(at, &c))
			found |= UINT64_C(1) << (c.number - 1);
	}
	return found;
}

static inline char *bb_sql_copy(char *to, const char *from, const char *end)
{
	memcpy(to, from, (size_t)(end - from));
	return to + (end - from);
}

/* The query for when those of `nulls` are null and the other ones are not. Of such a condition only
 * the test of the parameter is left, which needs no table, or only what stands behind its `or`.
 * malloc'd; NULL when out of memory. */
static inline char *bb_optional_decide(const char *sql, uint64_t nulls)
{
	char *text = (char *)malloc(strlen(sql) + 1), *to = text;
	for (const char *at = sql; text && *at;) {
		struct bb_sql_condition c;
		if (!bb_sql_condition(at, &c)) {
			const char *end = bb_sql_token_end(at) + 1;
			to = bb_sql_copy(to, at, end);
			at = end;
		} else if (nulls >> (c.number - 1) & 1) {
			to = bb_sql_copy(to, at, c.test_end);
			at = c.end;
		} else {
			*to++ = '(';
			at = c.rest;
		}
	}
	if (text)
		*to = '\0';
	return text;
}

/* Of those that may be left out, the ones that are null: bit 0 is $1. */
static inline uint64_t bb_optional_nulls(uint64_t optional, const struct bb_statement *s)
{
	uint64_t nulls = 0;
	for (uint32_t i = 0; i < s->count && i < 64; i++)
		if (s->params[i].type == BB_NULL)
			nulls |= UINT64_C(1) << i;
	return nulls & optional;
}
#endif
