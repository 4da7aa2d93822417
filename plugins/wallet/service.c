/* The service "wallet/1". */
#include "posting.h"

/* The plugin's only instance: a service's functions are asked without one. */
static struct wallet *the;

void service_open(struct wallet *p)
{
	the = p;
}

struct telling {
	bb_wallet_posted_fn *fn;
	void *arg;
};

static void on_posted(int err, const struct posted *p, void *arg)
{
	const struct telling *t = arg;
	t->fn(err, err ? BB_WALLET_REFUSED : p->outcome, err ? 0 : p->balance_minor, t->arg);
}

static int post(struct bb_unit *unit, struct bb_arena *arena, const struct bb_wallet_entry *entry,
		bb_wallet_posted_fn *fn, void *arg)
{
	struct posting p = {.entry = *entry};
	struct telling *t = bb_alloc(arena, sizeof *t);
	*t = (struct telling){fn, arg};
	p.fn = fn ? on_posted : NULL;
	p.arg = t;
	return posting_add(the, unit, arena, &p) ? 0 : -EINVAL;
}

struct finding {
	bb_wallet_fn *fn;
	void *arg;
};

static int64_t by_name(const struct bb_rows *rows, const char *name, int64_t other)
{
	for (uint32_t c = 0; c < rows->columns; c++)
		if (!strcmp(rows->names[c], name))
			return bb_cell_int(rows, 0, c, other);
	return other;
}

static const char *text_by_name(const struct bb_rows *rows, const char *name)
{
	for (uint32_t c = 0; c < rows->columns; c++)
		if (!strcmp(rows->names[c], name))
			return bb_cell_text(rows, 0, c);
	return NULL;
}

static void on_found(int err, const struct bb_rows *rows, void *arg)
{
	struct finding f = *(struct finding *)arg;
	free(arg);
	if (!err && !rows->rows)
		err = -ENOENT;
	if (err) {
		f.fn(err, NULL, f.arg);
		return;
	}
	const struct bb_wallet w = {
	    .id = by_name(rows, "id", 0),
	    .operator_id = text_by_name(rows, "operator_id"),
	    .user_id = text_by_name(rows, "user_id"),
	    .currency = text_by_name(rows, "currency"),
	    .prepaid = !strcmp(text_by_name(rows, "mode"), "prepaid"),
	    .balance_minor = by_name(rows, "balance_minor", 0),
	    .credit_limit_minor = by_name(rows, "credit_limit_minor", BB_WALLET_UNLIMITED),
	    .available_minor = by_name(rows, "available_minor", BB_WALLET_UNLIMITED),
	};
	f.fn(0, &w, f.arg);
}

static void find(const char *operator_id, const char *user_id, bb_wallet_fn *fn, void *arg)
{
	const struct bb_val v[] = {bb_text(operator_id), bb_text(user_id)};
	struct finding *f = malloc(sizeof *f);
	if (!f)
		abort();
	*f = (struct finding){fn, arg};
	bb_read(the->api, the->me, the->q[Q_FIND], 2, v, on_found, f);
}

const struct bb_wallets wallet_service = {sizeof wallet_service, post, find};
