/* Results in the contract's types. The server sends text, times in UTC (connect.c). */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "postgres.h"

#define MILLISECOND_DIGITS 3

typedef struct bb_val convert_fn(const char *text, uint32_t len, struct bb_arena *);

static struct bb_val to_text(const char *text, uint32_t len, struct bb_arena *arena)
{
	return bb_textn(bb_strndup(arena, text, len), len);
}

static struct bb_val to_bool(const char *text, uint32_t len, struct bb_arena *arena)
{
	(void)len;
	(void)arena;
	return bb_i64(*text == 't');
}

static struct bb_val to_int(const char *text, uint32_t len, struct bb_arena *arena)
{
	(void)len;
	(void)arena;
	return bb_i64(strtoll(text, NULL, 10));
}

static struct bb_val to_real(const char *text, uint32_t len, struct bb_arena *arena)
{
	(void)len;
	(void)arena;
	return bb_f64(strtod(text, NULL));
}

/* The sum of integers is numeric here and an integer in SQLite: it stays an integer. */
static struct bb_val to_number(const char *text, uint32_t len, struct bb_arena *arena)
{
	char *end;
	errno = 0;
	long long i = strtoll(text, &end, 10);
	if (!*end && !errno)
		return bb_i64(i);
	return to_real(text, len, arena);
}

/* "2026-11-21 08:00:00.12+00" becomes "2026-11-21T08:00:00.120Z"; what has no such form
 * ("infinity", years BC) stays as it is. */
static struct bb_val to_time(const char *text, uint32_t len, struct bb_arena *arena)
{
	const char *space = memchr(text, ' ', len);
	if (!space || len < (uint32_t)(space - text) + 9)
		return to_text(text, len, arena);
	size_t whole = (size_t)(space - text) + 9;
	char *out = bb_alloc(arena, whole + MILLISECOND_DIGITS + 3);
	memcpy(out, text, whole);
	out[space - text] = 'T';
	const char *digit = text[whole] == '.' ? text + whole + 1 : "";
	char *to = out + whole;
	*to++ = '.';
	for (int i = 0; i < MILLISECOND_DIGITS; i++)
		*to++ = isdigit((unsigned char)*digit) ? *digit++ : '0';
	*to++ = 'Z';
	*to = '\0';
	return bb_textn(out, (uint32_t)(to - out));
}

static uint8_t nibble(char c)
{
	return (uint8_t)(isdigit((unsigned char)c) ? c - '0' : c - 'a' + 10);
}

/* "\x0aff" */
static struct bb_val to_blob(const char *text, uint32_t len, struct bb_arena *arena)
{
	uint32_t size = len < 2 ? 0 : (len - 2) / 2;
	char *out = bb_alloc(arena, size + 1);
	for (uint32_t i = 0; i < size; i++)
		out[i] = (char)(nibble(text[2 + 2 * i]) << 4 | nibble(text[3 + 2 * i]));
	out[size] = '\0';
	return bb_blob(out, size);
}

/* The server's pg_type.oid, which never change. */
static const struct {
	Oid type;
	convert_fn *convert;
} conversions[] = {
    {16, to_bool},   {17, to_blob},   {20, to_int},      {21, to_int},
    {23, to_int},    {26, to_int},    {700, to_real},    {701, to_real},
    {1114, to_time}, {1184, to_time}, {1700, to_number},
};

static convert_fn *conversion(Oid type)
{
	for (size_t i = 0; i < sizeof conversions / sizeof *conversions; i++)
		if (conversions[i].type == type)
			return conversions[i].convert;
	return to_text;
}

static int64_t changed(const PGresult *r)
{
	if (!strncmp(PQcmdStatus((PGresult *)r), "SELECT", 6))
		return 0;
	return strtoll(PQcmdTuples((PGresult *)r), NULL, 10);
}

static void convert_column(const PGresult *r, int column, struct bb_arena *arena,
			   struct bb_val *cells, int columns)
{
	convert_fn *convert = conversion(PQftype(r, column));
	for (int row = 0; row < PQntuples(r); row++) {
		struct bb_val *v = &cells[row * columns + column];
		if (PQgetisnull(r, row, column))
			*v = bb_null();
		else
			*v = convert(PQgetvalue(r, row, column),
				     (uint32_t)PQgetlength(r, row, column), arena);
	}
}

void result_rows(const PGresult *r, struct bb_arena *arena, struct bb_rows *ret)
{
	int rows = PQntuples(r), columns = PQnfields(r);
	const char **names = bb_alloc(arena, (size_t)columns * sizeof *names);
	struct bb_val *cells = bb_alloc(arena, (size_t)rows * (size_t)columns * sizeof *cells);
	for (int i = 0; i < columns; i++) {
		names[i] = bb_strdup(arena, PQfname(r, i));
		convert_column(r, i, arena, cells, columns);
	}
	*ret = (struct bb_rows){(uint32_t)rows, (uint32_t)columns, names, cells, changed(r)};
}
