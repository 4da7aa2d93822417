/* Values that go into a query, and the rows that come out. */
#ifndef BUSBAR_ROWS_H
#define BUSBAR_ROWS_H
#include <stdint.h>
#include <string.h>

enum bb_val_type { BB_NULL, BB_I64, BB_F64, BB_TEXT, BB_BLOB };

struct bb_val {
	uint32_t type; /* enum bb_val_type */
	uint32_t len;  /* bytes of a text or blob */
	union {
		int64_t i;
		double f;
		const char *s; /* NUL-terminated in results; a parameter needs only `len` */
	};
};

/* SQL's NULL. */
static inline struct bb_val bb_null(void)
{
	return (struct bb_val){.type = BB_NULL};
}

/* An integer, or a boolean as 0 or 1. */
static inline struct bb_val bb_i64(int64_t i)
{
	return (struct bb_val){.type = BB_I64, .i = i};
}

/* A real number. */
static inline struct bb_val bb_f64(double f)
{
	return (struct bb_val){.type = BB_F64, .f = f};
}

/* NULL becomes SQL's NULL. */
static inline struct bb_val bb_text(const char *s)
{
	if (!s)
		return bb_null();
	return (struct bb_val){.type = BB_TEXT, .len = (uint32_t)strlen(s), .s = s};
}

/* `len` bytes of UTF-8 without NUL, borrowed like all texts here. */
static inline struct bb_val bb_textn(const char *s, uint32_t len)
{
	return (struct bb_val){.type = BB_TEXT, .len = len, .s = s};
}

/* `len` bytes, borrowed. */
static inline struct bb_val bb_blob(const void *p, uint32_t len)
{
	return (struct bb_val){.type = BB_BLOB, .len = len, .s = (const char *)p};
}

/* A result: `rows` x `columns` cells, row by row. Times are RFC 3339 text in UTC with
 * milliseconds and Z; booleans are integers 0 and 1; JSON columns are text. */
struct bb_rows {
	uint32_t rows, columns;
	const char *const *names; /* of the columns */
	const struct bb_val *cells;
	int64_t changed; /* rows that an INSERT, UPDATE or DELETE touched */
};

/* The cell, which must be there. Lives as long as the rows. */
static inline const struct bb_val *bb_cell(const struct bb_rows *r, uint32_t row, uint32_t column)
{
	return &r->cells[(size_t)row * r->columns + column];
}

/* `other` if it is NULL or no integer. */
static inline int64_t bb_cell_int(const struct bb_rows *r, uint32_t row, uint32_t column,
				  int64_t other)
{
	const struct bb_val *v = bb_cell(r, row, column);
	return v->type == BB_I64 ? v->i : other;
}

/* The same of any number. */
static inline double bb_cell_real(const struct bb_rows *r, uint32_t row, uint32_t column,
				  double other)
{
	const struct bb_val *v = bb_cell(r, row, column);
	return v->type == BB_F64 ? v->f : v->type == BB_I64 ? (double)v->i : other;
}

/* NULL for SQL's NULL. */
static inline const char *bb_cell_text(const struct bb_rows *r, uint32_t row, uint32_t column)
{
	const struct bb_val *v = bb_cell(r, row, column);
	return v->type == BB_TEXT ? v->s : NULL;
}
#endif
