#include "document.h"

#include <busbar/money.h>

/* Columns of the queries: those of a session, then those of its line. */
enum {
	ID,
	OPERATOR,
	USER,
	ID_TAG,
	CHARGE_POINT,
	STATION,
	CONNECTOR,
	ZONE,
	STARTED,
	STOPPED,
	ENERGY,
	CURRENCY,
	PRICE,
	PRICED,
	PAID,
	LINE
};

static const char *text(struct bb_arena *a, const struct bb_rows *r, uint32_t row, uint32_t column)
{
	const char *s = bb_cell_text(r, row, column);
	return s ? bb_strdup(a, s) : NULL;
}

static struct session session_of(struct bb_arena *a, const struct bb_rows *r, uint32_t row)
{
	return (struct session){
	    .id = bb_cell_int(r, row, ID, 0),
	    .operator_id = text(a, r, row, OPERATOR),
	    .user_id = text(a, r, row, USER),
	    .id_tag = text(a, r, row, ID_TAG),
	    .charge_point_id = text(a, r, row, CHARGE_POINT),
	    .station = text(a, r, row, STATION),
	    .connector_id = bb_cell_int(r, row, CONNECTOR, 0),
	    .time_zone = text(a, r, row, ZONE),
	    .started_at = text(a, r, row, STARTED),
	    .stopped_at = text(a, r, row, STOPPED),
	    .energy_wh = bb_cell_int(r, row, ENERGY, 0),
	    .currency = text(a, r, row, CURRENCY),
	    .price_minor = bb_cell_int(r, row, PRICE, 0),
	    .priced_at = text(a, r, row, PRICED),
	    .paid_minor = bb_cell_int(r, row, PAID, 0),
	};
}

static uint32_t lines_from(const struct bb_rows *r, uint32_t row)
{
	uint32_t end = row;
	while (end < r->rows && bb_cell_int(r, end, ID, 0) == bb_cell_int(r, row, ID, 0))
		end++;
	return end - row;
}

static const struct bb_json *read_lines(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
					uint32_t count)
{
	struct bb_builder list = bb_build(a);
	for (uint32_t i = row; i < row + count; i++) {
		struct bb_builder b = bb_build(a);
		for (uint32_t c = LINE; c < r->columns; c++)
			if (bb_cell(r, i, c)->type != BB_NULL)
				bb_put_column(&b, r, i, c);
		bb_push(&list, *bb_build_object(&b));
	}
	return bb_build_array(&list);
}

struct sessions sessions_read(struct bb_arena *a, const struct bb_rows *r, int64_t lines_most)
{
	struct sessions s = {.list = bb_alloc(a, (r->rows + 1) * sizeof *s.list)};
	for (uint32_t row = 0, lines; row < r->rows; row += lines) {
		lines = lines_from(r, row);
		const char *currency = bb_cell_text(r, row, CURRENCY);
		if (!currency || (s.count && strcmp(currency, s.list[0].currency) != 0))
			continue;
		if (s.count && (int64_t)s.lines + lines > lines_most)
			break;
		s.list[s.count] = session_of(a, r, row);
		s.list[s.count++].lines = read_lines(a, r, row, lines);
		s.lines += lines;
	}
	return s;
}

const struct bb_json *sessions_keys(struct bb_arena *a, const struct sessions *s)
{
	struct bb_builder list = bb_build(a);
	for (uint32_t i = 0; i < s->count; i++) {
		struct bb_builder b = bb_build(a);
		bb_put_int(&b, "id", s->list[i].id);
		bb_put_str(&b, "priced_at", s->list[i].priced_at);
		bb_push(&list, *bb_build_object(&b));
	}
	return bb_build_array(&list);
}

static void lack(struct bb_builder *list, const struct bb_json *party, const char *who,
		 const char *member)
{
	const struct bb_json *v = bb_json_get(party, member);
	if (v && v->len)
		return;
	struct bb_builder b = bb_build(list->arena);
	bb_put_str(&b, "path", bb_printf(list->arena, "%s.%s", who, member));
	bb_put_str(&b, "rule", "is missing");
	bb_push(list, *bb_build_object(&b));
}

const struct bb_json *document_lacks(struct bb_arena *a, const struct document *d)
{
	struct bb_builder list = bb_build(a);
	lack(&list, d->issuer, "issuer", "legal_name");
	lack(&list, d->issuer, "issuer", "address");
	lack(&list, d->issuer, "issuer", "tax_id");
	if (strcmp(d->kind, "receipt") != 0) {
		lack(&list, d->recipient, "recipient", "name");
		lack(&list, d->recipient, "recipient", "address");
	}
	return list.count ? bb_build_array(&list) : NULL;
}

/* Members that are there. */
static void put_known(struct bb_builder *b, const struct bb_json *party, const char *const *names)
{
	struct bb_builder known = bb_build(b->arena);
	for (size_t i = 1; names[i]; i++) {
		const struct bb_json *v = bb_json_get(party, names[i]);
		if (v)
			bb_put(&known, names[i], *v);
	}
	bb_put_json(b, names[0], known.count ? bb_build_object(&known) : NULL);
}

static const struct bb_json *session_json(struct bb_arena *a, const struct session *s)
{
	struct bb_builder b = bb_build(a);
	bb_put_int(&b, "transaction_id", s->id);
	bb_put_str(&b, "charge_point_id", s->charge_point_id);
	bb_put_str(&b, "station", s->station);
	bb_put_int(&b, "connector_id", s->connector_id);
	bb_put_str(&b, "id_tag", s->id_tag);
	bb_put_str(&b, "started_at", s->local_start);
	bb_put_str(&b, "stopped_at", s->local_stop);
	bb_put_int(&b, "energy_wh", s->energy_wh);
	bb_put_json(&b, "lines", s->lines);
	bb_put_int(&b, "total_minor", s->price_minor);
	bb_put_int(&b, "paid_minor", s->paid_minor);
	return bb_build_object(&b);
}

static void put_subject(struct bb_builder *b, const struct document *d)
{
	struct bb_builder sessions = bb_build(b->arena);
	for (uint32_t i = 0; i < d->sessions.count; i++)
		bb_push(&sessions, *session_json(b->arena, &d->sessions.list[i]));
	if (d->month) {
		bb_put_str(b, "from", d->from);
		bb_put_str(b, "to", d->to);
	}
	if (d->refers_to) {
		bb_put_str(b, "refers_to_number", d->refers_to_number);
		bb_put_str(b, "refers_to_issued_on", d->refers_to_issued_on);
		bb_put_str(b, "reason", d->reason);
	}
	bb_put_json(b, "sessions", bb_build_array(&sessions));
}

static void put_sums(struct bb_builder *b, const struct document *d)
{
	int64_t net = tax_net(&d->taxes), tax = tax_tax(&d->taxes), paid = 0;
	bb_put_json(b, "taxes", tax_json(&d->taxes));
	bb_put_int(b, "net_minor", net);
	bb_put_int(b, "tax_minor", tax);
	bb_put_int(b, "total_minor", net + tax);
	for (uint32_t i = 0; i < d->sessions.count; i++)
		paid += d->sessions.list[i].paid_minor;
	if (d->refers_to)
		return;
	bb_put_int(b, "paid_minor", paid);
	bb_put_int(b, "due_minor", net + tax - paid);
}

const struct bb_json *document_json(struct bb_arena *a, const struct document *d)
{
	static const char *const issuer[] = {"issuer", "legal_name", "address", "tax_id",
					     "email",  "phone",      "website", "bank",
					     "note",   "footer",     NULL};
	static const char *const recipient[] = {"recipient", "name",  "address",
						"tax_id",    "email", NULL};
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "language", d->language);
	bb_put_str(&b, "time_zone", d->time_zone);
	bb_put_str(&b, "issued_on", d->issued_on);
	bb_put_int(&b, "decimals", bb_currency_decimals(d->currency));
	put_known(&b, d->issuer, issuer);
	put_known(&b, d->recipient, recipient);
	put_subject(&b, d);
	put_sums(&b, d);
	return bb_build_object(&b);
}
