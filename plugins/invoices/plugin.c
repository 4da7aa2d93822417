/* Invoices, receipts and credit notes. */
#include "receipt.h"
#include "run.h"

#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define DRIVER "admin operator user readonly"
#define INVOICES "/api/admin/invoices"
#define RECEIPT "/api/admin/transactions/{id}/receipt"
#define OWN "/users/{id}/invoices"

static const struct bb_option options[] = {
    {"lines_most", BB_OPT_INT, BB_RELOADABLE, offsetof(struct config, lines_most), "2000",
     "price lines on one invoice; a month with more becomes several", 200, 10000, NULL},
    {"run_after", BB_OPT_MSEC, BB_RELOADABLE, offsetof(struct config, run_after_ms), "6h",
     "how long after a month's end its invoices are made: for sessions that are told late", 0,
     7 * 86400000LL, NULL},
    {"look_every", BB_OPT_MSEC, BB_RELOADABLE, offsetof(struct config, look_every_ms), "60s",
     "pause between two looks for months that are over and for refunds without a credit note", 100,
     86400000LL, NULL},
};

static const struct bb_route routes[] = {
    {"GET", INVOICES, SEE, invoice_list, "Invoices, receipts and credit notes", NULL,
     "rest/invoice_list", "limit cursor user_id kind month number refers_to transaction_id from to",
     BB_OWNER, 0},
    {"POST", INVOICES, CHANGE, invoice_issue, "Invoice a session, or a user's month",
     "rest/invoice_new", "rest/invoice", NULL, BB_OWNER, 0},
    {"GET", INVOICES "/{id}", SEE, invoice_get, "A document", NULL, "rest/invoice", NULL, BB_OWNER,
     0},
    {"GET", INVOICES "/{id}/html", SEE, invoice_html, "A document as a page", NULL, "text/html",
     NULL, BB_OWNER, 0},
    {"GET", INVOICES "/{id}/pdf", SEE, invoice_pdf, "A document as PDF", NULL, "application/pdf",
     NULL, BB_OWNER, 0},
    {"POST", INVOICES "/{id}/credit-notes", CHANGE, invoice_credit,
     "Take an amount off an invoice, or cancel it", "rest/invoice_credit", "rest/invoice", NULL,
     BB_OWNER, 0},
    {"POST", INVOICES "/run", CHANGE, run_start,
     "Invoice a month of all users; again: what is left of it", "rest/invoice_run_new",
     "rest/invoice_run", NULL, BB_OWNER, 0},
    {"GET", INVOICES "/runs", SEE, run_list, "Monthly runs", NULL, "rest/invoice_run_list",
     "limit cursor month", BB_OWNER, 0},
    {"GET", INVOICES "/runs/skipped", SEE, run_skips, "Users that monthly runs left out, and why",
     NULL, "rest/invoice_run_skip_list", "limit cursor month", BB_OWNER, 0},
    {"GET", INVOICES "/check", SEE, invoice_check,
     "Prove that no number is missing and that all figures add up", NULL, "rest/invoice_check",
     "operator_id", BB_OWNER, 0},
    {"GET", INVOICES "/issuer", SEE, issuer_get, "Who issues", NULL, "rest/invoice_issuer",
     "operator_id", BB_OWNER, 0},
    {"PUT", INVOICES "/issuer", CHANGE, issuer_put,
     "Say who issues; members left out stay as they are, null takes away",
     "rest/invoice_issuer_put", "rest/invoice_issuer", "operator_id", BB_OWNER, 0,
     BB_HEEDS_IF_MATCH},
    {"GET", INVOICES "/recipients", SEE, recipient_list, "Users' addresses", NULL,
     "rest/invoice_recipient_list", "limit cursor", BB_OWNER, 0},
    {"GET", INVOICES "/recipients/{user_id}", SEE, recipient_get, "A user's address", NULL,
     "rest/invoice_recipient", "operator_id", BB_OWNER, 0},
    {"PUT", INVOICES "/recipients/{user_id}", CHANGE, recipient_put,
     "Say where a user's invoices go; members left out stay as they are, null takes away",
     "rest/invoice_recipient_put", "rest/invoice_recipient", "operator_id", BB_OWNER, 0,
     BB_HEEDS_IF_MATCH},
    {"GET", RECEIPT, SEE, receipt_get, "A session's receipt; the first to ask has it issued", NULL,
     "rest/invoice", NULL, BB_OWNER, 0},
    {"GET", RECEIPT "/html", SEE, receipt_html, "The receipt as a page", NULL, "text/html", NULL,
     BB_OWNER, 0},
    {"GET", RECEIPT "/pdf", SEE, receipt_pdf, "The receipt as PDF", NULL, "application/pdf", NULL,
     BB_OWNER, 0},
    {"GET", OWN, DRIVER, own_list, "What a user was issued; a driver sees their own", NULL,
     "rest/invoice_list", "limit cursor kind month number refers_to transaction_id from to",
     BB_OWNER, 0},
    {"GET", OWN "/{invoice_id}", DRIVER, own_get, "A user's document", NULL, "rest/invoice", NULL,
     BB_OWNER, 0},
    {"GET", OWN "/{invoice_id}/html", DRIVER, own_html, "A user's document as a page", NULL,
     "text/html", NULL, BB_OWNER, 0},
    {"GET", OWN "/{invoice_id}/pdf", DRIVER, own_pdf, "A user's document as PDF", NULL,
     "application/pdf", NULL, BB_OWNER, 0},
    {"DELETE", INVOICES "/recipients/{user_id}", CHANGE, recipient_delete,
     "Forget a user's address; issued documents keep it", NULL, NULL, "operator_id", BB_OWNER, 0},
};

static const struct bb_task tasks[] = {{RUN_TASK, 20, 2000, run_task},
				       {RECEIPT_TASK, 8, 30000, receipt_task}};
static const struct bb_topic topics[] = {{"transaction.billed", receipt_on_billed},
					 {"transaction.unbilled", receipt_on_billed}};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_PARTY_GET] = "party_get",
    [Q_PARTY_PUT] = "party_put",
    [Q_PARTY_DELETE] = "party_delete",
    [Q_RECIPIENT_LIST] = "recipient_list",
    [Q_BASIS] = "basis",
    [Q_SESSION] = "session",
    [Q_SESSIONS_OF_USER] = "sessions_of_user",
    [Q_TRANSACTION] = "transaction",
    [Q_SERIES_ADD] = "series_add",
    [Q_SERIES_NEXT] = "series_next",
    [Q_INVOICE_ADD] = "invoice_add",
    [Q_SESSIONS_ADD] = "sessions_add",
    [Q_CREDIT_TAKE] = "credit_take",
    [Q_CANCEL] = "cancel",
    [Q_SESSIONS_RELEASE] = "sessions_release",
    [Q_LIST] = "list",
    [Q_GET] = "get",
    [Q_CREDITS] = "credits",
    [Q_CREDIT_BY_REFERENCE] = "credit_by_reference",
    [Q_CHECK_SERIES] = "check_series",
    [Q_CHECK_GAPS] = "check_gaps",
    [Q_CHECK_RELATIONS] = "check_relations",
    [Q_CHECK_DOCUMENTS] = "check_documents",
    [Q_RUN_BEGIN] = "run_begin",
    [Q_RUN_SKIPS_CLEAR] = "run_skips_clear",
    [Q_RUN_GET] = "run_get",
    [Q_RUN_USERS] = "run_users",
    [Q_RUN_ADVANCE] = "run_advance",
    [Q_RUN_ISSUED] = "run_issued",
    [Q_RUN_SKIP] = "run_skip",
    [Q_RUN_DONE] = "run_done",
    [Q_RUN_LIST] = "run_list",
    [Q_RUN_SKIP_LIST] = "run_skip_list",
    [Q_ISSUERS] = "issuers",
    [Q_RECEIPT] = "receipt",
    [Q_RECEIPT_WISH] = "receipt_wish",
    [Q_REFUNDS] = "refunds",
};

static const char *const needs[] = {"chargers/1", "transactions/1", "wallet/1", NULL};

/* A bundled script; its version is its text's hash. */
static int find_script(struct invoices *p, const char *name, struct bb_script *ret)
{
	*ret = (struct bb_script){.name = name};
	int err = p->api->script_bundled(p->me, name, p->arena, &ret->text, &ret->len);
	if (err)
		p->api->log(p->me, BB_ERROR, "the script %s is missing", name);
	else
		ret->version = bb_printf(p->arena, "%08x", bb_json_hash(ret->text, ret->len));
	return err;
}

static void fini(void *self)
{
	struct invoices *p = self;
	p->api->arena_free(p->arena);
	free(p);
}

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct invoices filled = {.me = me, .api = api, .cfg = cfg, .arena = api->arena_new()};
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	if (!err)
		err = find_script(&filled, "invoices/calendar", &filled.calendar);
	if (!err)
		err = find_script(&filled, "invoices/layout", &filled.layout);
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (err)
		api->arena_free(filled.arena);
	return err;
}

static int reload(void *self, const void *cfg)
{
	((struct invoices *)self)->cfg = cfg;
	return 0;
}

static int start(void *self)
{
	run_watch(self);
	return 0;
}

static void stop(void *self)
{
	pdf_stop(self);
}

BB_PLUGIN(invoices, .version = "1.0", .needs = needs, .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options), .routes = BB_TABLE(route, routes),
	  .topics = BB_TABLE(topic, topics), .tasks = BB_TABLE(task, tasks), .init = init,
	  .start = start, .stop = stop, .reload = reload, .fini = fini);
