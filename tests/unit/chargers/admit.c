#include "chargers.h"

#include <criterion/criterion.h>

#include "base/arena.h"

/* A core that has one call and answers nothing else. */
static struct {
	struct bb_arena *arena;
	const struct bb_json *question, *answer;
	int64_t now_ms;
	int warnings;
	bool stored;
	struct charger *newcomer;
} core;

static struct config config = {.unknown = "reject"};
static struct chargers plugin;

static const struct bb_json *payload(const struct bb_call *call)
{
	(void)call;
	return core.question;
}

static struct bb_arena *arena(struct bb_call *call)
{
	(void)call;
	return core.arena;
}

static int reply(struct bb_call *call, const struct bb_json *v)
{
	(void)call;
	core.answer = v;
	return 0;
}

static int64_t now_ms(void)
{
	return core.now_ms;
}

static bool storage_healthy(void)
{
	return core.stored;
}

static void log_line(struct bb *me, enum bb_level level, const char *fmt, ...)
{
	(void)me;
	(void)fmt;
	core.warnings += level == BB_WARN;
}

struct charger *unknown_register(struct chargers *p, const char *id)
{
	(void)p;
	(void)id;
	return core.newcomer;
}

static const struct bb_api api = {
    .payload = payload,
    .arena = arena,
    .reply = reply,
    .now_ms = now_ms,
    .storage_healthy = storage_healthy,
    .log = log_line,
};

static void set_up(void)
{
	core.arena = arena_new(0);
	core.now_ms = 1000000;
	core.stored = true;
	plugin = (struct chargers){.api = &api, .cfg = &config, .sync = {.loaded = true}};
}

static void tear_down(void)
{
	registry_free(&plugin.registry);
	arena_free(core.arena);
}

TestSuite(admit, .init = set_up, .fini = tear_down);

static void register_charger(const char *id, int64_t profile, const char *password)
{
	struct facts f = {.id = 7,
			  .charge_point_id = id,
			  .operator_id = "acme",
			  .registration = "accepted",
			  .validation = "lenient",
			  .security_profile = profile};
	if (password)
		f.password_hash = password_hash(core.arena, password, strlen(password), 1000);
	registry_put(&plugin.registry, &f, 1);
}

static int64_t ask(const char *id, const char *authorization, bool tls)
{
	struct bb_builder b = bb_build(core.arena);
	bb_put_str(&b, "charge_point_id", id);
	bb_put_str(&b, "authorization", authorization);
	bb_put_str(&b, "remote", "192.0.2.1");
	bb_put_bool(&b, "tls", tls);
	core.question = bb_build_object(&b);
	cr_assert_eq(admit(NULL, &plugin), BB_DONE);
	return bb_json_get_int(core.answer, "status", 0);
}

Test(admit, lets_a_registered_charger_in_and_says_whose_it_is)
{
	register_charger("CP", 0, NULL);
	cr_assert_eq(ask("CP", NULL, false), 101);
	cr_expect_eq(bb_json_get_int(core.answer, "charger_id", 0), 7);
	cr_expect_str_eq(bb_json_get_str(core.answer, "operator_id", ""), "acme");
	cr_expect_str_eq(bb_json_get_str(core.answer, "validation", ""), "lenient");
}

Test(admit, asks_for_the_password_where_there_is_one)
{
	register_charger("CP", 1, "secret-secret");
	cr_expect_eq(ask("CP", NULL, false), 401);
	cr_expect_eq(ask("CP", "Basic Q1A6c2VjcmV0LXNlY3JldA==", false), 101);
	cr_expect_eq(ask("CP", "Basic Q1A6c2VjcmV0LXNlY3JldA==", false), 101);
	cr_expect_eq(ask("CP", "Basic Q1A6c2VjcmV0LXNlY3JlVA==", false), 401);
	cr_expect_eq(ask("CP", "Basic WFg6c2VjcmV0LXNlY3JldA==", false), 401, "another user");
}

Test(admit, does_not_lock_a_charger_out_that_tries_two_forms_of_its_password)
{
	register_charger("CP", 1, "secret-secret");
	for (int i = 0; i < 10; i++) {
		cr_expect_eq(ask("CP", "Basic Q1A6eA==", false), 401);
		cr_expect_eq(ask("CP", "Basic Q1A6c2VjcmV0LXNlY3JldA==", false), 101);
	}
}

Test(admit, tells_of_wrong_passwords_once_a_minute)
{
	register_charger("CP", 1, "secret-secret");
	for (int i = 0; i < 5; i++)
		ask("CP", "Basic Q1A6eA==", false);
	cr_expect_eq(core.warnings, 1);
	core.now_ms += 60000;
	ask("CP", "Basic Q1A6eA==", false);
	cr_expect_eq(core.warnings, 2);
}

Test(admit, asks_for_tls_where_the_security_profile_does)
{
	register_charger("CP", 2, "secret-secret");
	cr_expect_eq(ask("CP", "Basic Q1A6c2VjcmV0LXNlY3JldA==", false), 403);
	cr_expect_eq(ask("CP", "Basic Q1A6c2VjcmV0LXNlY3JldA==", true), 101);
}

Test(admit, refuses_those_that_nobody_registered)
{
	cr_expect_eq(ask("CP", NULL, false), 404);
	cr_expect_eq(ask("", NULL, false), 404);
	cr_expect_eq(ask("a\nb", NULL, false), 404);
}

Test(admit, lets_unknown_ones_in_where_that_is_configured_and_can_be_stored)
{
	struct charger c = {.facts = {9, "CP", "default", "pending", "strict", 0, NULL}};
	plugin.cfg = &(struct config){.unknown = "pending"};
	cr_expect_eq(ask("CP", NULL, false), 503, "no id at hand");
	core.newcomer = &c;
	cr_expect_eq(ask("CP", NULL, false), 101);
	core.stored = false;
	cr_expect_eq(ask("CP", NULL, false), 503);
}

Test(admit, waits_until_the_chargers_are_loaded)
{
	register_charger("CP", 0, NULL);
	plugin.sync.loaded = false;
	cr_expect_eq(ask("CP", NULL, false), 503);
}
