/* Users' wallets. */
#include "busbarctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "json/json.h"

#define USERS "/api/admin/users/"
#define WALLETS "/api/admin/wallets"

static int print_object(struct ctl *ctl, const struct answer *a)
{
	if (ctl->json || !a->body)
		printf("%s%s", a->text, *a->text ? "\n" : "");
	else
		table_print_object(ctl, a->body);
	return CTL_OK;
}

/* The user's wallet; a CTL_ status. */
static int find(struct ctl *ctl, const char *user, struct answer *ret)
{
	return http_send(ctl, "GET",
			 arena_printf(ctl->arena, USERS "%s/wallet", http_escape(ctl, user)), NULL,
			 ret);
}

static int show(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	if (count != 1)
		return ctl_complain("wallet show USER");
	int status = find(ctl, words[0], &a);
	return status ? status : print_object(ctl, &a);
}

static int add(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	if (count < 2)
		return ctl_complain("wallet add USER CURRENCY [FIELD ...]");
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_str(&b, "user_id", words[0]);
	bb_put_str(&b, "currency", words[1]);
	if (!fields_put(ctl, &b, words + 2, count - 2))
		return CTL_USAGE;
	int status =
	    http_send(ctl, "POST", WALLETS, json_text(ctl->arena, bb_build_object(&b), NULL), &a);
	return status ? status : print_object(ctl, &a);
}

static int entries(struct ctl *ctl, char **words, size_t count)
{
	static const char *const columns[] = {"id",        "at",     "account",       "kind",
					      "reference", "amount", "balance_after", "reason",
					      "made_by",   NULL};
	struct answer a;
	if (!count)
		return ctl_complain("wallet entries USER [FILTER=VALUE ...]");
	int status = find(ctl, words[0], &a);
	if (status)
		return status;
	const char *path = arena_printf(ctl->arena, WALLETS "/%s/entries",
					table_cell(ctl, bb_json_get(a.body, "id")));
	return resource_list(ctl, path, columns, words + 1, count - 1);
}

/* Posts to the wallet: `member` is what the second word is, a number. */
static int post(struct ctl *ctl, const char *what, const char *member, char **words, size_t count)
{
	struct answer a;
	char *end;
	long long number = strtoll(words[1], &end, 10);
	if (!*words[1] || *end)
		return ctl_complain("%s is not a whole number", words[1]);
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
	return status ? status : print_object(ctl, &a);
}

static int top_up(struct ctl *ctl, char **words, size_t count)
{
	if (count < 2)
		return ctl_complain("wallet topup USER AMOUNT_MINOR [FIELD ...]");
	return post(ctl, "top-ups", "amount_minor", words, count);
}

static int refund(struct ctl *ctl, char **words, size_t count)
{
	if (count < 3)
		return ctl_complain("wallet refund USER TRANSACTION_ID reason=... [FIELD ...]");
	return post(ctl, "refunds", "transaction_id", words, count);
}

static int unbilled(struct ctl *ctl, char **words, size_t count)
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
static int reconcile(struct ctl *ctl, char **words, size_t count)
{
	static const char *const columns[] = {"what",           "operator_id", "wallet_id",
					      "transaction_id", "journal_id",  "expected_minor",
					      "found_minor",    NULL};
	static const char *const sums[] = {"operator_id", "currency", "entries", "sum_minor", NULL};
	struct answer a;
	(void)words;
	if (count)
		return ctl_complain("wallet reconcile takes nothing");
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

static const struct {
	const char *name, *args;
	verb_fn *fn;
} verbs[] = {
    {"show", "USER", show},
    {"add", "USER CURRENCY [FIELD ...]", add},
    {"entries", "USER [FILTER=VALUE ...]", entries},
    {"topup", "USER AMOUNT_MINOR [FIELD ...]", top_up},
    {"refund", "USER TRANSACTION_ID reason=... [amount_minor:=N]", refund},
    {"unbilled", "[FILTER=VALUE ...]", unbilled},
    {"reconcile", "", reconcile},
};
#define VERBS (sizeof verbs / sizeof *verbs)

int wallet_run(struct ctl *ctl, char **words, size_t count)
{
	for (size_t i = 0; count && i < VERBS; i++)
		if (!strcmp(verbs[i].name, words[0]))
			return verbs[i].fn(ctl, words + 1, count - 1);
	return ctl_complain("wallet: show, add, entries, topup, refund, unbilled or reconcile?");
}

void wallet_help(void)
{
	for (size_t i = 0; i < VERBS; i++)
		printf("  wallet         %s %s\n", verbs[i].name, verbs[i].args);
}
