/* What a document says, as the JSON that is kept of it. */
#ifndef INVOICES_DOCUMENT_H
#define INVOICES_DOCUMENT_H
#include "tax.h"

#include <busbar/rest.h>

/* A priced session with its lines. */
struct session {
	int64_t id, connector_id, energy_wh, price_minor;
	int64_t paid_minor; /* from a prepaid wallet */
	const char *operator_id, *user_id, *id_tag, *charge_point_id, *station;
	const char *time_zone, *started_at, *stopped_at, *priced_at, *currency;
	const char *local_start, *local_stop;
	const struct bb_json *lines;
};
struct sessions {
	struct session *list;
	uint32_t count, lines;
};
/* From rows of the queries `session` and `sessions_of_user`: those in the first one's currency, as
 * long as there are at most so many lines; the first in any case. */
struct sessions sessions_read(struct bb_arena *, const struct bb_rows *, int64_t lines_most);
/* [{"id", "priced_at"}] */
const struct bb_json *sessions_keys(struct bb_arena *, const struct sessions *);

struct document {
	const char *kind; /* invoice, receipt, credit_note */
	const char *operator_id, *user_id, *time_zone, *language, *currency;
	const char *issued_at, *issued_on; /* UTC; local */
	const char *month, *from, *to;     /* of a monthly one */
	int64_t transaction_id;            /* 0: it is not about a single one */
	const char *refers_to, *refers_to_number, *refers_to_issued_on, *reason;
	const struct bb_json *issuer, *recipient;
	struct sessions sessions;
	struct taxes taxes;
};

/* What the issuer's and the recipient's data lack, [{"path", "rule"}]; NULL: nothing. */
const struct bb_json *document_lacks(struct bb_arena *, const struct document *);
const struct bb_json *document_json(struct bb_arena *, const struct document *);
#endif
