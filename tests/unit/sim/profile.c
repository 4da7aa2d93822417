#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/sim/profile.h"

static char path[] = "/tmp/busbar-profile.XXXXXX";

static int load(const char *text, struct profile *ret, char **ret_error)
{
	int fd = mkstemp(path);
	cr_assert(fd >= 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	int err = profile_load(path, ret, ret_error);
	unlink(path);
	return err;
}

Test(profile, fills_in_every_value)
{
	struct profile p;
	char *error = NULL, out[1024];
	cr_assert_eq(
	    load("# a comment\n"
		 "once [2,\"{id}\",\"BootNotification\",{}]\n"
		 "each [2,\"{id}\",\"StartTransaction\","
		 "{\"at\":\"{now}\",\"tag\":\"{tag}\",\"m\":{meter},\"t\":{transaction}}]\n",
		 &p, &error),
	    0);
	cr_assert_eq(p.once_count, 1);
	cr_assert_eq(p.each_count, 1);
	cr_assert(!p.once[0].starts && p.each[0].starts);
	struct profile_values v = {
	    .id = "7", .now = "noon", .tag = "T", .meter = 120, .transaction = -1};
	size_t len = profile_render(&p.each[0], &v, out);
	out[len] = '\0';
	cr_assert_str_eq(out, "[2,\"7\",\"StartTransaction\","
			      "{\"at\":\"noon\",\"tag\":\"T\",\"m\":120,\"t\":-1}]");
	cr_assert(len <= p.longest);
	profile_free(&p);
}

Test(profile, tells_the_line_that_it_does_not_understand)
{
	struct profile p;
	char *error = NULL;
	cr_assert_neq(load("each [2]\nsometimes [2]\n", &p, &error), 0);
	cr_assert(strstr(error, ":2: "), "%s", error);
	free(error);
}

Test(profile, wants_something_to_repeat)
{
	struct profile p;
	char *error = NULL;
	cr_assert_neq(load("once [2]\n", &p, &error), 0);
	cr_assert(strstr(error, "each"), "%s", error);
	free(error);
}

Test(profile, the_bundled_ones_can_be_read)
{
	static const char *const names[] = {"heartbeat", "metervalues", "session"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char file[512];
		struct profile p;
		char *error = NULL;
		snprintf(file, sizeof file, BUSBAR_ROOT "/tests/sim/profiles/%s.frames", names[i]);
		cr_assert_eq(profile_load(file, &p, &error), 0, "%s", error);
		profile_free(&p);
	}
}
