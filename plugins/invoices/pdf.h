/* A document's pages as PDF, A4. Pure: any thread, one document in each at a time. */
#ifndef INVOICES_PDF_H
#define INVOICES_PDF_H
#include <busbar/json.h>

#define PDF_PAGES_MOST 600

struct pdf {
	unsigned char *bytes; /* malloc'ed; the caller's to free */
	size_t len, cap;
	int pages;
};
/* `pieces` are the layout's: the head, then lists of rows. `created_at` is the file's date, RFC
 * 3339 in UTC: the same pieces and date give the same bytes. -ENOENT: this machine has no font;
 * -EFBIG: there would be more pages than PDF_PAGES_MOST; -EIO: the library failed. */
int pdf_render(const struct bb_json *pieces, const char *created_at, struct pdf *ret);
#endif
