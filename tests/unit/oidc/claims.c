#include "claims.h"

#include <criterion/criterion.h>

#include "fixture.h"

#define RULES                                                                                      \
	"{'roles':{'claim':'realm_access.roles','map':{'csms-admin':'admin','csms-op':'operator'," \
	"'csms-see':'readonly'},'default':'user'},'operator':{'claim':'https://x.org/org',"        \
	"'map':{'Acme':'acme'},'default':'default'}}"

TestSuite(claims, .init = setup, .fini = teardown);

static struct person person(const char *rules, const char *claims)
{
	struct person p;
	const char *fault = claims_person(arena, json(rules), json(claims), "sub", &p);
	cr_assert_null(fault, "%s", fault);
	return p;
}

static bool is_nobody(const char *rules, const char *claims)
{
	struct person p;
	return claims_person(arena, json(rules), json(claims), "sub", &p) != NULL;
}

Test(claims, are_found_by_name_or_path)
{
	const struct bb_json *v =
	    json("{'a':{'b':'1','b.c':'2'},'a.b':'3','https://x.org/r':'4','l':[{'m':'5'}],"
		 "'https://x':{'org/s':'6'}}");
	static const struct {
		const char *path, *value;
	} found[] = {{"a.b", "3"},
		     {"a.b.c", "2"},
		     {"https://x.org/r", "4"},
		     {"l.0.m", "5"},
		     {"https://x.org/s", "6"},
		     {"a.c", NULL},
		     {"l.1.m", NULL},
		     {"l.x", NULL},
		     {"", NULL},
		     {".", NULL},
		     {"l.-1", NULL},
		     {"a.b.c.d", NULL},
		     {"l.00000000000000", NULL}};
	for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
		const char *value = bb_json_str(claim_find(v, found[i].path), NULL);
		if (found[i].value)
			cr_expect_str_eq(value ? value : "-", found[i].value, "%s", found[i].path);
		else
			cr_expect_null(value, "%s", found[i].path);
	}
}

Test(claims, give_the_role_that_may_most)
{
	cr_expect_str_eq(
	    person(RULES, "{'realm_access':{'roles':['csms-see','x','csms-op']}}").role,
	    "operator");
	cr_expect_str_eq(person(RULES, "{'realm_access':{'roles':'csms-see'}}").role, "readonly");
	cr_expect_str_eq(person(RULES, "{'realm_access':{'roles':[]}}").role, "user");
	cr_expect_str_eq(person(RULES, "{'realm_access':{'roles':[1,null,{}]}}").role, "user");
	cr_expect_str_eq(person(RULES, "{'realm_access':{'roles':['admin']}}").role, "user",
			 "a name that is not in the map is none");
	struct person admin = person(RULES, "{'realm_access':{'roles':['csms-admin']},"
					    "'https://x.org/org':'Acme'}");
	cr_expect_str_eq(admin.role, "admin");
	cr_expect_null(admin.operator_id);
}

Test(claims, without_a_role_are_nobodys)
{
	cr_expect(is_nobody("{'operator':{'default':'default'}}", "{'roles':['admin']}"));
	const char *no_default = "{'roles':{'claim':'r','map':{'a':'admin'}}}";
	cr_expect(is_nobody(no_default, "{}"));
	cr_expect(is_nobody(no_default, "{'r':'b'}"));
	cr_expect(is_nobody(no_default, "{'r':'admin'}"));
	cr_expect_not(is_nobody(no_default, "{'r':'a'}"));
	cr_expect_not(is_nobody("{'roles':{'claim':'r'}}", "{'r':'admin'}"));
	cr_expect(is_nobody("{'roles':{'claim':'r'}}", "{'r':'root'}"));
}

Test(claims, give_the_operator)
{
	cr_expect_str_eq(person(RULES, "{}").operator_id, "default");
	cr_expect_str_eq(person(RULES, "{'https://x.org/org':null}").operator_id, "default");
	cr_expect_str_eq(person(RULES, "{'https://x.org/org':'Acme'}").operator_id, "acme");
	cr_expect(is_nobody(RULES, "{'https://x.org/org':'Other'}"), "never the default's");
	cr_expect(is_nobody(RULES, "{'https://x.org/org':['Acme']}"));
	cr_expect(is_nobody("{'roles':{'default':'readonly'}}", "{}"),
		  "of all operators are admins alone");
}

#define TRUSTED "{'roles':{'default':'admin'},'email_trusted':true}"

Test(claims, give_name_and_address)
{
	struct person p =
	    person(RULES, "{'name':'Anna','email':'a@example.org','email_verified':true}");
	cr_expect_str_eq(p.name, "Anna");
	cr_expect_str_eq(p.email, "a@example.org");
	cr_expect_str_eq(person(RULES, "{'email':'a@example.org','email_verified':'true'}").name,
			 "a@example.org");
	cr_expect_null(person(RULES, "{'email':'a@example.org'}").email);
	cr_expect_str_eq(person(TRUSTED, "{'email':'a@example.org'}").email, "a@example.org");
	cr_expect_str_eq(person(RULES, "{'name':'a\\tb'}").name, "sub");
	cr_expect_str_eq(person(RULES, "{'name':1,'email':2}").name, "sub");
	static const char *const unverified[] = {"false", "'false'", "'no'", "null", "0", "[true]"};
	for (size_t i = 0; i < sizeof unverified / sizeof *unverified; i++) {
		char claims[80];
		snprintf(claims, sizeof claims, "{'email':'a@example.org','email_verified':%s}",
			 unverified[i]);
		cr_expect_null(person(RULES, claims).email, "%s", claims);
		cr_expect_null(person(TRUSTED, claims).email, "%s", claims);
	}
	cr_expect_str_eq(person("{'roles':{'default':'admin'},'name_claims':['f','l']}",
				"{'f':'Anna','l':'B','name':'x'}")
			     .name,
			 "Anna B");
}
