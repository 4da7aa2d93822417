/* Queries that have a form for many rows: what a batch has of such a query goes to the server as
 * one statement, whose parameters are arrays in binary. See docs/storage.md. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "postgres.h"

#define SUFFIX "_many"
#define WORTH_IT 3u
#define MOST_ROWS 1000u
/* The server's times count from 2000 on. */
#define TIME_BEGAN_MS INT64_C(946684800000)
#define YEAR_1_MS INT64_C(-62135596800000)

/* Units with the next statement of each, NULL when all went; and those statements that go as one.
 */
struct round {
	struct lane *lane;
	struct job *job;
	struct row next[MOST_ROWS];
	uint32_t units;
	struct row rows[MOST_ROWS];
	uint32_t count;
};

static void put_32(struct bb_bytes *to, int64_t value)
{
	uint32_t big = htobe32((uint32_t)value);
	bb_bytes_add(to, &big, sizeof big);
}

static void put_64(struct bb_bytes *to, int64_t value)
{
	uint64_t big = htobe64((uint64_t)value);
	put_32(to, sizeof big);
	bb_bytes_add(to, &big, sizeof big);
}

static bool put_text(const struct engine *e, struct bb_bytes *to, const struct bb_val *v)
{
	(void)e;
	if (v->type != BB_TEXT)
		return false;
	put_32(to, v->len);
	bb_bytes_add(to, v->s, v->len);
	return true;
}

static bool put_bigint(const struct engine *e, struct bb_bytes *to, const struct bb_val *v)
{
	(void)e;
	put_64(to, v->i);
	return v->type == BB_I64;
}

static bool put_integer(const struct engine *e, struct bb_bytes *to, const struct bb_val *v)
{
	(void)e;
	put_32(to, sizeof(int32_t));
	put_32(to, v->i);
	return v->type == BB_I64 && v->i >= INT32_MIN && v->i <= INT32_MAX;
}

static bool put_time(const struct engine *e, struct bb_bytes *to, const struct bb_val *v)
{
	int64_t ms;
	if (v->type != BB_TEXT || e->api->time_parse(v->s, v->len, &ms) || ms < YEAR_1_MS)
		return false;
	put_64(to, (ms - TIME_BEGAN_MS) * 1000);
	return true;
}

/* The server's pg_type.oid, which never change. `put` says whether the value is of that type. */
static const struct element {
	Oid array, type;
	bool (*put)(const struct engine *, struct bb_bytes *, const struct bb_val *);
} elements[] = {
    {1009, 25, put_text},
    {1016, 20, put_bigint},
    {1007, 23, put_integer},
    {1185, 1184, put_time},
};

static const struct element *element_of(Oid array)
{
	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
		if (elements[i].array == array)
			return &elements[i];
	return NULL;
}

static bool put_array(const struct engine *e, struct bb_bytes *to, const struct element *element,
		      const struct row *rows, uint32_t count, uint32_t parameter)
{
	put_32(to, 1); /* dimension */
	put_32(to, 1); /* there may be NULLs */
	put_32(to, element->type);
	put_32(to, count);
	put_32(to, 1); /* the first index */
	for (uint32_t i = 0; i < count; i++) {
		const struct bb_val *v = &rows[i].statement->params[parameter];
		if (v->type == BB_NULL)
			put_32(to, -1);
		else if (!element->put(e, to, v))
			return false;
	}
	return true;
}

/* False: a value is not what the array takes, and so a matter between its own statement and the
 * server. */
static bool put_arrays(struct engine *e, const struct query *many, const struct row *rows,
		       uint32_t count, int *lengths)
{
	e->arrays.len = 0;
	for (uint32_t i = 0; i < many->type_count; i++) {
		size_t before = e->arrays.len;
		if (!put_array(e, &e->arrays, element_of(many->types[i]), rows, count, i))
			return false;
		lengths[i] = (int)(e->arrays.len - before);
	}
	return true;
}

static bool send_arrays(struct round *r, const struct query *many, const int *lengths)
{
	struct bb_arena *arena = r->job->units->arena;
	struct rows rows = {bb_alloc(arena, r->count * sizeof *rows.all), r->count};
	const char **values = bb_alloc(arena, many->type_count * sizeof *values);
	const char *at = r->lane->engine->arrays.data;
	memcpy(rows.all, r->rows, r->count * sizeof *rows.all);
	for (uint32_t i = 0; i < many->type_count; at += lengths[i++])
		values[i] = at;
	return pipeline_send_rows(r->lane, r->job, many, rows, values, lengths);
}

static bool send_round(struct round *r)
{
	struct engine *e = r->lane->engine;
	const struct query *many = e->queries[r->rows[0].statement->query->id].many;
	int *lengths = bb_alloc(r->job->units->arena, many->type_count * sizeof *lengths);
	if (r->count >= WORTH_IT && put_arrays(e, many, r->rows, r->count, lengths))
		return send_arrays(r, many, lengths);
	for (uint32_t i = 0; i < r->count; i++)
		if (!pipeline_send_statement(r->lane, r->job, r->rows[i]))
			return false;
	return true;
}

/* Each unit's statements stay in their order. */
static bool collect(struct round *r)
{
	const struct bb_storage_query *query = NULL;
	r->count = 0;
	for (uint32_t i = 0; i < r->units; i++) {
		struct row *next = &r->next[i];
		while (next->statement && r->count < MOST_ROWS &&
		       (!query || next->statement->query->id == query->id)) {
			query = next->statement->query;
			r->rows[r->count++] = *next;
			next->statement = next->statement->next;
		}
	}
	return r->count;
}

static bool send_rounds(struct round *r)
{
	while (collect(r))
		if (!send_round(r))
			return false;
	r->units = 0;
	return true;
}

bool many_takes(const struct engine *e, const struct job *j, const struct bb_storage_unit *u)
{
	const struct bb_statement *s = u->first;
	while (s && e->queries[s->query->id].many)
		s = s->next;
	return !s && !j->apart;
}

bool many_send(struct lane *l, struct job *j)
{
	struct round *r = malloc(sizeof *r);
	bool ok = true;
	if (!r)
		abort();
	r->lane = l;
	r->job = j;
	r->units = 0;
	for (struct bb_storage_unit *u = j->units; u && ok; u = u->next) {
		if (!many_takes(l->engine, j, u))
			continue;
		r->next[r->units++] = (struct row){u, u->first};
		if (r->units == MOST_ROWS)
			ok = send_rounds(r);
	}
	ok = ok && send_rounds(r);
	free(r);
	return ok;
}

void many_answered(const struct rows *rows, const PGresult *r)
{
	for (int i = 0; i < PQntuples(r); i++) {
		uint32_t number = (uint32_t)strtoul(PQgetvalue(r, i, 0), NULL, 10);
		if (number > 0 && number <= rows->count)
			rows->all[number - 1].statement->result.changed++;
	}
}

static struct query *base_of(struct engine *e, const struct query *many)
{
	size_t len = strlen(many->title), suffix = strlen(SUFFIX);
	if (len <= suffix || strcmp(many->title + len - suffix, SUFFIX) != 0)
		return NULL;
	for (uint32_t i = 0; i < e->query_count; i++)
		if (strlen(e->queries[i].title) == len - suffix &&
		    !strncmp(e->queries[i].title, many->title, len - suffix))
			return &e->queries[i];
	return NULL;
}

void many_find(struct engine *e)
{
	for (uint32_t i = 0; i < e->query_count; i++) {
		struct query *base = base_of(e, &e->queries[i]);
		e->queries[i].base = base;
		if (base)
			base->many = &e->queries[i];
	}
}

int many_described(struct query *q, const PGresult *described, char *error, uint32_t size)
{
	uint32_t count = (uint32_t)PQnparams(described);
	q->types = calloc(count + 1, sizeof *q->types);
	if (!q->types)
		return -ENOMEM;
	q->type_count = count;
	for (uint32_t i = 0; i < count; i++) {
		q->types[i] = PQparamtype(described, (int)i);
		if (element_of(q->types[i]))
			continue;
		snprintf(error, size, "$%u is no array of text, bigint, integer or timestamptz",
			 i + 1);
		return -EIO;
	}
	if (count && count == variants_parameters(q->base->sql))
		return 0;
	snprintf(error, size, "it has not as many parameters as the query for one row");
	return -EIO;
}
