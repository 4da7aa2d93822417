/* The service, over an api that writes down what is added to a unit. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "private.h"
#include "token.h"

static struct {
	uint32_t count;
	struct bb_val v[8];
	char texts[8][128];
} added;

static int64_t now_ms(void)
{
	return 1000;
}

static const char *time_format(struct bb_arena *a, int64_t ms)
{
	return bb_printf(a, "%lld", (long long)ms);
}

static int add(struct bb_unit *unit, const struct bb_query *q, uint32_t n, const struct bb_val *v,
	       bb_rows_fn *fn, void *arg)
{
	(void)unit;
	(void)q;
	(void)fn;
	(void)arg;
	added.count++;
	for (uint32_t i = 0; i < n; i++) {
		added.v[i] = v[i];
		if (v[i].type == BB_TEXT)
			snprintf(added.texts[i], sizeof added.texts[i], "%s", v[i].s);
	}
	return 0;
}

static struct bb_arena *new_arena(void)
{
	return arena_new(0);
}

static void free_arena(struct bb_arena *a)
{
	arena_free(a);
}

static const struct bb_api api = {.size = sizeof api,
				  .now_ms = now_ms,
				  .time_format = time_format,
				  .arena_new = new_arena,
				  .arena_free = free_arena,
				  .add = add};
static struct config config;
static struct files files = {.api = &api, .cfg = &config};
static struct bb_arena *arena;
static const char *url, *error;

static void setup(void)
{
	arena = arena_new(0);
	config.base_url = "https://csms.example:8443/";
	service_bind(&files);
	url = error = NULL;
}

static void teardown(void)
{
	arena_free(arena);
}

TestSuite(service, .init = setup, .fini = teardown);

static const struct bb_file_offer offer = {
    .file_id = 7, .charger_id = 3, .name = "fw 1.bin", .ref = "firmware/1", .valid_until_ms = 5000};
static const struct bb_file_wish wish = {
    .charger_id = 3, .purpose = "log", .max_bytes = 500, .valid_until_ms = 5000};

/* The token in the URL, which is not what is stored. */
static void expect_token(const char *text)
{
	char token[TOKEN_SIZE], hash[HEX_SIZE];
	cr_assert_eq(sscanf(text, "https://csms.example:8443/files/%40[a-z2-7]", token), 1, "%s",
		     text);
	cr_assert_eq(strlen(token), TOKEN_SIZE - 1);
	token_hash(hash, token);
	cr_expect_str_eq(added.texts[0], hash);
}

Test(service, offers_a_file_by_a_url_of_which_it_stores_a_hash)
{
	cr_assert_eq(files_service.offer(NULL, &offer, arena, &url, &error), 0);
	expect_token(url);
	cr_expect_str_eq(strrchr(url, '/'), "/fw%201.bin");
	cr_expect_eq(added.v[1].i, 3);
	cr_expect_eq(added.v[2].i, 7);
	cr_expect_str_eq(added.texts[3], "firmware/1");
	cr_expect_str_eq(added.texts[4], "5000");
	const char *first = url;
	files_service.offer(NULL, &offer, arena, &url, NULL);
	cr_expect_str_neq(first, url);
}

Test(service, receives_a_file_by_a_url_without_a_name)
{
	cr_assert_eq(files_service.receive(NULL, &wish, arena, &url, &error), 0);
	expect_token(url);
	cr_expect_eq(strlen(strrchr(url, '/')), TOKEN_SIZE);
	cr_expect_str_eq(added.texts[2], "log");
	cr_expect_eq(added.v[3].type, BB_NULL);
	cr_expect_eq(added.v[4].i, 500);
}

Test(service, names_the_option_that_it_misses)
{
	config.base_url = "";
	cr_expect_eq(files_service.offer(NULL, &offer, arena, &url, &error), -EDESTADDRREQ);
	cr_expect(strstr(error, "files.base_url"));
	cr_expect_eq(files_service.receive(NULL, &wish, arena, &url, NULL), -EDESTADDRREQ);
	cr_expect_eq(added.count, 0);
	cr_expect_null(url);
}

Test(service, refuses_names_and_purposes_that_are_none)
{
	struct bb_file_offer o = offer;
	struct bb_file_wish w = wish;
	o.name = "a/b";
	w.purpose = "A log";
	cr_expect_eq(files_service.offer(NULL, &o, arena, &url, &error), -EINVAL);
	cr_expect_eq(files_service.receive(NULL, &w, arena, &url, &error), -EINVAL);
	cr_expect_eq(added.count, 0);
}

Test(service, withdraws_by_the_word_of_who_made_the_url)
{
	files_service.withdraw(NULL, "firmware/1");
	cr_expect_str_eq(added.texts[0], "firmware/1");
	cr_expect_str_eq(added.texts[1], "1000");
}

Test(base_url, is_of_http_or_https_with_a_host)
{
	static const char *const good[] = {"", "http://a", "https://a:1/", "https://[::1]:8443/x"};
	static const char *const bad[] = {"a",          "ftp://a",    "https://",
					  "https:///x", "http://a b", "http://a?x"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		cr_expect(base_url_is_good(good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(base_url_is_good(bad[i]), "%s", bad[i]);
}
