/* A set of scripts out of what there is and what is wanted. */
#include "scripts/change.h"

#include <criterion/criterion.h>

#include "base/arena.h"
#include "json/json.h"

static struct bb_arena *arena;
static struct change *c;

/* main 2 and lib 1 are active, main 3 is newer, old was deleted. */
static struct known known[] = {
    {"lib", "L", "L", 1, 1, 1, 1, false},
    {"main", "M3", "M2", 2, 2, 3, 2, false},
    {"old", "O", NULL, 1, 0, 4, 0, true},
};

static void setup(void)
{
	arena = arena_new(0);
	c = bb_zalloc(arena, sizeof *c);
	*c = (struct change){.arena = arena, .known = known, .known_count = 3};
}

static void teardown(void)
{
	arena_free(arena);
}

TestSuite(compose, .init = setup, .fini = teardown);

static const struct bb_json *json(const char *text)
{
	const struct bb_json *v;
	struct json_fault fault;
	cr_assert_eq(json_parse(arena, text, strlen(text), &v, &fault), 0);
	return v;
}

/* "lib:1 main:new" */
static const char *set(void)
{
	const char *text = "";
	cr_assert(compose(c), "%s", c->text);
	for (uint32_t i = 0; i < c->count; i++) {
		const struct item *it = &c->items[i];
		text = it->version
			   ? bb_printf(arena, "%s%s%s:%d", text, *text ? " " : "", it->name,
				       (int)it->version)
			   : bb_printf(arena, "%s%s%s:new", text, *text ? " " : "", it->name);
	}
	return text;
}

static void expect_refused(const char *path, const char *rule)
{
	cr_expect_not(compose(c));
	cr_expect_str_eq(c->status, "422");
	cr_expect_str_eq(c->path, path);
	cr_expect(strstr(c->rule, rule), "%s", c->rule);
}

Test(compose, new_texts_stand_beside_what_is_active)
{
	c->files =
	    json("[{\"name\":\"main\",\"source\":\"new\"},{\"name\":\"two\",\"source\":\"T\"}]");
	cr_assert_str_eq(set(), "lib:1 main:new two:new");
}

Test(compose, the_same_text_as_the_newest_is_that_version)
{
	c->files = json("[{\"name\":\"main\",\"source\":\"M3\"}]");
	cr_assert_str_eq(set(), "lib:1 main:3");
	c->files = json("[{\"name\":\"main\",\"source\":\"M2\"}]");
	cr_assert_str_eq(set(), "lib:1 main:new", "an older one comes again as a new one");
}

Test(compose, a_deleted_script_comes_back_as_a_new_version)
{
	c->replace = true;
	c->files = json("[{\"name\":\"old\",\"source\":\"O\"}]");
	cr_assert_str_eq(set(), "old:new");
}

Test(compose, what_replaces_stands_alone)
{
	c->replace = true;
	c->versions = json("[{\"name\":\"main\",\"version\":1}]");
	cr_assert_str_eq(set(), "main:1");
	cr_assert_null(set_find(c, "main")->source, "it must be read");
}

Test(compose, a_version_that_is_not_said_is_the_newest)
{
	c->versions = json("[{\"name\":\"main\"}]");
	cr_assert_str_eq(set(), "lib:1 main:3");
}

Test(compose, without_what_is_removed_and_with_nothing_if_that_is_main)
{
	c->removed = "lib";
	cr_assert_str_eq(set(), "main:2");
	c->removed = "main";
	cr_assert_str_eq(set(), "");
}

Test(compose, names_that_are_none_are_refused)
{
	static const char *const names[] = {"", "Main", "a.b", "../a", "a b"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		c->files = json(bb_printf(arena, "[{\"name\":\"%s\",\"source\":\"\"}]", names[i]));
		expect_refused("scripts[0].name", "is not made of");
	}
	c->files = json("[{\"name\":\"a\",\"source\":\"\"},{\"name\":\"a\",\"source\":\"\"}]");
	expect_refused("scripts[1].name", "twice");
	c->files = NULL;
	c->versions = json("[{\"name\":\"lib\"},{\"name\":\"nothing\"}]");
	expect_refused("versions[1].name", "names no script");
}

Test(compose, a_set_has_its_limit)
{
	struct bb_builder list = bb_build(arena);
	for (int i = 0; i <= 100; i++) {
		struct bb_builder b = bb_build(arena);
		bb_put_str(&b, "name", bb_printf(arena, "s%d", i));
		bb_put_str(&b, "source", "");
		bb_push(&list, *bb_build_object(&b));
	}
	c->files = bb_build_array(&list);
	expect_refused("scripts", "more than 100");
}
