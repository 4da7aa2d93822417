#include <criterion/criterion.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

static int read_end;

static void capture(void)
{
	int ends[2];
	cr_assert_eq(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	read_end = ends[0];
	clock_set_ms(0);
}

TestSuite(log, .init = capture);

static void expect_line(const char *expected)
{
	char got[2048];
	ssize_t n = read(read_end, got, sizeof got - 1);
	cr_assert_gt(n, 0);
	got[n] = '\0';
	cr_assert_str_eq(got, expected);
}

Test(log, writes_logfmt_with_quotes_where_they_are_needed)
{
	log_setup(LOG_LOGFMT, BB_INFO);
	log_line(BB_WARN, "net", "bad \"frame\"\nfrom %s", "CP 1");
	expect_line("time=1970-01-01T00:00:00.000Z level=warn source=net msg=\"bad "
		    "\\\"frame\\\"\\nfrom CP 1\"\n");
}

Test(log, writes_json_with_the_context_of_the_message)
{
	log_setup(LOG_JSON, BB_INFO);
	log_context("CP1", "01ABC");
	log_line(BB_INFO, "ocppj", "up");
	expect_line("{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"info\",\"source\":"
		    "\"ocppj\",\"charger\":\"CP1\",\"correlation\":\"01ABC\",\"msg\":\"up\"}\n");
}

Test(log, leaves_out_what_is_below_the_level)
{
	log_setup(LOG_LOGFMT, BB_WARN);
	log_line(BB_INFO, "net", "quiet");
	log_line(BB_ERROR, "net", "loud");
	expect_line("time=1970-01-01T00:00:00.000Z level=error source=net msg=loud\n");
}
