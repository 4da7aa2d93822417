/* Credit notes: what takes amounts off an invoice that has been issued. */
#ifndef INVOICES_CREDIT_H
#define INVOICES_CREDIT_H
#include "issue.h"

/* What is wanted. Texts are copied. */
struct credit_spec {
	const char *invoice_id;
	int64_t amount_minor;   /* 0: all that is left */
	int64_t transaction_id; /* 0: not about one of its sessions */
	const char *reason;
	const char *reference; /* what makes it the only one; NULL: nothing */
	bool cancels;          /* all of it, and its sessions may stand on another invoice */
};
/* fn runs once, and may do so before this returns. */
void credit_begin(struct invoices *, const struct credit_spec *, issued_fn *fn, void *arg);
#endif
