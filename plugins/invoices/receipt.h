/* Receipts of single sessions. */
#ifndef INVOICES_RECEIPT_H
#define INVOICES_RECEIPT_H
#include "invoices.h"

#define RECEIPT_TASK "issue_receipt"

/* Routes; what billing tells; the task that follows from it. */
bb_call_fn receipt_get, receipt_html, receipt_pdf, receipt_task;
bb_event_fn receipt_on_billed;
#endif
