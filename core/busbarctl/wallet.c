/* Users' wallets. */
#include "busbarctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "json/json.h"

#define USERS "/api/admin/users"
#define WALLETS "/api/admin/wallets"

/* The user's wallet; a CTL_ status. */
static int find(struct ctl *ctl, const char *user, struct answer *ret)
{
	return http_send(ctl, "GET", bb_url_item(ctl->arena, USERS, user, "/wallet"), NULL, ret);
}

int wallet_show(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	(void)count;
	int status = find(ctl, words[0], &a);
	return status ? status : item_print(ctl, USERS, &a);
}

int wallet_add(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_str(&b, "user_id", words[0]);
	bb_put_str(&b, "currency", words[1]);
	if (!fields_put(ctl, &b, words + 2, count - 2))
		return CTL_USAGE;
	int status =
	    http_send(ctl, "POST", WALLETS, json_text(ctl->arena, bb_build_object(&b), NULL), &a);
	return status ? status : item_print(ctl, WALLETS, &a);
}

int wallet_entries(struct ctl *ctl, char **words, size_t count)
{
	static const char *const columns[] = {"id",        "at",     "account",       "kind",
					      "reference", "amount", "balance_after", "reason",
					      "made_by",   NULL};
	struct answer a;
	int status = find(ctl, words[0], &a);
	if (status)
		return status;
	const char *path = arena_printf(ctl->arena, WALLETS "/%s/entries",
					table_cell(ctl, bb_json_get(a.body, "id")));
	return resource_list(ctl, path, columns, words + 1, count - 1);
}

/* Posts to the wallet: `member` is what the second word is, a number; `is` says so to who gives
 * another. */
static int post(struct ctl *ctl, const char *what, const char *member, const char *is, char **words,
		size_t count)
{
	struct answer a;
	char *end;
	long long number = strtoll(words[1], &end, 10);
	if (!*words[1] || *end)
		return ctl_complain("%s: is no whole number; it is %s", words[1], is);
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_int(&b, member, number);
	if (!fields_put(ctl, &b, words + 2, count - 2))
		return CTL_USAGE;
	int status = find(ctl, words[0], &a);
	if (status)
		return status;
	const char *path = arena_printf(ctl->arena, WALLETS "/%s/%s",
					table_cell(ctl, bb_json_get(a.body, "id")), what);
	status = http_send(ctl, "POST", path, json_text(ctl->arena, bb_build_object(&b), NULL), &a);
	return status ? status : item_print(ctl, path, &a);
}

int wallet_top_up(struct ctl *ctl, char **words, size_t count)
{
	return post(ctl, "top-ups", "amount_minor", "cents or the like: 2500 for 25.00 EUR", words,
		    count);
}

int wallet_refund(struct ctl *ctl, char **words, size_t count)
{
	return post(ctl, "refunds", "transaction_id", "the id of a transaction", words, count);
}

int wallet_unbilled(struct ctl *ctl, char **words, size_t count)
{
	static const char *const columns[] = {"transaction_id", "operator_id", "user_id",
					      "reason",         "amount",      "owed",
					      "created_at",     NULL};
	char **all = bb_alloc(ctl->arena, (count + 1) * sizeof *all);
	static char state[] = "state=unbilled";
	all[0] = state;
	for (size_t i = 0; i < count; i++)
		all[i + 1] = words[i];
	return resource_list(ctl, "/api/admin/bills", columns, all, count + 1);
}

/* 1 if the ledger is not what it should be. */
int wallet_reconcile(struct ctl *ctl, char **words, size_t count)
{
	static const char *const columns[] = {"what",           "operator_id", "wallet_id",
					      "transaction_id", "journal_id",  "expected_minor",
					      "found_minor",    NULL};
	static const char *const sums[] = {"operator_id", "currency", "entries", "sum_minor", NULL};
	struct answer a;
	(void)count;
	(void)words;
	int status = http_send(ctl, "GET", WALLETS "/reconciliation", NULL, &a);
	if (status)
		return status;
	bool ok = bb_json_get_bool(a.body, "ok", false);
	if (ctl->json) {
		puts(a.text);
	} else {
		table_print_list(ctl, bb_json_get(a.body, "ledgers"), sums);
		table_print_list(ctl, bb_json_get(a.body, "differences"), columns);
		puts(ok ? "The ledger is what the sessions say." : "There are differences.");
	}
	return ok ? CTL_OK : CTL_REFUSED;
}
