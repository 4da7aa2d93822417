/* PDFs are made on threads of the pool, few at a time: others need the pool as well. */
#ifndef INVOICES_PDF_QUEUE_H
#define INVOICES_PDF_QUEUE_H
#include "invoices.h"

/* Ends the call with the PDF of these pieces, which live as long as the call. */
void pdf_answer(struct bb_rest *, const struct bb_json *pieces, const char *created_at);
#endif
