/* How a table gives way to the width of a terminal: what is lost least goes first. */
#include "busbarctl/table.h"

#include <ctype.h>

#include "base/arena.h"

#define TEXT_LEAST 24
#define NARROWEST 8
#define KEPT 2 /* columns at the left that are never hidden */

static const char time_form[] = "0000-00-00T00:00:00.000Z";
static const char midnight[] = "T00:00:00.000Z";
enum { DAY = 10, MINUTES = 16, SECONDS = 19 };

/* Those that a reader misses least, first. */
static const char *const yielding[] = {
    "language",
    "ocpp",
    "to",
    "tries",
    "model",
    "vendor",
    "stopped_at",
    "remote",
    "made_by",
    "parent_id_tag",
    "tax",
    "included_tax_percent",
    "unit_price_minor",
    "request_id",
    "command_id",
    "log_type",
    "file_id",
    "requested_by",
    "asked_at",
    "accepted_at",
    "confirmed_at",
    "deadline_at",
    "charger_id",
    "operator_id",
    "station_id",
    "connector_id",
    "known_s",
    "connectors",
    "max_active",
    "taken_back",
    "credited_minor",
    "subscription_id",
    "cut_off_by",
    "gateway",
    "updated_at",
    "created_at",
    "refunded",
    "id_tag",
};

static int too_wide(const struct table *t, int most)
{
	int all = -2;
	for (size_t c = 0; c < t->count; c++)
		all += t->columns[c].hidden ? 0 : t->columns[c].size + 2;
	return all > most ? all - most : 0;
}

static const char **cell_at(const struct table *t, size_t row, size_t c)
{
	return &t->cells[row * t->count + c];
}

static bool is_none(const char *text)
{
	return !strcmp(text, "-");
}

static bool is_time(const char *text)
{
	size_t i = 0;
	for (; time_form[i] && text[i]; i++)
		if (time_form[i] == '0' ? !isdigit((unsigned char)text[i])
					: text[i] != time_form[i])
			return false;
	return time_form[i] == text[i];
}

typedef bool cell_is(const char *text);

/* Of what each cell is that is one; `ret_some`: there is one. */
static bool all_are(const struct table *t, size_t c, cell_is *is, bool *ret_some)
{
	*ret_some = false;
	for (size_t row = 0; row < t->rows; row++) {
		const char *text = *cell_at(t, row, c);
		if (!is_none(text) && !is(text))
			return false;
		*ret_some |= !is_none(text);
	}
	return true;
}

static bool is_midnight(const char *text)
{
	return is_time(text) && !strcmp(text + DAY, midnight);
}

/* "2026-11-27 02:13" */
static void shorten(struct table *t, size_t c, size_t len)
{
	for (size_t row = 0; row < t->rows; row++) {
		const char **cell = cell_at(t, row, c);
		if (is_none(*cell))
			continue;
		char *text = bb_strndup(t->arena, *cell, len);
		if (len > DAY)
			text[DAY] = ' ';
		*cell = text;
	}
}

/* Days to their dates, and then other times as far as it needs. */
static void shorten_times(struct table *t, int most)
{
	bool times[t->count];
	for (size_t c = 0; c < t->count; c++) {
		bool some;
		times[c] = all_are(t, c, is_time, &some) && some;
		if (times[c] && all_are(t, c, is_midnight, &some)) {
			shorten(t, c, DAY);
			times[c] = false;
		}
	}
	table_measure(t);
	for (size_t len = SECONDS; too_wide(t, most) && len >= MINUTES; len -= SECONDS - MINUTES) {
		for (size_t c = 0; c < t->count; c++)
			if (times[c])
				shorten(t, c, len);
		table_measure(t);
	}
}

bool table_is_empty(const struct table *t, size_t c)
{
	bool some;
	return all_are(t, c, is_none, &some) && !some;
}

static void hide_empty(struct table *t, int most)
{
	for (size_t c = t->count; t->rows && too_wide(t, most) && c-- > 1;)
		t->columns[c].hidden = table_is_empty(t, c);
}

static void hide_yielding(struct table *t, int most)
{
	for (size_t i = 0; too_wide(t, most) && i < sizeof yielding / sizeof *yielding; i++)
		for (size_t c = 1; c < t->count; c++)
			if (!strcmp(t->columns[c].name, yielding[i]))
				t->columns[c].hidden = true;
	for (size_t c = t->count; too_wide(t, most) && c-- > KEPT;)
		t->columns[c].hidden = true;
}

static struct column *widest(struct table *t, bool texts, int least)
{
	struct column *found = NULL;
	for (size_t c = 0; c < t->count; c++) {
		struct column *one = &t->columns[c];
		bool may = !one->hidden && (!texts || one->has_text) && one->size > least &&
			   one->size > (texts ? table_width(one->title) : 0);
		if (may && (!found || one->size > found->size))
			found = one;
	}
	return found;
}

static void narrow(struct table *t, int most, bool texts, int least)
{
	struct column *one;
	for (int excess = too_wide(t, most); excess && (one = widest(t, texts, least)); excess--)
		one->size--;
}

/* Texts that were broken for columns that were hidden then. */
static void widen_texts(struct table *t, int most)
{
	for (size_t c = 0; c < t->count; c++) {
		struct column *one = &t->columns[c];
		while (!one->hidden && one->size < one->whole && !too_wide(t, most - 1))
			one->size++;
	}
}

void table_fit(struct table *t, int most)
{
	if (too_wide(t, most))
		shorten_times(t, most);
	hide_empty(t, most);
	narrow(t, most, true, TEXT_LEAST);
	hide_yielding(t, most);
	narrow(t, most, true, NARROWEST);
	narrow(t, most, false, NARROWEST);
	widen_texts(t, most);
}
