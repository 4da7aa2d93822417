/* Receipts of single sessions. */
#ifndef INVOICES_RECEIPT_H
#define INVOICES_RECEIPT_H
#include "invoices.h"

#define RECEIPT_TASK "issue_receipt"

/* Routes; what billing tells; the task that follows from it. */
bb_call_fn receipt_get, receipt_html, receipt_pdf, receipt_task;
bb_event_fn receipt_on_billed;
/* What makes a receipt the only one: a session at the price that it got then. */
const char *receipt_reference(struct bb_arena *, int64_t transaction_id, const char *priced_at);
#endif
