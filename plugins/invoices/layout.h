/* The bundled script's view of a document: its texts and figures, or its page. */
#ifndef INVOICES_LAYOUT_H
#define INVOICES_LAYOUT_H
#include "invoices.h"

/* The pieces, an array: of HTML its texts in order; else the head and then lists of rows. */
typedef void layout_fn(struct bb_rest *, const struct bb_json *pieces);
/* Runs the script in small steps, then goes on with fn; a failure of the script is answered here.
 */
void layout_begin(struct bb_rest *, const struct bb_json *document, bool html, layout_fn *fn);
#endif
