#include <criterion/criterion.h>

#include "base/arena.h"
#include "busbarctl/fake.h"
#include "busbarctl/verb.h"

static const char *told;

static void tell(const char *name, const char *text)
{
	told = arena_printf(ctl.arena, "%s%s %s\n", told, name, text);
}

static void begin(void)
{
	fake_begin();
	told = "";
}

TestSuite(filters, .init = begin, .fini = fake_end);

Test(filters, are_the_parameters_that_the_server_describes)
{
	fake_answer =
	    "{\"paths\": {\"/tasks\": {\"get\": {\"parameters\": ["
	    " {\"name\": \"limit\", \"in\": \"query\", \"schema\": {\"type\": \"integer\"}},"
	    " {\"name\": \"state\", \"in\": \"query\","
	    "  \"schema\": {\"type\": \"string\", \"enum\": [\"done\", \"dead\"]}},"
	    " {\"name\": \"zone\", \"in\": \"query\", \"description\": \"whose days\","
	    "  \"schema\": {\"$ref\": \"#/components/schemas/rest.zone\"}},"
	    " {\"name\": \"id\", \"in\": \"path\", \"schema\": {\"type\": \"integer\"}}]}}},"
	    " \"components\": {\"schemas\":"
	    "  {\"rest.zone\": {\"type\": \"string\", \"format\": \"time-zone\"}}}}";
	cr_expect_eq(known_filters(&ctl, "/tasks", tell), 2);
	cr_expect_str_eq(told, "state= done|dead\n"
			       "zone= time zone, as Europe/Berlin; whose days\n");
	cr_expect_eq(known_filters(&ctl, "/others", tell), 0);
}

Test(filters, are_not_known_without_a_server)
{
	cr_expect_eq(known_filters(&ctl, "/tasks", tell), -1);
	cr_expect_str_eq(told, "");
}
