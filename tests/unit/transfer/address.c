/* Which addresses are reached over the internet. */
#include "address.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

static const char *const public[] = {
    "1.1.1.1",         "9.255.255.255",    "11.0.0.0",        "100.63.255.255",  "100.128.0.0",
    "126.255.255.255", "128.0.0.0",        "169.253.255.255", "169.255.0.0",     "172.15.255.255",
    "172.32.0.0",      "192.0.1.0",        "192.0.3.0",       "192.167.255.255", "192.169.0.0",
    "198.17.255.255",  "198.20.0.0",       "223.255.255.255", "2606:4700::11",   "2a00::1",
    "2003::1",         "64:ff9b::8.8.8.8", "::ffff:8.8.8.8",  "2002:808:808::1",
};

static const char *const others[] = {
    "0.0.0.0",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "3fff::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "",
    "localhost",
    "1.1.1",
};

Test(address, of_the_internet_is_public)
{
	for (size_t i = 0; i < sizeof public / sizeof *public; i++)
		cr_expect(address_text_is_public(public[i]), "%s", public[i]);
}

Test(address, of_anything_else_is_not)
{
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		cr_expect_not(address_text_is_public(others[i]), "%s", others[i]);
}

Test(address, counts_as_it_is_connected_to)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	inet_pton(AF_INET, "8.8.8.8", &v4.sin_addr);
	cr_expect(address_is_public((struct sockaddr *)&v4));
	inet_pton(AF_INET, "127.0.0.1", &v4.sin_addr);
	cr_expect_not(address_is_public((struct sockaddr *)&v4));
	inet_pton(AF_INET6, "2a00::1", &v6.sin6_addr);
	cr_expect(address_is_public((struct sockaddr *)&v6));
	inet_pton(AF_INET6, "::1", &v6.sin6_addr);
	cr_expect_not(address_is_public((struct sockaddr *)&v6));
	cr_expect_not(address_is_public((struct sockaddr *)&local));
}
