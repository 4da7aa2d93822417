#include "transaction.h"

/* A row by its columns' names. */
struct row {
	const struct bb_api *api;
	struct bb_arena *arena;
	const struct bb_rows *rows;
	uint32_t row;
};

static const struct bb_val *cell(const struct row *r, const char *name)
{
	for (uint32_t c = 0; c < r->rows->columns; c++)
		if (!strcmp(r->rows->names[c], name))
			return bb_cell(r->rows, r->row, c);
	return NULL;
}

static const char *text(const struct row *r, const char *name)
{
	const struct bb_val *v = cell(r, name);
	return v && v->type == BB_TEXT ? bb_strndup(r->arena, v->s, v->len) : NULL;
}

static int64_t number(const struct row *r, const char *name, int64_t other)
{
	const struct bb_val *v = cell(r, name);
	return v && v->type == BB_I64 ? v->i : other;
}

static int64_t time_ms(const struct row *r, const char *name)
{
	const struct bb_val *v = cell(r, name);
	int64_t ms = 0;
	if (v && v->type == BB_TEXT)
		r->api->time_parse(v->s, v->len, &ms);
	return ms;
}

static bool is(const char *value, const char *word)
{
	return value && !strcmp(value, word);
}

struct transaction transaction_from_row(const struct bb_api *api, struct bb_arena *a,
					const struct bb_rows *rows, uint32_t row)
{
	const struct row r = {api, a, rows, row};
	const char *state = text(&r, "state"), *flags = text(&r, "flags");
	return (struct transaction){
	    .id = number(&r, "id", 0),
	    .charger_id = number(&r, "charger_id", 0),
	    .connector_id = number(&r, "connector_id", 0),
	    .operator_id = text(&r, "operator_id"),
	    .charge_point_id = text(&r, "charge_point_id"),
	    .protocol_id = text(&r, "protocol_id"),
	    .id_tag = text(&r, "id_tag"),
	    .parent_id_tag = text(&r, "parent_id_tag"),
	    .token_status = text(&r, "token_status"),
	    .token_expires_at = text(&r, "token_expires_at"),
	    .start_key = text(&r, "start_key"),
	    .stop_key = text(&r, "stop_key"),
	    .flags = flags ? flags : "",
	    .active = is(state, "active"),
	    .completed = is(state, "completed"),
	    .estimated = number(&r, "estimated", 0) != 0,
	    .meter_start_wh = number(&r, "meter_start_wh", -1),
	    .meter_last_wh = number(&r, "meter_last_wh", -1),
	    .highest_wh = number(&r, "highest_wh", -1),
	    .started_ms = time_ms(&r, "started_at"),
	    .received_ms = time_ms(&r, "received_at"),
	    .last_ms = time_ms(&r, "meter_last_at"),
	    .ended_ms = time_ms(&r, "ended_at"),
	};
}

struct transaction *transactions_from_rows(const struct bb_api *api, struct bb_arena *a,
					   const struct bb_rows *rows)
{
	struct transaction *list = bb_alloc(a, (rows->rows + 1) * sizeof *list);
	for (uint32_t i = 0; i < rows->rows; i++)
		list[i] = transaction_from_row(api, a, rows, i);
	return list;
}

/* Where the word stands among the flags; NULL if it does not. */
static const char *flags_find(const char *flags, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = flags; *at; at += strspn(at, " ")) {
		size_t n = strcspn(at, " ");
		if (n == len && !strncmp(at, word, len))
			return at;
		at += n;
	}
	return NULL;
}

bool flags_have(const char *flags, const char *word)
{
	return flags_find(flags, word) != NULL;
}

const char *flags_add(struct bb_arena *a, const char *flags, const char *word)
{
	if (flags_have(flags, word))
		return flags;
	return *flags ? bb_printf(a, "%s %s", flags, word) : word;
}

const char *flags_drop(struct bb_arena *a, const char *flags, const char *word)
{
	const char *at = flags_find(flags, word);
	if (!at)
		return flags;
	const char *after = at + strlen(word);
	after += strspn(after, " ");
	int before = (int)(at - flags);
	if (!*after && before)
		before--; /* the space */
	return bb_printf(a, "%.*s%s", before, flags, after);
}

bool transaction_began_by(const struct transaction *t, int64_t at_ms)
{
	return t->started_ms <= at_ms || t->received_ms <= at_ms;
}
