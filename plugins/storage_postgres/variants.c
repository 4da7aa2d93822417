/* Queries with optional conditions, prepared once for each choice of those that are given: then one
 * plan is good for all values, and the server need not plan every time it is asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <busbar/optional.h>

#include "postgres.h"

#define ROOM 2048u
#define TEXT_OID 25

uint32_t variants_room(uint32_t query_count)
{
	return query_count + ROOM;
}

/* The server wants to know the type of each, also of those that went with their conditions. */
static Oid *types_of(const char *sql, uint32_t count)
{
	const char *end = sql + strlen(sql);
	Oid *types = calloc(count + 1, sizeof *types);
	for (uint32_t i = 0; types && i < count; i++)
		if (!bb_sql_names(sql, end, i + 1))
			types[i] = TEXT_OID;
	return types;
}

/* Behind the queries, first in the list of its own; 0: there is no room. */
static uint32_t variant_add(struct engine *e, struct query *of, uint64_t nulls, uint32_t count)
{
	char *sql = e->variant_count < ROOM ? bb_optional_decide(of->sql, nulls) : NULL;
	Oid *types = sql ? types_of(sql, count) : NULL;
	if (!types) {
		free(sql);
		return 0;
	}
	uint32_t id = e->query_count + e->variant_count++;
	struct query *v = &e->queries[id];
	*v = (struct query){.title = of->title,
			    .sql = sql,
			    .nulls = nulls,
			    .types = types,
			    .type_count = count,
			    .next = of->next};
	snprintf(v->name, sizeof v->name, "q%u", id);
	of->next = id;
	of->variants++;
	return id;
}

bool variants_refused(struct engine *e, uint32_t id, const char *why)
{
	struct query *v = &e->queries[id];
	if (id < e->query_count || v->refused)
		return id >= e->query_count;
	v->refused = true;
	e->api->log(e->bb, BB_ERROR, "%s: without the conditions that are not given: %s", v->title,
		    why);
	return true;
}

uint32_t variants_parameters(const char *sql)
{
	uint32_t most = 0, n;
	for (; *sql; sql++) {
		sql = bb_sql_token_end(sql);
		if (*sql == '$' && bb_sql_parameter(sql, &n) && n > most)
			most = n;
	}
	return most;
}

bool variants_send(PGconn *conn, const struct query *q, uint64_t nulls)
{
	char *sql = bb_optional_decide(q->sql, nulls);
	uint32_t count = variants_parameters(q->sql);
	Oid *types = sql ? types_of(sql, count) : NULL;
	bool ok = types && PQsendPrepare(conn, "", sql, (int)count, types);
	free(types);
	free(sql);
	return ok;
}

uint32_t variants_find(struct engine *e, const struct bb_statement *s)
{
	struct query *q = &e->queries[s->query->id];
	if (!q->optional)
		return s->query->id;
	uint64_t nulls = bb_optional_nulls(q->optional, s);
	for (uint32_t i = q->next; i; i = e->queries[i].next)
		if (e->queries[i].nulls == nulls)
			return e->queries[i].refused ? s->query->id : i;
	uint32_t id = q->variants < BB_OPTIONAL_MOST ? variant_add(e, q, nulls, s->count) : 0;
	return id ? id : s->query->id;
}
