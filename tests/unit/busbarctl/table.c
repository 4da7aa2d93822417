#include <criterion/criterion.h>

#include "busbarctl/fake.h"
#include "busbarctl/table.h"
#include "json/json.h"

TestSuite(tables, .init = fake_begin, .fini = fake_end);

#define COLUMNS 4u
#define ROWS 2u
static struct column columns[COLUMNS];
static const char *cells[ROWS * COLUMNS];
static struct table table;

/* Two rows of four columns. */
static struct table *given(const char *const names[COLUMNS], const char *const rows[ROWS * COLUMNS])
{
	table = (struct table){ctl.arena, columns, COLUMNS, cells, ROWS};
	memset(columns, 0, sizeof columns);
	for (size_t c = 0; c < COLUMNS; c++)
		columns[c].name = columns[c].title = names[c];
	for (size_t i = 0; i < ROWS * COLUMNS; i++)
		cells[i] = rows[i];
	table_measure(&table);
	return &table;
}

static void expect_hidden(const char *flags)
{
	for (size_t c = 0; c < COLUMNS; c++)
		cr_expect_eq(columns[c].hidden, flags[c] == 'x', "%s", columns[c].name);
}

static void expect_width(int most)
{
	int all = -2;
	for (size_t c = 0; c < COLUMNS; c++)
		all += columns[c].hidden ? 0 : columns[c].size + 2;
	cr_expect_leq(all, most, "%d", all);
}

static const char *const sessions[COLUMNS] = {"id", "started_at", "stopped_at", "price"};
static const char *const times[ROWS * COLUMNS] = {
    "1",
    "2026-11-27T02:13:40.360Z",
    "-",
    "5.45 EUR",
    "2",
    "2026-11-27T02:13:41.360Z",
    "2026-11-27T02:14:42.360Z",
    "5.45 EUR",
};

Test(tables, stay_as_they_are_where_there_is_room)
{
	table_fit(given(sessions, times), 80);
	cr_expect_str_eq(cells[1], times[1]);
	expect_hidden("    ");
}

Test(tables, give_up_parts_of_seconds_and_then_seconds_before_columns)
{
	table_fit(given(sessions, times), 60);
	cr_expect_str_eq(cells[1], "2026-11-27 02:13:40");
	cr_expect_str_eq(cells[2], "-");
	expect_hidden("    ");
	expect_width(60);
	table_fit(given(sessions, times), 50);
	cr_expect_str_eq(cells[6], "2026-11-27 02:14");
	expect_hidden("    ");
	expect_width(50);
}

Test(tables, hide_columns_that_are_missed_least_and_never_cut_an_amount)
{
	table_fit(given(sessions, times), 40);
	expect_hidden("  x ");
	expect_width(40);
	cr_expect_eq(columns[3].size, 8);
}

Test(tables, show_days_as_dates_and_hide_columns_without_a_value_first)
{
	static const char *const names[COLUMNS] = {"from", "to", "station_id", "sessions"};
	static const char *const rows[ROWS * COLUMNS] = {
	    "2026-11-27T00:00:00.000Z", "2026-11-28T00:00:00.000Z", "-", "4",
	    "2026-11-28T00:00:00.000Z", "2026-11-29T00:00:00.000Z", "-", "5",
	};
	table_fit(given(names, rows), 40);
	cr_expect_str_eq(cells[1], "2026-11-28");
	expect_hidden("  x ");
	cr_expect(table_is_empty(&table, 2));
	cr_expect_not(table_is_empty(&table, 1));
}

Test(tables, break_texts_before_they_hide_columns)
{
	static const char *const names[COLUMNS] = {"id", "error", "tries", "state"};
	static const char *const rows[ROWS * COLUMNS] = {
	    "1", "the mail server does not answer within thirty seconds",
	    "4", "dead",
	    "2", "-",
	    "1", "done",
	};
	given(names, rows);
	columns[1].has_text = true;
	table_fit(&table, 50);
	expect_hidden("    ");
	expect_width(50);
	cr_expect_eq(columns[1].size, 32, "%d: all the room there is", columns[1].size);
}

static void expect_cell(const char *object, const char *name, const char *title, const char *text)
{
	const struct bb_json *v;
	cr_assert_eq(json_parse(ctl.arena, object, strlen(object), &v, NULL), 0, "%s", object);
	struct cell c = cell_of(&ctl, v, name, NULL);
	cr_expect_str_eq(c.title, title);
	cr_expect_str_eq(c.text, text);
}

Test(tables, say_amounts_by_their_currencies)
{
	expect_cell("{\"price\": {\"amount_minor\": 545, \"currency\": \"EUR\"}}", "price", "price",
		    "5.45 EUR");
	expect_cell("{\"amount\": [{\"amount_minor\": 545, \"currency\": \"EUR\"},"
		    " {\"amount_minor\": 12, \"currency\": \"JPY\"}]}",
		    "amount", "amount", "5.45 EUR, 12 JPY");
	expect_cell("{\"total_minor\": 564, \"currency\": \"KWD\"}", "total_minor", "total",
		    "0.564 KWD");
	expect_cell("{\"limit_minor\": null, \"currency\": \"EUR\"}", "limit_minor", "limit", "-");
	expect_cell("{\"total_minor\": 564}", "total_minor", "total_minor", "564");
	expect_cell("{\"unit_price_minor\": 45, \"currency\": \"EUR\"}", "unit_price_minor",
		    "unit_price_minor", "45");
}

Test(tables, say_lists_by_their_words)
{
	expect_cell("{\"reasons\": [{\"kind\": \"command\", \"reason\": \"failed\", \"count\": 6},"
		    " {\"kind\": \"session\", \"reason\": null, \"count\": 1}]}",
		    "reasons", "reasons", "command failed 6, session 1");
	expect_cell("{\"events\": [\"a\", \"b\"]}", "events", "events", "a, b");
	expect_cell("{\"events\": []}", "events", "events", "-");
	expect_cell("{\"deep\": [{\"a\": [1]}]}", "deep", "deep", "{\"a\":[1]}");
	expect_cell("{\"settings\": {\"a\": 1}}", "settings", "settings", "{\"a\":1}");
}
