/* Issuing a document: what it is made of is read, its times are put on local clocks, and it is
 * stored with its number and all that must hold with it in one unit. */
#ifndef INVOICES_ISSUE_H
#define INVOICES_ISSUE_H
#include "document.h"
#include "invoices.h"

/* What came of it. Lives until the callback returns. */
struct issued {
	const char *id;     /* NULL: none was issued */
	const char *status; /* of HTTP, why not; NULL with no id: there was nothing to issue */
	const char *text;
	bool repeated;                /* it had been issued before */
	const struct bb_json *errors; /* [{"path", "rule"}], or NULL */
};
typedef void issued_fn(const struct issued *, void *arg);

/* What is wanted. Texts are copied. */
struct issue_spec {
	const char *kind; /* invoice, receipt */
	const char *operator_id;
	/* One session: */
	int64_t transaction_id;
	const char *key_operator; /* the session must be this operator's, if not NULL */
	/* Or all sessions of a user before the end of a month: */
	const char *user_id, *month, *from, *to; /* without `from` and `to` they are found out */
	bool counted;                            /* by the month's run */
	/* In place of the stored recipient and language, or NULL. */
	const struct bb_json *recipient;
	const char *language;
};
/* fn runs once, and may do so before this returns. */
void issue_begin(struct invoices *, const struct issue_spec *, issued_fn *fn, void *arg);

/* issue_rest.c: ends a call with what came of it; the call is `arg`. */
issued_fn issue_answer;

/* One on its way. */
struct issue {
	struct invoices *p;
	struct bb_arena *arena;
	struct issue_spec spec;
	issued_fn *fn;
	void *arg;
	struct document document;
	const char *first_session_at; /* of the issuer's settings, or NULL */
	const char *zone;
	const char *id;             /* of the document */
	const char *reference;      /* NULL: its id */
	struct credit *credit_note; /* of one, its own */
	int64_t credited_before, credit;
	bool cancels;
	uint32_t tries, times; /* how many times are on local clocks */
	void (*again)(struct issue *), (*next)(struct issue *);
	bb_rows_fn *on_rows;
	const struct bb_json *event;
};
/* For those who make documents otherwise. A new one, with what is asked when it has to begin again;
 * the ends; the way on from a document that lacks its times only. */
struct issue *issue_new(struct invoices *, issued_fn *fn, void *arg);
void issue_end(struct issue *, const struct issued *);
void issue_refuse(struct issue *, const char *status, const char *text, const struct bb_json *);
void issue_storage_failed(struct issue *, int err);
void issue_read(struct issue *, enum query, uint32_t n, const struct bb_val *, bb_rows_fn *);
/* Reads the issuer and the recipient into the document, then goes on. */
void issue_basis(struct issue *, void (*next)(struct issue *));
void issue_times(struct issue *);
/* store.c */
void issue_store(struct issue *);
#endif
