#include <criterion/criterion.h>

#include "busbarctl/fake.h"
#include "busbarctl/verb.h"
#include "json/json.h"

TestSuite(fields, .init = fake_begin, .fini = fake_end);
TestSuite(settings, .init = fake_begin, .fini = fake_end);
TestSuite(cells, .init = fake_begin, .fini = fake_end);

static const char *body_of(char **words, size_t count)
{
	struct bb_builder b = bb_build(ctl.arena);
	return fields_put(&ctl, &b, words, count) ? json_text(ctl.arena, bb_build_object(&b), NULL)
						  : NULL;
}

Test(fields, are_text_or_json_or_a_file)
{
	char *words[] = {"name=39 ct = day", "max_active:=2",     "user_id:=null",
			 "script=@there",    "password=12345678", "empty="};
	cr_assert_str_eq(body_of(words, 6),
			 "{\"name\":\"39 ct = day\",\"max_active\":2,\"user_id\":null,"
			 "\"script\":\"its text\",\"password\":\"12345678\",\"empty\":\"\"}");
}

Test(fields, that_are_malformed_are_refused)
{
	char *bad[] = {"name", "=x", "n:={", "script=@missing"};
	for (size_t i = 0; i < 4; i++)
		cr_expect_null(body_of(&bad[i], 1), "%s", bad[i]);
}

Test(settings, are_read_line_by_line_and_what_is_set_stays)
{
	ctl.key = "given";
	cr_assert(settings_line(&ctl, "# mine\n") && settings_line(&ctl, "\n"));
	cr_assert(settings_line(&ctl, "  url = \"https://a.example\" \n"));
	cr_assert(settings_line(&ctl, "key=other\n"));
	cr_expect_str_eq(ctl.url, "https://a.example");
	cr_expect_str_eq(ctl.key, "given");
	cr_expect_not(settings_line(&ctl, "color = red\n"));
	cr_expect_not(settings_line(&ctl, "url\n"));
}

static void expect_cell(const char *json, const char *cell)
{
	const struct bb_json *v;
	cr_assert_eq(json_parse(ctl.arena, json, strlen(json), &v, NULL), 0);
	cr_expect_str_eq(table_cell(&ctl, v), cell);
}

Test(cells, show_money_in_its_currencys_own_digits)
{
	expect_cell("{\"amount_minor\":1234,\"currency\":\"EUR\"}", "12.34 EUR");
	expect_cell("{\"amount_minor\":-5,\"currency\":\"EUR\"}", "-0.05 EUR");
	expect_cell("{\"amount_minor\":1234,\"currency\":\"JPY\"}", "1234 JPY");
	expect_cell("{\"amount_minor\":1234,\"currency\":\"KWD\"}", "1.234 KWD");
}

Test(cells, show_other_values_plainly)
{
	expect_cell("null", "-");
	expect_cell("\"a b\"", "a b");
	expect_cell("7", "7");
	expect_cell("true", "true");
	expect_cell("[1,2]", "1, 2");
	cr_expect_str_eq(table_cell(&ctl, NULL), "-");
}

static char printed[8192];

static void print_field(const char *name, const char *text)
{
	size_t len = strlen(printed);
	snprintf(printed + len, sizeof printed - len, "%s %s\n", name, text);
}

static const char *fields_of(const char *schema)
{
	*printed = '\0';
	known_fields(&ctl, &(struct verb){.fields = schema}, print_field);
	return printed;
}

Test(fields, are_told_as_the_servers_schemas_have_them)
{
	const char *text = fields_of("charger_new");
	cr_expect(strstr(text, "charge_point_id= text, needed; its identity in the URL\n"));
	cr_expect(
	    strstr(text, "station_id:= whole number or null; a station of the same operator\n"));
	cr_expect(strstr(text, "registration= accepted|pending|rejected; "));
	cr_expect(
	    strstr(fields_of("token_new"), "expires_at= time, as 2026-11-26T08:00:00Z or null"));
}

Test(fields, of_a_schema_that_is_not_there_are_none)
{
	cr_expect_str_empty(fields_of("nothing"));
	cr_expect_str_empty(fields_of(NULL));
}
