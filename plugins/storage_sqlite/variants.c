/* Queries with optional conditions, one plan for each choice of those that are given. SQLite plans
 * without looking at the parameters: of `(cast($3 as text) is null or vendor = $3)` it knows only
 * that an index on vendor may be of no use, and reads the whole table. */
#include <stdlib.h>

#include <busbar/optional.h>

#include "sqlite.h"

struct variant {
	uint64_t nulls;
	struct statement
	    statement; /* none: this choice cannot be prepared; the query runs as it is */
	struct variant *next;
};

static int prepare(sqlite3 *db, const char *sql, uint64_t nulls, struct statement *ret)
{
	char *text = bb_optional_decide(sql, nulls);
	int rc = text ? statement_prepare(db, text, ret) : SQLITE_NOMEM;
	free(text);
	return rc;
}

int variants_check(sqlite3 *db, const char *sql)
{
	uint64_t optional = bb_optional_parameters(sql);
	const uint64_t choices[] = {optional, 0};
	int rc = 0;
	for (size_t i = 0; i < sizeof choices / sizeof *choices && optional && !rc; i++) {
		struct statement s = {0};
		rc = prepare(db, sql, choices[i], &s);
		statement_free(&s);
	}
	return rc;
}

/* NULL: there is no memory, or the database cannot be read now. */
static struct variant *variant_add(struct connection *c, struct known *k,
				   const struct bb_storage_query *q, uint64_t nulls)
{
	struct variant *v = calloc(1, sizeof *v);
	int rc = v ? prepare(c->db, q->sql, nulls, &v->statement) : SQLITE_NOMEM;
	if (rc && (rc & 0xff) != SQLITE_ERROR) {
		free(v);
		return NULL;
	}
	if (rc)
		c->engine->api->log(c->engine->bb, BB_ERROR,
				    "%s: without the conditions that are not given: %s", q->name,
				    sqlite3_errmsg(c->db));
	*v = (struct variant){nulls, v->statement, k->variants};
	k->variants = v;
	k->count++;
	return v;
}

static struct variant *variant_find(struct connection *c, struct known *k,
				    const struct bb_statement *s)
{
	uint64_t nulls = bb_optional_nulls(k->optional, s);
	for (struct variant *v = k->variants; v; v = v->next)
		if (v->nulls == nulls)
			return v;
	return k->count < BB_OPTIONAL_MOST ? variant_add(c, k, s->query, nulls) : NULL;
}

int variants_find(struct connection *c, const struct bb_statement *s, struct statement **ret)
{
	struct known *k = &c->statements[s->query->id];
	if (!k->looked)
		k->optional = bb_optional_parameters(s->query->sql);
	k->looked = true;
	struct variant *v = k->optional ? variant_find(c, k, s) : NULL;
	*ret = v && v->statement.stmt ? &v->statement : &k->plain;
	return (*ret)->stmt ? 0 : statement_prepare(c->db, s->query->sql, &k->plain);
}

void variants_free(struct known *k)
{
	for (struct variant *v = k->variants, *next; v; v = next) {
		next = v->next;
		statement_free(&v->statement);
		free(v);
	}
	k->variants = NULL;
}
