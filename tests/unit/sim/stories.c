/* Parts of the simulator that need no server, each checked by a story of its own. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static void tell(const char *name)
{
	char command[512];
	snprintf(command, sizeof command,
		 BUSBAR_BUILD "/bin/busbar-sim --quiet --url ws://127.0.0.1:1 " BUSBAR_ROOT
			      "/tests/unit/sim/stories/%s.lua",
		 name);
	cr_expect_eq(system(command), 0, "%s", name);
}

Test(stories, crypto)
{
	tell("crypto");
}

Test(stories, composite)
{
	tell("composite");
}

Test(stories, chargers)
{
	tell("chargers");
}

Test(stories, certificates)
{
	tell("certificates");
}

Test(stories, jobs)
{
	tell("jobs");
}

Test(stories, security)
{
	tell("security");
}

Test(stories, sessions)
{
	tell("sessions");
}
