/* What may go into a request, and lists of hosts. */
#include <busbar/transfer.h>

#include "words.h"

#include <criterion/criterion.h>
#include <string.h>

Test(words, methods_and_header_names_are_tokens)
{
	cr_expect(bb_transfer_is_token("GET"));
	cr_expect(bb_transfer_is_token("X-Own_1!"));
	static const char *const bad[] = {"",    "A B",      "A:",  "A\r\nB",
					  "A\n", "\xc3\xa4", "(A)", "A/B"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(bb_transfer_is_token(bad[i]), "%s", bad[i]);
}

Test(words, no_value_ends_its_line)
{
	cr_expect(word_is_value("a \t\xc3\xa4 b"));
	cr_expect(word_is_value(""));
	cr_expect_not(word_is_value("a\r\nX: b"));
	cr_expect_not(word_is_value("a\nb"));
	cr_expect_not(word_is_value("a\rb"));
	cr_expect_not(word_is_value("a\x7f"));
	cr_expect_not(word_is_value("\x1b"));
}

Test(words, some_headers_are_the_requests_own)
{
	cr_expect(bb_transfer_is_own_header("HOST"));
	cr_expect(bb_transfer_is_own_header("content-Length"));
	cr_expect(bb_transfer_is_own_header("Transfer-Encoding"));
	cr_expect_not(bb_transfer_is_own_header("Hosts"));
	cr_expect_not(bb_transfer_is_own_header("Authorization"));
}

static const struct {
	const char *bytes;
	size_t len;
	bool good;
} texts[] = {
    {"", 0, true},
    {"a\n\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 11, true},
    {"\xf4\x8f\xbf\xbf", 4, true},
    {"a\0b", 3, false},
    {"\xff", 1, false},
    {"\xc3", 1, false},
    {"\xc0\x80", 2, false},
    {"\xe0\x80\x80", 3, false},
    {"\xed\xa0\x80", 3, false},
    {"\xf4\x90\x80\x80", 4, false},
    {"\xf5\x80\x80\x80", 4, false},
    {"\x80", 1, false},
    {"\xc3(", 2, false},
};

Test(words, text_is_utf8)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cr_expect_eq(word_is_text(texts[i].bytes, texts[i].len), texts[i].good, "%zu", i);
}

Test(words, mail_addresses_end_no_command)
{
	cr_expect(address_of_mail_is_good("a.b+c@example.com"));
	cr_expect(address_of_mail_is_good("a@localhost"));
	static const char *const bad[] = {
	    "",     "a",       "@b",        "a@",      "a@b@c",   "a b@c",      "<a@b>",
	    "a@b>", "a@b\r\n", "a@b\nDATA", "\"a\"@b", "a@b,c@d", "\xc3\xa4@b", "a\\@b"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(address_of_mail_is_good(bad[i]), "%s", bad[i]);
	cr_expect_not(address_of_mail_is_good(NULL));
}

Test(words, hosts_are_in_lower_case_and_whole)
{
	static const char *const good[] = {"example.com", "*.example.com", "10.0.0.1",
					   "[fd00::1]",   "localhost",     "a_b.example"};
	static const char *const bad[] = {
	    "",     "Example.com", "*",    "*.", "*.*.com", ".a",     "a..b", "a b",
	    "a:80", "http://a",    "[::1", "[]", "[g]",     "-a.com", "a/b",  "a@b"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		cr_expect(host_pattern_is_good(good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(host_pattern_is_good(bad[i]), "%s", bad[i]);
}

Test(words, a_star_stands_for_those_below)
{
	cr_expect(host_matches("example.com", "EXAMPLE.com"));
	cr_expect_not(host_matches("example.com", "a.example.com"));
	cr_expect(host_matches("*.example.com", "a.example.com"));
	cr_expect(host_matches("*.example.com", "a.b.example.com"));
	cr_expect_not(host_matches("*.example.com", "example.com"));
	cr_expect_not(host_matches("*.example.com", "evilexample.com"));
	cr_expect_not(host_matches("example.com", "example.com.evil.net"));
}

Test(words, a_list_has_hosts_with_ports_or_without)
{
	const char *list = "a.example, *.b.example:8443\n[fd00::1]  [fd00::2]:80";
	cr_expect(host_list_is_good(list));
	cr_expect(host_is_listed(list, "a.example", 443));
	cr_expect(host_is_listed(list, "x.b.example", 8443));
	cr_expect_not(host_is_listed(list, "x.b.example", 443));
	cr_expect(host_is_listed(list, "[fd00::1]", 1));
	cr_expect(host_is_listed(list, "[fd00::2]", 80));
	cr_expect_not(host_is_listed(list, "[fd00::2]", 81));
	cr_expect_not(host_is_listed(list, "c.example", 443));
	cr_expect_not(host_is_listed("", "a.example", 443));
	static const char *const bad[] = {"a.example:",   "a.example:0",      "a.example:65536",
					  "a.example:8x", "http://a.example", "A.example",
					  ":80"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(host_list_is_good(bad[i]), "%s", bad[i]);
}
