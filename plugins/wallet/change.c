/* Postings that an admin asks for: top-ups, debits, adjustments. A reference that has been posted
 * before is answered with what was posted then. */
#include "posting.h"

struct kind {
	const char *name, *account;
	int sign; /* of the wallet's change */
};

struct change {
	const struct kind *kind;
	struct posting posting;
	struct posted posted;
};

static void on_posted(int err, const struct posted *p, void *arg)
{
	struct change *c = arg;
	if (!err)
		c->posted = *p;
}

static void committed(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct change *c = r->arg;
	(void)rows;
	posting_answer(r, &c->posting, &c->posted);
}

/* Of the wallet found. */
static const char *currency_of(struct bb_arena *a, const struct bb_rows *rows)
{
	return bb_json_get_str(wallet_json(a, rows, 0, NULL), "currency", "");
}

static void found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct wallet *p = r->self;
	struct change *c = r->arg;
	const struct bb_json *body = r->api->payload(r->call);
	const char *currency = currency_of(r->arena, rows);
	if (strcmp(bb_json_get_str(body, "currency", currency), currency) != 0) {
		refuse(r, "currency", bb_printf(r->arena, "is not the wallet's, %s", currency));
		return;
	}
	int64_t amount = c->kind->sign * bb_json_get_int(body, "amount_minor", 0);
	if (!amount) {
		refuse(r, "amount_minor", "is 0");
		return;
	}
	c->posting = (struct posting){
	    .entry = {bb_cell_int(rows, 0, 0, 0), c->kind->name,
		      bb_json_get_str(body, "reference", r->api->new_id(r->arena)),
		      c->kind->account, amount, currency, bb_json_get_str(body, "reason", NULL),
		      asked_by(r->api, r->call)},
	    .fn = on_posted,
	    .arg = c,
	};
	struct bb_unit *unit = r->api->begin(r->me);
	posting_add(p, unit, r->arena, &c->posting);
	bb_rest_commit(r, unit, committed);
}

static int change(struct bb_call *call, struct wallet *p, const struct kind *kind)
{
	struct change *c = bb_zalloc(p->api->arena(call), sizeof *c);
	c->kind = kind;
	return wallet_find(call, p, found, c);
}

int top_up(struct bb_call *call, void *self)
{
	static const struct kind kind = {"top_up", "cash", 1};
	return change(call, self, &kind);
}

int debit(struct bb_call *call, void *self)
{
	static const struct kind kind = {"debit", "revenue", -1};
	return change(call, self, &kind);
}

int adjust(struct bb_call *call, void *self)
{
	static const struct kind kind = {"adjustment", "adjustments", 1};
	return change(call, self, &kind);
}
