#include <criterion/criterion.h>

#include "busbarctl/fake.h"
#include "busbarctl/verb.h"

TestSuite(verbs, .init = fake_begin, .fini = fake_end);

static void expect_takes(const char *args, size_t least, size_t most)
{
	const struct verb v = {.args = args};
	for (size_t n = 0; n < 8; n++)
		cr_expect_eq(verb_takes(&v, n), n >= least && n <= most, "\"%s\", %zu words",
			     args ? args : "", n);
}

Test(verbs, take_as_many_words_as_their_table_says)
{
	expect_takes(NULL, 0, 0);
	expect_takes("CHARGER CONNECTOR ID_TAG", 3, 3);
	expect_takes("CHARGER ACTION [PAYLOAD]", 2, 3);
	expect_takes("[FILTER=VALUE ...]", 0, 99);
	expect_takes("ID FIELD ...", 2, 99);
	expect_takes("SCRIPT[=VERSION] ... [FIELD ...]", 1, 99);
	expect_takes("[NUMBER] [FIELD ...]", 0, 99);
}

static void expect_word(const char *args, size_t i, const char *word)
{
	const struct verb v = {.args = args};
	const char *got = verb_word(ctl.arena, &v, i);
	cr_expect(word ? got && !strcmp(got, word) : !got, "\"%s\", word %zu: %s", args, i,
		  got ? got : "none");
}

Test(verbs, know_what_each_word_is)
{
	expect_word("CHARGER ACTION [PAYLOAD]", 0, "CHARGER");
	expect_word("CHARGER ACTION [PAYLOAD]", 2, "PAYLOAD");
	expect_word("CHARGER ACTION [PAYLOAD]", 3, NULL);
	expect_word("FILE|DIR [FIELD ...]", 0, "FILE|DIR");
	expect_word("FILE|DIR [FIELD ...]", 5, "FIELD");
	expect_word(NULL, 0, NULL);
}

Test(verbs, that_are_misspelt_are_told_the_nearest)
{
	static const struct verb below[] = {{.name = "list"}, {.name = "show"}};
	static const struct verb all[] = {{.name = "tariffs", .verbs = below, .verb_count = 2}};
	struct verb_list list = {all, 1};
	size_t taken;
	char *wrong[] = {(char *)"tarifs"}, *half[] = {(char *)"tariffs"};
	char *below_wrong[] = {(char *)"tariffs", (char *)"shwo"};
	cr_expect_null(verb_of(&ctl, list, wrong, 1, &taken));
	cr_expect(strstr(complaint, "did you mean \"tariffs\""), "%s", complaint);
	cr_expect_null(verb_of(&ctl, list, half, 1, &taken));
	cr_expect(strstr(complaint, "tariffs what? list, show"), "%s", complaint);
	cr_expect_null(verb_of(&ctl, list, below_wrong, 2, &taken));
	cr_expect(strstr(complaint, "did you mean \"show\""), "%s", complaint);
}
