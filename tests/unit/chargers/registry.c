#include "registry.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct registry r;

static void tear_down(void)
{
	registry_free(&r);
}

TestSuite(registry, .fini = tear_down);

static struct facts facts(const char *id)
{
	return (struct facts){.id = 1,
			      .charge_point_id = id,
			      .operator_id = "default",
			      .registration = "accepted",
			      .validation = "strict"};
}

Test(registry, finds_each_of_many)
{
	char id[32];
	cr_assert_null(registry_find(&r, "CP0"));
	for (int64_t i = 0; i < 5000; i++) {
		snprintf(id, sizeof id, "CP%d", (int)i);
		struct facts f = facts(id);
		f.id = i;
		cr_assert_not(registry_put(&r, &f, 1));
	}
	for (int64_t i = 0; i < 5000; i++) {
		snprintf(id, sizeof id, "CP%d", (int)i);
		cr_assert_eq(registry_find(&r, id)->facts.id, i);
	}
	cr_assert_eq(r.count, 5000);
	cr_assert_null(registry_find(&r, "cp1"));
}

Test(registry, tells_when_a_link_must_reconnect)
{
	struct facts f = facts("CP");
	registry_put(&r, &f, 1);
	cr_expect_not(registry_put(&r, &f, 1));
	f.password_hash = "x";
	cr_expect_not(registry_put(&r, &f, 1));
	f.validation = "lenient";
	cr_expect(registry_put(&r, &f, 1));
	f.registration = "pending";
	cr_expect(registry_put(&r, &f, 1));
	f.operator_id = "other";
	cr_expect(registry_put(&r, &f, 1));
	f.id = 2;
	cr_expect(registry_put(&r, &f, 1));
	cr_expect_not(registry_put(&r, &f, 1));
}

Test(registry, forgets_a_proof_with_the_password_it_was_for)
{
	struct facts f = facts("CP");
	f.password_hash = "x";
	registry_put(&r, &f, 1);
	registry_find(&r, "CP")->proven = true;
	registry_put(&r, &f, 1);
	cr_expect(registry_find(&r, "CP")->proven);
	f.password_hash = "y";
	registry_put(&r, &f, 1);
	cr_expect_not(registry_find(&r, "CP")->proven);
}

static void count_gone(const struct charger *c, void *arg)
{
	cr_expect_str_eq(c->facts.charge_point_id, "OLD");
	++*(int *)arg;
}

Test(registry, sweeps_what_a_pass_has_not_seen)
{
	struct facts old = facts("OLD"), seen = facts("SEEN"), added = facts("ADDED");
	int gone = 0;
	registry_put(&r, &old, 1);
	registry_put(&r, &seen, 1);
	registry_put(&r, &seen, 2);
	registry_put(&r, &added, 3);
	registry_sweep(&r, 2, count_gone, &gone);
	cr_assert_eq(gone, 1);
	cr_assert_null(registry_find(&r, "OLD"));
	cr_assert_not_null(registry_find(&r, "SEEN"));
	cr_assert_not_null(registry_find(&r, "ADDED"));
	registry_remove(&r, "SEEN");
	registry_remove(&r, "SEEN");
	cr_assert_eq(r.count, 1);
}
