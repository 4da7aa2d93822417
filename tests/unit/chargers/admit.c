#include "credentials.h"

#include <criterion/criterion.h>

#include "base/arena.h"

/* A core that has one call and answers nothing else. */
static struct {
	struct bb_arena *arena;
	const struct bb_json *question, *answer;
	int64_t now_ms;
	int warnings, units;
	const struct bb_json *told;
	bool stored;
	struct charger *newcomer;
} core;

static struct config config = {
    .unknown = "reject",
    .password_iterations = 1000,
    .password_delay_ms = 1000,
    .password_delay_most_ms = 60000,
    .new_passwords = "hex",
    .certificate_name = "identity",
};
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

static struct bb_arena *new_arena(void)
{
	return arena_new(0);
}

static void free_arena(struct bb_arena *a)
{
	arena_free(a);
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

/* Storage that takes everything and never comes back. */
static struct bb_unit *begin(struct bb *me)
{
	(void)me;
	core.units++;
	return NULL;
}

static int add(struct bb_unit *u, const struct bb_query *q, uint32_t n, const struct bb_val *v,
	       bb_rows_fn *fn, void *arg)
{
	(void)u, (void)q, (void)n, (void)v, (void)fn, (void)arg;
	return 0;
}

static int commit(struct bb_unit *u, bb_rows_fn *fn, void *arg)
{
	(void)u, (void)fn, (void)arg;
	return 0;
}

static int emit(struct bb *me, struct bb_unit *u, const char *topic, const struct bb_json *v)
{
	(void)me, (void)u, (void)topic;
	core.told = v;
	return 0;
}

static const char *time_format(struct bb_arena *a, int64_t ms)
{
	return bb_printf(a, "%lld", (long long)ms);
}

void sync_rows(struct chargers *p, const struct bb_rows *rows)
{
	(void)p, (void)rows;
}

static const struct bb_api api = {
    .begin = begin,
    .add = add,
    .commit = commit,
    .emit = emit,
    .time_format = time_format,
    .arena_new = new_arena,
    .arena_free = free_arena,
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
	memset(&plugin, 0, sizeof plugin);
	plugin.api = &api;
	plugin.cfg = &config;
}

static void tear_down(void)
{
	registry_free(&plugin.registry);
	arena_free(core.arena);
}

TestSuite(admit, .init = set_up, .fini = tear_down);

static struct charger *put(const struct facts *given)
{
	struct facts f = *given;
	f.id = 7;
	f.operator_id = "acme";
	f.registration = "accepted";
	f.validation = "lenient";
	registry_put(&plugin.registry, &f, 1);
	return registry_find(&plugin.registry, f.charge_point_id);
}

static const char *hash_of(const char *password)
{
	return password_hash(core.arena, password, strlen(password), 1000);
}

static struct charger *register_charger(const char *id, int64_t profile, const char *password)
{
	return put(&(struct facts){.charge_point_id = id,
				   .security_profile = profile,
				   .password_hash = password ? hash_of(password) : NULL});
}

struct knock {
	const char *authorization, *remote, *certificate;
	bool tls;
};

static int64_t knock(const char *id, const struct knock *k)
{
	struct bb_builder b = bb_build(core.arena);
	bb_put_str(&b, "charge_point_id", id);
	bb_put_str(&b, "authorization", k->authorization);
	bb_put_str(&b, "remote", k->remote ? k->remote : "192.0.2.1");
	bb_put_bool(&b, "tls", k->tls);
	bb_put_json(&b, "client_certificate",
		    k->certificate
			? bb_json_one(core.arena, "common_name", bb_json_make_str(k->certificate))
			: NULL);
	core.question = bb_build_object(&b);
	cr_assert_eq(admit(NULL, &plugin), BB_DONE);
	return bb_json_get_int(core.answer, "status", 0);
}

static int64_t ask(const char *id, const char *authorization, bool tls)
{
	return knock(id, &(struct knock){.authorization = authorization, .tls = tls});
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
	struct config other = config;
	other.unknown = "pending";
	plugin.cfg = &other;
	cr_expect_eq(ask("CP", NULL, false), 503, "no id at hand");
	core.newcomer = &c;
	cr_expect_eq(ask("CP", NULL, false), 101);
	core.stored = false;
	cr_expect_eq(ask("CP", NULL, false), 503);
}

#define RIGHT "Basic Q1A6c2VjcmV0LXNlY3JldA=="
#define NEW "Basic Q1A6bmV3LXNlY3JldC1uZXc="
#define WRONG "Basic Q1A6eA=="

Test(admit, wants_a_certificate_of_the_chargers_name_in_profile_3)
{
	register_charger("CP", 3, NULL);
	cr_expect_eq(knock("CP", &(struct knock){.tls = true, .certificate = "CP"}), 101);
	cr_expect_eq(knock("CP", &(struct knock){.tls = true, .certificate = "XY"}), 403);
	cr_expect_eq(knock("CP", &(struct knock){.tls = true, .certificate = ""}), 403);
	cr_expect_eq(knock("CP", &(struct knock){.tls = true}), 403);
	cr_expect_eq(knock("CP", &(struct knock){.authorization = RIGHT}), 403);
}

Test(admit, takes_the_serial_number_for_a_name_where_that_is_configured)
{
	struct config other = config;
	plugin.cfg = &other;
	put(&(struct facts){
	    .charge_point_id = "CP", .security_profile = 3, .serial_number = "SN-1"});
	const struct knock by_serial = {.tls = true, .certificate = "SN-1"};
	const struct knock by_identity = {.tls = true, .certificate = "CP"};
	cr_expect_eq(knock("CP", &by_serial), 403);
	other.certificate_name = "serial";
	cr_expect_eq(knock("CP", &by_serial), 101);
	cr_expect_eq(knock("CP", &by_identity), 403);
	other.certificate_name = "either";
	cr_expect_eq(knock("CP", &by_serial), 101);
	cr_expect_eq(knock("CP", &by_identity), 101);
}

Test(admit, requires_the_agreed_profile_once_it_was_used)
{
	put(&(struct facts){.charge_point_id = "CP",
			    .security_profile = 1,
			    .pending_profile = 2,
			    .password_hash = hash_of("secret-secret")});
	cr_expect_eq(ask("CP", RIGHT, false), 101, "the old one still works");
	cr_expect_eq(ask("CP", RIGHT, true), 101);
	cr_expect_eq(ask("CP", RIGHT, false), 403, "and does so no more");
}

Test(admit, lets_a_charger_into_profile_3_that_was_asked_to_and_promotes_what_was_agreed)
{
	struct charger *c = put(&(struct facts){.charge_point_id = "CP",
						.security_profile = 2,
						.pending_profile = -3,
						.password_hash = hash_of("secret-secret")});
	const struct knock mutual = {.tls = true, .certificate = "CP"};
	cr_expect_eq(knock("CP", &mutual), 101);
	cr_expect_eq(ask("CP", RIGHT, true), 101, "its answer is not known yet");
	c->facts.pending_profile = 3;
	cr_expect_eq(ask("CP", RIGHT, true), 101, "agreed, not used");
	cr_expect_eq(knock("CP", &mutual), 101);
	cr_expect_eq(ask("CP", RIGHT, true), 403);
}

static struct charger *with_pending(const char *state)
{
	return put(&(struct facts){
	    .charge_point_id = "CP",
	    .security_profile = 1,
	    .password_hash = hash_of("secret-secret"),
	    .pending = bb_printf(core.arena, "4:%s:%s", state, hash_of("new-secret-new"))});
}

Test(admit, takes_either_password_while_the_answer_is_open_and_the_first_used_wins)
{
	with_pending("open");
	cr_expect_eq(ask("CP", NEW, false), 101);
	cr_expect_eq(ask("CP", RIGHT, false), 401);
	cr_expect_eq(ask("CP", NEW, false), 101);
	with_pending("open");
	cr_expect_eq(ask("CP", RIGHT, false), 101);
	cr_expect_eq(ask("CP", NEW, false), 401);
}

Test(admit, takes_both_passwords_until_the_reboot_that_was_announced)
{
	with_pending("taken");
	cr_expect_eq(ask("CP", RIGHT, false), 101);
	cr_expect_eq(ask("CP", RIGHT, false), 101);
	cr_expect_eq(ask("CP", NEW, false), 101);
	cr_expect_eq(ask("CP", RIGHT, false), 401);
}

Test(admit, takes_no_password_that_has_not_been_sent)
{
	struct charger *c = with_pending("asked");
	c->unsent_from = 4;
	cr_expect_eq(ask("CP", NEW, false), 401);
	struct bb_builder b = bb_build(core.arena);
	bb_put_str(&b, "key", "authorizationKey");
	bb_put_str(&b, "value", "new-secret-new");
	struct config other = config;
	other.new_passwords = "text";
	plugin.cfg = &other;
	const struct bb_ask change = {.charge_point_id = "CP", .payload = bb_build_object(&b)};
	const struct bb_json *errors = NULL;
	cr_expect_eq(configuration_check(&change, core.arena, &errors, &plugin), 0);
	cr_expect_eq(ask("CP", NEW, false), 101, "it is on its way");
}

Test(admit, slows_guessing_down_and_lets_the_charger_itself_in)
{
	register_charger("CP", 1, "secret-secret");
	int tried = 0;
	while (ask("CP", WRONG, false) == 401 && tried < 1000)
		tried++;
	cr_expect_lt(tried, 20);
	cr_expect_eq(ask("CP", WRONG, false), 429);
	cr_expect_gt(bb_json_get_int(core.answer, "retry_after_s", 0), 0);
	cr_expect_eq(ask("CP", RIGHT, false), 429, "not even looked at");
	cr_expect_eq(knock("CP", &(struct knock){.authorization = RIGHT, .remote = "192.0.2.9"}),
		     101);
	cr_expect_eq(ask("CP", RIGHT, false), 101, "known by now");
	core.now_ms += 60001;
	cr_expect_eq(ask("CP", WRONG, false), 401);
}

Test(admit, takes_no_header_of_another_user_for_a_guess)
{
	int refused = 0;
	for (int i = 0; i < 200; i++) {
		const char *id = bb_printf(core.arena, "CP%d", i);
		register_charger(id, 1, "secret-secret");
		refused += ask(id, "Basic Q1A6eA==", false) == 429;
	}
	cr_expect_eq(refused, 0, "another user's header is no guess");
}

Test(admit, tells_why_it_refused)
{
	register_charger("CP", 2, "secret-secret");
	ask("CP", RIGHT, false);
	cr_expect_str_eq(bb_json_get_str(core.told, "reason", ""), "no_tls");
	cr_expect_str_eq(bb_json_get_str(core.told, "remote", ""), "192.0.2.1");
	cr_expect_eq(bb_json_get_int(core.told, "count", 0), 1);
}
