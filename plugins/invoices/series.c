#include "series.h"

#define YEAR "{year}"

static const struct {
	const char *kind, *member, *fallback;
} prefixes[] = {
    {"invoice", "invoice_prefix", YEAR "-"},
    {"credit_note", "credit_note_prefix", "C" YEAR "-"},
    {"receipt", "receipt_prefix", "R" YEAR "-"},
};
#define PREFIXES (sizeof prefixes / sizeof *prefixes)

static const char *prefix(const struct bb_json *issuer, size_t i)
{
	return bb_json_get_str(issuer, prefixes[i].member, prefixes[i].fallback);
}

const char *series_of(struct bb_arena *a, const struct bb_json *issuer, const char *kind,
		      const char *year)
{
	size_t i = 0;
	while (i + 1 < PREFIXES && strcmp(prefixes[i].kind, kind) != 0)
		i++;
	const char *text = prefix(issuer, i), *at = strstr(text, YEAR);
	if (!at)
		return text;
	return bb_printf(a, "%.*s%s%s", (int)(at - text), text, year, at + strlen(YEAR));
}

/* Letters, digits and "-./_ ", and the year once. A digit at the end would run into the number. */
static bool is_prefix(struct bb_arena *a, const char *text)
{
	const char *at = strstr(text, YEAR);
	if (at)
		text = bb_printf(a, "%.*s0%s", (int)(at - text), text, at + strlen(YEAR));
	size_t len = strlen(text);
	size_t fine = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				   "0123456789-./_ ");
	return len && fine == len && !strchr("0123456789 ", text[len - 1]);
}

const char *series_fault(struct bb_arena *a, const struct bb_json *issuer, const char **ret_path)
{
	for (size_t i = 0; i < PREFIXES; i++) {
		*ret_path = prefixes[i].member;
		if (!is_prefix(a, prefix(issuer, i)))
			return "is not of letters, digits, \"-./_ \" and one " YEAR
			       ", or ends in a digit or blank";
		for (size_t j = 0; j < i; j++)
			if (!strcmp(prefix(issuer, i), prefix(issuer, j)))
				return "is another kind's as well";
	}
	return NULL;
}
