/* What a price has in it of tax, rate by rate. Amounts are whole minor units. */
#ifndef INVOICES_TAX_H
#define INVOICES_TAX_H
#include <busbar/json.h>

#define TAX_UNKNOWN (-1.0) /* a tax line that does not say its percentage */

struct tax_rate {
	double percent;
	int64_t net, tax;
};

struct taxes {
	struct bb_arena *arena;
	struct tax_rate *rates;
	uint32_t count, cap;
};

void tax_add(struct taxes *, double percent, int64_t net, int64_t tax);
/* Adds a session's price lines: lines of the kind `tax` are on top of what they say; an amount with
 * `included_tax_percent` has it in it; the rest is at 0 percent. */
void tax_add_lines(struct taxes *, const struct bb_json *lines);
int64_t tax_net(const struct taxes *), tax_tax(const struct taxes *);
/* Divides `gross`, which is more than 0 and not more than all of `of`, among its rates: all of it
 * is all of each, a part is in proportion. */
struct taxes tax_share(struct bb_arena *, const struct taxes *of, int64_t gross);

/* [{"percent", "net_minor", "tax_minor", "gross_minor"}], and back. */
const struct bb_json *tax_json(const struct taxes *);
void tax_add_json(struct taxes *, const struct bb_json *list);
#endif
