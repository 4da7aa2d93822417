/* The plugin's own: what its files share. */
#ifndef INVOICES_INVOICES_H
#define INVOICES_INVOICES_H
#include <busbar/rest.h>

/* In the order of query_names in plugin.c. */
enum query {
	Q_PARTY_GET,
	Q_PARTY_PUT,
	Q_PARTY_DELETE,
	Q_RECIPIENT_LIST,
	Q_BASIS,
	Q_SESSION,
	Q_SESSIONS_OF_USER,
	Q_TRANSACTION,
	Q_SERIES_ADD,
	Q_SERIES_NEXT,
	Q_INVOICE_ADD,
	Q_SESSIONS_ADD,
	Q_CREDIT_TAKE,
	Q_CANCEL,
	Q_SESSIONS_RELEASE,
	Q_LIST,
	Q_GET,
	Q_CREDITS,
	Q_CREDIT_BY_REFERENCE,
	Q_CHECK_SERIES,
	Q_CHECK_GAPS,
	Q_CHECK_RELATIONS,
	Q_CHECK_DOCUMENTS,
	Q_RUN_BEGIN,
	Q_RUN_SKIPS_CLEAR,
	Q_RUN_GET,
	Q_RUN_USERS,
	Q_RUN_ADVANCE,
	Q_RUN_ISSUED,
	Q_RUN_SKIP,
	Q_RUN_DONE,
	Q_RUN_LIST,
	Q_RUN_SKIP_LIST,
	Q_ISSUERS,
	Q_RECEIPT,
	Q_RECEIPT_WISH,
	Q_REFUNDS,
	Q_COUNT_OF
};

struct config {
	int64_t lines_most, run_after_ms, look_every_ms;
};

struct invoices {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	struct bb_arena *arena; /* of the scripts */
	struct bb_script calendar, layout;
	struct pdf_job *pdf_first;  /* waiting */
	bool receipts_wanted;       /* some issuer wants them at once, or may */
	bool refunding;             /* a pass is at work */
	uint32_t pdfs, pdf_waiting; /* at work; waiting */
};

/* A time as storage writes it, which it compares as text: in UTC, with milliseconds. NULL stays
 * NULL. */
static inline const char *stored_time(const struct bb_api *api, struct bb_arena *a,
				      const char *text)
{
	int64_t ms;
	if (!text || api->time_parse(text, strlen(text), &ms))
		return NULL;
	return api->time_format(a, ms);
}

/* party.c: whom documents are from and for. */
bb_call_fn issuer_get, issuer_put, recipient_list, recipient_get, recipient_put, recipient_delete;
/* The operator that a call is about: the key's own, else ?operator_id=, else "default". NULL: it is
 * not the key's, and the call has been failed. */
const char *operator_asked(const struct bb_api *, struct bb_call *);

/* issue_rest.c, credit.c, list.c, show.c, check.c */
bb_call_fn invoice_issue, invoice_credit, invoice_list, invoice_get, invoice_html, invoice_pdf,
    invoice_check;

/* own.c */
bb_call_fn own_list, own_get, own_html, own_pdf;

/* refunds.c: gives refunds of the wallet their credit notes. */
void refunds_look(struct invoices *);

/* run_begin.c. watch: looks for months that are over and for refunds. */
bb_call_fn run_start, run_list, run_skips;
void run_watch(struct invoices *);

/* list.c. Reads a document and goes on with `step` and its row of the query `get`; 404 where there
 * is none for that operator's keys (NULL: any). begin: the one that the path names. answer: the
 * document, with that status. */
void invoice_find(struct bb_rest *, const char *id, const char *operator_id, bb_rest_fn *step);
struct bb_rest *invoice_begin(struct bb_call *, struct invoices *, bb_rest_fn *step);
void invoice_answer(struct bb_rest *, const char *id, int status);
/* A page of those of a user, NULL: of all. Steps that end a call with the document in the rows. */
int invoice_list_of(struct bb_call *, struct invoices *, const char *user_id);
bb_rest_fn invoice_show, invoice_show_html, invoice_show_pdf;
/* That row as one object: what the row says, then its content's members. */
const struct bb_json *invoice_json(const struct invoices *, struct bb_arena *,
				   const struct bb_rows *, uint32_t row);
/* show.c: ends a call with the document as a page, or as pages. */
void show_html(struct bb_rest *, const struct bb_json *document);
void show_pdf(struct bb_rest *, const struct bb_json *document);
/* pdf_queue.c: who waits is told that the server stops. */
void pdf_stop(struct invoices *);
#endif
