#include "multipart.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

#define TYPE "multipart/form-data; boundary=xyz"
#define FILE_HEAD "Content-Disposition: form-data; name=\"f\"; filename=\"a.log\"\r\n"

static struct multipart m;
static struct buf got;

static void on_data(void *arg, const char *bytes, size_t len)
{
	(void)arg;
	buf_add(&got, bytes, len);
}

/* All of it in pieces of `step` bytes; the first error. */
static int feed(const char *type, const char *text, size_t len, size_t step)
{
	buf_clear(&got);
	cr_assert(multipart_begin(&m, type));
	m.data = on_data;
	for (size_t i = 0; i < len; i += step) {
		int err = multipart_feed(&m, text + i, step < len - i ? step : len - i);
		if (err)
			return err;
	}
	return 0;
}

static void expect_file(const char *text, const char *content)
{
	for (size_t step = 1; step <= strlen(text); step++) {
		cr_assert_eq(feed(TYPE, text, strlen(text), step), 0, "by %zu: %s", step, text);
		cr_expect(multipart_is_whole(&m), "by %zu: %s", step, text);
		cr_assert_eq(got.len, strlen(content), "by %zu: %s", step, text);
		cr_expect(!got.len || !memcmp(got.data, content, got.len), "by %zu", step);
	}
	buf_free(&got);
}

Test(multipart, gives_the_bytes_of_its_file_however_they_come)
{
	expect_file("--xyz\r\n" FILE_HEAD "\r\nhello\r\n--xyz--\r\n", "hello");
	cr_expect_str_eq(m.name, "a.log");
	expect_file("--xyz\r\n" FILE_HEAD "Content-Type: text/plain\r\n\r\n\r\n--xyz--", "");
	expect_file("a preamble\r\n--xyz \r\n" FILE_HEAD
		    "\r\nhello\r\n--xyz--\r\nan epilogue\r\n--xyz",
		    "hello");
}

Test(multipart, is_not_misled_by_what_looks_like_its_end)
{
	static const char content[] = "\r\r\n\r\n--xy\r\n--xy-\r\n-\r\r\n--x\nyz--xyz\n--xyz\r";
	char text[256];
	snprintf(text, sizeof text, "--xyz\r\n" FILE_HEAD "\r\n%s\r\n--xyz--", content);
	expect_file(text, content);
}

Test(multipart, passes_over_fields_that_are_no_file)
{
	expect_file(
	    "--xyz\r\ncontent-disposition: form-data; name=\"n\"\r\n\r\nv\r\n--xyz\r\n"
	    "Content-Type: text/plain\r\n" FILE_HEAD
	    "\r\nhello\r\n--xyz\r\nContent-Disposition: form-data; name=m\r\n\r\n\r\n--xyz--",
	    "hello");
}

static const struct {
	const char *text;
	int err;
} bad[] = {
    {"--xyz\r\n" FILE_HEAD "\r\nhello\r\n--xyz\r\n" FILE_HEAD "\r\n", -EEXIST},
    {"--xyz\r\n\r\nhello", -EBADMSG},
    {"--xyz\r\nContent-Type: text/plain\r\n\r\n", -EBADMSG},
    {"--xyz!\r\n", -EBADMSG},
    {"--xyz-!", -EBADMSG},
    {"--xyz\rx", -EBADMSG},
};

Test(multipart, that_is_malformed_is_refused)
{
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_eq(feed(TYPE, bad[i].text, strlen(bad[i].text), 1), bad[i].err, "%s",
			     bad[i].text);
	buf_free(&got);
}

Test(multipart, with_an_endless_head_is_refused)
{
	char text[PART_HEAD_MOST + 100];
	memset(text, 'x', sizeof text);
	memcpy(text, "--xyz\r\n", 7);
	cr_expect_eq(feed(TYPE, text, sizeof text, 100), -EBADMSG);
}

static const char *const cut[] = {
    "", "--xyz--", "--xyz\r\n" FILE_HEAD "\r\nhello", "--xyz\r\n" FILE_HEAD "\r\nhello\r\n--xyz",
    "--xyz\r\nContent-Disposition: form-data; name=n\r\n\r\nv\r\n--xyz--"};

Test(multipart, that_is_cut_off_or_has_no_file_is_not_whole)
{
	for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
		cr_expect_eq(feed(TYPE, cut[i], strlen(cut[i]), 3), 0, "%s", cut[i]);
		cr_expect_not(multipart_is_whole(&m), "%s", cut[i]);
	}
	buf_free(&got);
}

Test(multipart, takes_its_boundary_from_the_content_type)
{
	cr_expect(multipart_begin(&m, "Multipart/Form-Data; charset=x; Boundary=\"a b\\\"c\""));
	cr_expect_str_eq(m.delimiter, "\r\n--a b\"c");
	cr_expect_not(multipart_begin(&m, NULL));
	cr_expect_not(multipart_begin(&m, "multipart/form-data"));
	cr_expect_not(multipart_begin(&m, "multipart/form-data; xboundary=a"));
	cr_expect_not(multipart_begin(&m, "multipart/form-data; boundary="));
	cr_expect_not(multipart_begin(&m, "multipart/mixed; boundary=a"));
	cr_expect_not(multipart_begin(&m, "text/plain; boundary=a"));
	char text[200] = "multipart/form-data; boundary=";
	memset(text + strlen(text), 'b', BOUNDARY_MOST + 1);
	cr_expect_not(multipart_begin(&m, text));
}

Test(multipart, knows_a_quoted_and_a_bare_file_name)
{
	static const char *const heads[][2] = {
	    {"filename=\"a \\\"b\\\".log\"", "a \"b\".log"},
	    {"filename=bare.log; x=y", "bare.log"},
	    {"FileName=\"..\\\\up.log\"", "..\\up.log"},
	    {"filename=\"\"", ""},
	};
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		char text[256];
		snprintf(text, sizeof text,
			 "--xyz\r\nContent-Disposition: form-data; name=f; %s\r\n\r\n\r\n--xyz--",
			 heads[i][0]);
		cr_assert_eq(feed(TYPE, text, strlen(text), 7), 0);
		cr_expect_str_eq(m.name, heads[i][1]);
	}
	buf_free(&got);
}
