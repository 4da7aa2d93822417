#include <busbar/networks.h>

#include <criterion/criterion.h>

Test(networks, have_single_addresses_and_ranges_of_both_kinds)
{
	const char *list = "10.0.0.5  192.168.4.0/22 ::1 fd00::/8";
	static const char *const in[] = {"10.0.0.5", "192.168.4.1",  "192.168.7.255",
					 "::1",      "fd12:3456::1", "::ffff:10.0.0.5"};
	static const char *const out[] = {"10.0.0.6", "192.168.8.0", "192.168.3.255",
					  "::2",      "fe80::1",     "127.0.0.1",
					  "",         "localhost",   "?"};
	for (size_t i = 0; i < sizeof in / sizeof *in; i++)
		cr_assert(bb_networks_have(list, in[i]), "%s", in[i]);
	for (size_t i = 0; i < sizeof out / sizeof *out; i++)
		cr_assert_not(bb_networks_have(list, out[i]), "%s", out[i]);
}

Test(networks, of_no_bits_are_everybody_of_their_kind)
{
	cr_assert(bb_networks_have("0.0.0.0/0", "8.8.8.8"));
	cr_assert_not(bb_networks_have("0.0.0.0/0", "2001:db8::1"));
	cr_assert(bb_networks_have("::/0", "2001:db8::1"));
}

Test(networks, of_an_empty_list_are_nobody)
{
	cr_assert_not(bb_networks_have("", "127.0.0.1"));
	cr_assert_not(bb_networks_have("  ", "::1"));
}

Test(networks, name_the_word_that_is_none)
{
	static const char *const bad[] = {
	    "localhost", "10.0.0.0/33", "10.0.0/8", "fd00::/129",  "10.0.0.1/",    "10.0.0.1/-1",
	    "*",         "10.0.0.1,",   "::/ 0",    "1.2.3.4/08x", "10.0.0.0/1000"};
	const char *word = NULL;
	cr_assert(bb_networks_are_good("10.0.0.5 ::1/128 0.0.0.0/0", &word));
	cr_assert(bb_networks_are_good("", &word));
	cr_assert_null(word);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_assert_not(bb_networks_are_good(bad[i], &word), "%s", bad[i]);
	cr_assert_not(bb_networks_are_good("10.0.0.5 x ::1", &word));
	cr_assert_str_eq(word, "x ::1");
}

Test(networks, of_an_address_are_its_own_or_the_first_half_of_IPv6)
{
	static const struct {
		const char *address, *network;
	} all[] = {
	    {"192.0.2.1", "192.0.2.1"},
	    {"::ffff:192.0.2.2", "192.0.2.2"},
	    {"2001:db8::1", "2001:db8::/64"},
	    {"2001:db8:0:0:9:8:7:6", "2001:db8::/64"},
	    {"2001:db8:0:1::1", "2001:db8:0:1::/64"},
	    {"2001:db8:1111:2222:3333:4444:5555:6666", "2001:db8:1111:2222::/64"},
	    {"::1", "::/64"},
	    {"", ""},
	    {"fe80::1%eth0", "fe80::1%eth0"},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char network[BB_NETWORK_SIZE];
		bb_network_of(all[i].address, network);
		cr_expect_str_eq(network, all[i].network, "%s", all[i].address);
	}
}
