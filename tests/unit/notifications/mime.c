/* Mail as its RFCs have it. */
#include "mime.h"

#include <criterion/criterion.h>

#include "base/arena.h"

static struct bb_arena *arena;

static void setup(void)
{
	arena = arena_new(0);
}

static void teardown(void)
{
	arena_free(arena);
}

TestSuite(mime, .init = setup, .fini = teardown);

/* No line is too long or has anything but ASCII, and each ends in CR LF. */
static void expect_lines(const char *text)
{
	size_t line = 0;
	for (const char *c = text; *c; c++) {
		cr_assert((*c & 0x80) == 0, "%s", text);
		if (*c == '\n') {
			cr_assert(c > text && c[-1] == '\r', "a bare line feed in %s", text);
			cr_assert_leq(line, 79, "%s", text);
			line = 0;
		} else {
			cr_assert(*c != '\r' || c[1] == '\n', "a bare carriage return");
			line++;
		}
	}
}

static const char *const words[][2] = {
    {"Plain text", "Plain text"},
    {"", ""},
    {"B\xc3\xa4r", "=?UTF-8?B?QsOkcg==?="},
    {"a\r\nBcc: x@example.com", "a  Bcc: x@example.com"},
    {"a\nb\x7f", "a b "},
    {"=?UTF-8?B?eA==?=", "=?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?="},
};

Test(mime, a_header_is_one_header)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		cr_expect_str_eq(mime_words(arena, words[i][0]), words[i][1], "%s", words[i][0]);
}

Test(mime, long_headers_are_folded_and_no_character_is_cut)
{
	char lengthy[401] = "";
	for (int i = 0; i < 100; i++)
		strcat(lengthy, i % 2 ? "\xe2\x82\xac" : "\xc3\xa4");
	const char *out = mime_words(arena, lengthy);
	expect_lines(bb_printf(arena, "Subject: %s\r\n", out));
	/* Each word is of whole characters: 3 + 2 bytes, 39 at most. */
	for (const char *w = out; (w = strstr(w, "?B?")); w++)
		cr_expect_leq(strcspn(w + 3, "?"), 52);
	memset(lengthy, 'x', 400);
	expect_lines(bb_printf(arena, "Subject: %s\r\n", mime_words(arena, lengthy)));
	for (int i = 9; i < 400; i += 10)
		lengthy[i] = ' ';
	out = mime_words(arena, lengthy);
	cr_expect_null(strstr(out, "=?"));
	expect_lines(bb_printf(arena, "Subject: %s\r\n", out));
}

static const char *const quoted[][2] = {
    {"", ""},
    {"a=b", "a=3Db"},
    {"\xc3\xa4", "=C3=A4"},
    {"a\nb\r\nc\rd", "a\r\nb\r\nc\r\nd"},
    {"blank \nend\t", "blank=20\r\nend=09"},
    {".\n..\n", ".\r\n..\r\n"},
    {"a b\tc", "a b\tc"},
};

Test(mime, bodies_are_quoted_printable)
{
	for (size_t i = 0; i < sizeof quoted / sizeof *quoted; i++)
		cr_expect_str_eq(mime_quoted(arena, quoted[i][0]), quoted[i][1], "%zu", i);
	char lengthy[1001];
	memset(lengthy, 'x', 1000);
	lengthy[1000] = '\0';
	for (int i = 0; i < 1000; i += 7)
		lengthy[i] = '=';
	expect_lines(bb_printf(arena, "%s\r\n", mime_quoted(arena, lengthy)));
}

static struct mime_mail mail(void)
{
	return (struct mime_mail){.from_name = "Our \"Power\" Co",
				  .from = "csms@example.com",
				  .to = "driver@example.com",
				  .subject = "Done",
				  .text = "Thanks\n",
				  .id = "1.evt_2@example.com",
				  .at_s = 1764126000,
				  .boundary = "busbar-x"};
}

Test(mime, a_mail_without_html_is_plain)
{
	struct mime_mail m = mail();
	size_t len;
	const char *text = mime_write(arena, &m, &len);
	cr_expect_eq(len, strlen(text));
	cr_expect_str_eq(text, "From: \"Our \\\"Power\\\" Co\"\r\n <csms@example.com>\r\n"
			       "To: driver@example.com\r\n"
			       "Subject: Done\r\n"
			       "Date: Wed, 26 Nov 2025 03:00:00 +0000\r\n"
			       "Message-ID: <1.evt_2@example.com>\r\n"
			       "Auto-Submitted: auto-generated\r\n"
			       "MIME-Version: 1.0\r\n"
			       "Content-Type: text/plain; charset=utf-8\r\n"
			       "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
			       "Thanks\r\n\r\n");
}

Test(mime, html_is_an_alternative)
{
	struct mime_mail m = mail();
	size_t len;
	m.html = "<p>Thanks</p>";
	m.from_name = NULL;
	const char *text = mime_write(arena, &m, &len);
	expect_lines(text);
	cr_expect(strstr(text, "From: csms@example.com\r\n"));
	cr_expect(strstr(text,
			 "Content-Type: multipart/alternative;\r\n boundary=\"busbar-x\"\r\n\r\n"
			 "--busbar-x\r\nContent-Type: text/plain;"));
	cr_expect(strstr(text, "<p>Thanks</p>\r\n--busbar-x--\r\n"));
}

Test(mime, no_field_begins_another)
{
	struct mime_mail m = mail();
	size_t len;
	m.from_name = "x\r\nBcc: evil@example.com";
	m.subject = "x\r\n\r\n<script>";
	m.to = "a@example.com\r\nBcc: evil@example.com";
	const char *text = mime_write(arena, &m, &len);
	cr_expect_null(strstr(text, "\nBcc:"));
	cr_expect(strstr(text, "Subject: x    <script>\r\n"));
}
