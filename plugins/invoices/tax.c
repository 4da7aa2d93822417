#include "tax.h"

#include <math.h>

static struct tax_rate *rate_of(struct taxes *t, double percent)
{
	for (uint32_t i = 0; i < t->count; i++)
		if (fabs(t->rates[i].percent - percent) < 1e-9)
			return &t->rates[i];
	if (t->count == t->cap) {
		struct tax_rate *old = t->rates;
		t->cap = t->cap ? t->cap * 2 : 4;
		t->rates = bb_alloc(t->arena, t->cap * sizeof *t->rates);
		if (old)
			memcpy(t->rates, old, t->count * sizeof *old);
	}
	t->rates[t->count] = (struct tax_rate){percent, 0, 0};
	return &t->rates[t->count++];
}

void tax_add(struct taxes *t, double percent, int64_t net, int64_t tax)
{
	struct tax_rate *rate = rate_of(t, percent);
	rate->net += net;
	rate->tax += tax;
}

/* n * part / whole to the nearest, halves away from zero. */
static int64_t portion(int64_t n, int64_t part, int64_t whole)
{
	__int128 product = (__int128)n * part, half = whole / 2;
	return (int64_t)((product < 0 ? product - half : product + half) / whole);
}

static double number(const struct bb_json *line, const char *key, double other)
{
	return bb_json_real(bb_json_get(line, key), other);
}

static bool is_tax(const struct bb_json *line)
{
	return !strcmp(bb_json_get_str(line, "kind", ""), "tax");
}

/* A line `19 %` of a hundredth of what is taxed. Returns what it is on top of. */
static int64_t add_on_top(struct taxes *t, const struct bb_json *line, int64_t rest)
{
	bool told = !strcmp(bb_json_get_str(line, "unit", ""), "%");
	double percent = told ? number(line, "quantity", TAX_UNKNOWN) : TAX_UNKNOWN;
	double base = told ? number(line, "unit_price_minor", NAN) * 100 : NAN;
	int64_t net = fabs(base) < 1e15 ? llround(base) : rest;
	tax_add(t, percent, net, bb_json_get_int(line, "amount_minor", 0));
	return net;
}

/* A tax in the prices is computed from all of a session at that rate. */
static void split_included(struct taxes *into, const struct taxes *included)
{
	for (uint32_t i = 0; i < included->count; i++) {
		const struct tax_rate *r = &included->rates[i];
		int64_t scaled = llround(r->percent * 10000);
		int64_t tax = portion(r->net, scaled, 1000000 + scaled);
		tax_add(into, r->percent, r->net - tax, tax);
	}
}

void tax_add_lines(struct taxes *t, const struct bb_json *lines)
{
	struct taxes included = {.arena = t->arena};
	int64_t rest = 0;
	for (uint32_t i = 0; i < bb_json_count(lines); i++) {
		const struct bb_json *line = bb_json_at(lines, i);
		int64_t amount = bb_json_get_int(line, "amount_minor", 0);
		double percent = number(line, "included_tax_percent", 0);
		if (is_tax(line))
			continue;
		if (percent > 0)
			tax_add(&included, percent, amount, 0);
		else
			rest += amount;
	}
	for (uint32_t i = 0; i < bb_json_count(lines); i++)
		if (is_tax(bb_json_at(lines, i)))
			rest -= add_on_top(t, bb_json_at(lines, i), rest);
	split_included(t, &included);
	if (rest)
		tax_add(t, 0, rest, 0);
}

int64_t tax_net(const struct taxes *t)
{
	int64_t sum = 0;
	for (uint32_t i = 0; i < t->count; i++)
		sum += t->rates[i].net;
	return sum;
}

int64_t tax_tax(const struct taxes *t)
{
	int64_t sum = 0;
	for (uint32_t i = 0; i < t->count; i++)
		sum += t->rates[i].tax;
	return sum;
}

static int64_t gross_of(const struct tax_rate *r)
{
	return r->net + r->tax;
}

struct taxes tax_share(struct bb_arena *a, const struct taxes *of, int64_t gross)
{
	struct taxes share = {.arena = a};
	bool all = gross == tax_net(of) + tax_tax(of);
	int64_t whole = 0, left = gross;
	for (uint32_t i = 0; i < of->count; i++)
		if (gross_of(&of->rates[i]) > 0)
			whole += gross_of(&of->rates[i]);
	for (uint32_t i = 0; i < of->count; i++) {
		const struct tax_rate *r = &of->rates[i];
		int64_t size = gross_of(r);
		if (all) {
			tax_add(&share, r->percent, r->net, r->tax);
		} else if (size > 0) {
			/* Of what is left among those that are left: the last takes the rest. */
			int64_t part = portion(left, size, whole);
			int64_t tax = portion(r->tax, part, size);
			tax_add(&share, r->percent, part - tax, tax);
			left -= part;
			whole -= size;
		}
	}
	return share;
}

const struct bb_json *tax_json(const struct taxes *t)
{
	struct bb_builder list = bb_build(t->arena);
	for (uint32_t i = 0; i < t->count; i++) {
		const struct tax_rate *r = &t->rates[i];
		struct bb_builder b = bb_build(t->arena);
		bb_put(&b, "percent",
		       r->percent < 0 ? bb_json_make_null() : bb_json_make_real(r->percent));
		bb_put_int(&b, "net_minor", r->net);
		bb_put_int(&b, "tax_minor", r->tax);
		bb_put_int(&b, "gross_minor", gross_of(r));
		bb_push(&list, *bb_build_object(&b));
	}
	return bb_build_array(&list);
}

void tax_add_json(struct taxes *t, const struct bb_json *list)
{
	for (uint32_t i = 0; i < bb_json_count(list); i++) {
		const struct bb_json *v = bb_json_at(list, i);
		tax_add(t, number(v, "percent", TAX_UNKNOWN), bb_json_get_int(v, "net_minor", 0),
			bb_json_get_int(v, "tax_minor", 0));
	}
}
