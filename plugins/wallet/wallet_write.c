/* POST and PUT of /api/admin/wallets. */
#include <busbar/money.h>
#include <busbar/users.h>

#include "wallet.h"

struct settings {
	struct bb_val mode, credit_limit, low_balance;
};

void refuse(struct bb_rest *r, const char *path, const char *rule)
{
	bb_rest_fault(r->api, r->call, path, rule);
	bb_rest_fail(r, "422", bb_printf(r->arena, "%s %s", path, rule));
}

const char *asked_by(const struct bb_api *api, struct bb_call *call)
{
	const char *name = api->attr(call, "key_name");
	return name ? name : "rest";
}

static bool is_prepaid(const struct bb_val *mode)
{
	return mode->len == strlen("prepaid") && !memcmp(mode->s, "prepaid", mode->len);
}

/* What the body leaves out is as in `before`, which is NULL for a new one. Only a postpaid wallet
 * may be without a limit. */
static struct settings settings_of(const struct bb_json *body, const struct bb_json *before)
{
	static const char *const names[] = {"mode", "credit_limit_minor", "low_balance_minor"};
	struct bb_val v[3];
	for (size_t i = 0; i < 3; i++)
		v[i] = bb_member_val(bb_json_get(body, names[i]) ? body : before, names[i]);
	if (v[0].type == BB_NULL)
		v[0] = bb_text("prepaid");
	bool told = before || bb_json_get(body, names[1]);
	if (v[1].type == BB_NULL && (!told || is_prepaid(&v[0])))
		v[1] = bb_i64(0);
	return (struct settings){v[0], v[1], v[2]};
}

static void read_again(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct wallet *p = r->self;
	const struct bb_val v[] = {*bb_cell(rows, 0, 0), bb_null()};
	bb_rest_one(r, "wallet", p->q[Q_GET], 2, v, wallet_show);
}

static void created(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		refuse(r, "operator_id", "names no operator");
		return;
	}
	bb_rest_made_no(r, "/api/admin/wallets", bb_cell_int(rows, 0, 0, 0));
	read_again(r, rows);
}

enum { NEW = 7 }; /* parameters of the query insert, in r->arg */

static void create(struct bb_rest *r)
{
	const struct wallet *p = r->self;
	r->conflict = "the user has a wallet";
	bb_rest_write(r, p->q[Q_INSERT], NEW, r->arg, created);
}

int wallet_create(struct bb_call *call, void *self)
{
	struct wallet *p = self;
	const struct bb_json *body = p->api->payload(call);
	const char *operator_id = bb_rest_operator(p->api, call);
	if (!operator_id)
		return BB_DONE;
	if (bb_currency_decimals(bb_json_get_str(body, "currency", "")) < 0) {
		bb_rest_fault(p->api, call, "currency", "is not one of ISO 4217");
		p->api->fail(call, "422", "the currency is not one of ISO 4217");
		return BB_DONE;
	}
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	const struct settings s = settings_of(body, NULL);
	const char *user_id = p->api->attr(call, "id"); /* in the path, else in the body */
	if (!user_id)
		user_id = bb_json_get_str(body, "user_id", NULL);
	const struct bb_val v[NEW] = {
	    bb_text(operator_id), bb_text(user_id), bb_member_val(body, "currency"), s.mode,
	    s.credit_limit,       s.low_balance,    bb_now(p->api, r->arena)};
	r->arg = memcpy(bb_alloc(r->arena, sizeof v), v, sizeof v);
	return bb_rest_user_fits(r, user_id, operator_id, create);
}

static void put_done(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		read_again(r, rows);
	else
		bb_rest_stale(r, "the wallet has changed since the version in If-Match");
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct wallet *p = r->self;
	const struct bb_json *before = wallet_json(r->arena, rows, 0, NULL);
	const struct settings s = settings_of(r->api->payload(r->call), before);
	bb_rest_changing(r, before);
	const struct bb_val v[] = {*bb_cell(rows, 0, 0),
				   s.mode,
				   s.credit_limit,
				   s.low_balance,
				   bb_changed_at(r->api, r->arena, before),
				   r->if_match};
	struct bb_unit *unit = r->api->begin(r->me);
	enqueue_owed(p, unit, r->arena, bb_cell_int(rows, 0, 0, 0));
	r->api->add(unit, p->q[Q_UPDATE], sizeof v / sizeof *v, v, NULL, NULL);
	bb_rest_commit(r, unit, put_done);
}

int wallet_put(struct bb_call *call, void *self)
{
	return wallet_find(call, self, put_over, NULL);
}

int wallet_put_of_user(struct bb_call *call, void *self)
{
	return wallet_find_of_user(call, self, put_over, NULL);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

/* Its journal, its holds and its bills refer to it, and the database keeps what is referred to. */
static void delete_it(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct wallet *p = r->self;
	bb_set_before(r->api, r->call, wallet_json(r->arena, rows, 0, NULL));
	r->conflict = "something has happened to the wallet; it stays, as its ledger does";
	bb_rest_write(r, p->q[Q_DELETE], 1, bb_cell(rows, 0, 0), deleted);
}

int wallet_delete(struct bb_call *call, void *self)
{
	return wallet_find(call, self, delete_it, NULL);
}

int wallet_delete_of_user(struct bb_call *call, void *self)
{
	return wallet_find_of_user(call, self, delete_it, NULL);
}
