/* Queries with optional conditions, one plan for each choice of those that are given. SQLite plans
 * without looking at the parameters: of `(cast($3 as text) is null or vendor = $3)` it knows only
 * that an index on vendor may be of no use, and reads the whole table. */
#include <stdlib.h>

#include <busbar/optional.h>

#include "sqlite.h"

struct variant {
	uint64_t nulls;
	struct statement statement;
	struct variant *next;
};

static int variant_add(sqlite3 *db, struct known *k, const char *sql, uint64_t nulls,
		       struct statement **ret)
{
	char *text = bb_optional_decide(sql, nulls);
	struct variant *v = calloc(1, sizeof *v);
	int rc = text && v ? statement_prepare(db, text, &v->statement) : SQLITE_NOMEM;
	free(text);
	if (rc) {
		free(v);
		return rc;
	}
	*v = (struct variant){nulls, v->statement, k->variants};
	k->variants = v;
	k->count++;
	*ret = &v->statement;
	return 0;
}

int variants_find(sqlite3 *db, struct known *k, const struct bb_statement *s,
		  struct statement **ret)
{
	if (!k->looked)
		k->optional = bb_optional_parameters(s->query->sql);
	k->looked = true;
	uint64_t nulls = bb_optional_nulls(k->optional, s);
	for (struct variant *v = k->variants; v; v = v->next)
		if (v->nulls == nulls) {
			*ret = &v->statement;
			return 0;
		}
	if (k->optional && k->count < BB_OPTIONAL_MOST)
		return variant_add(db, k, s->query->sql, nulls, ret);
	*ret = &k->plain;
	return k->plain.stmt ? 0 : statement_prepare(db, s->query->sql, &k->plain);
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
