/* Clients' certificates: who vouches for them, and what is said of them. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "net/tls_stage.h"

TestSuite(net_tls_client, .init = tls_stage_setup, .fini = tls_stage_teardown);

static struct wire w;

static SSL_CTX *client_of(const struct certificate_spec *spec)
{
	return certificates_client(certificate_make(spec));
}

static char *text_of(const char *path)
{
	struct buf text = {0};
	cr_assert_eq(buf_read_file(&text, path), 0);
	return text.data;
}

Test(net_tls_client, are_handed_up_once_verified)
{
	t.options.client_ca = t.authority->pem;
	tls_stage_start();
	const struct certificate *own =
	    certificate_make(&(struct certificate_spec){.name = "cp1",
							.common_name = "CP \xc3\xa4 1",
							.issuer = t.authority,
							.serial = 0xabcde});
	tls_stage_connect(&w, certificates_client(own), "CP1");
	unsigned char digest[32];
	char expected[256] = "CP \xc3\xa4 1 0ABCDE ";
	X509_digest(own->x, EVP_sha256(), digest, NULL);
	for (size_t i = 0; i < sizeof digest; i++)
		snprintf(expected + strlen(expected), 3, "%02x", digest[i]);
	strcat(expected, " CN=authority,O=Works ");
	cr_assert_eq(strncmp(s.certificate.data, expected, strlen(expected)), 0, "%s",
		     s.certificate.data);
	long long not_after = atoll(strrchr(s.certificate.data, ' ')) / 1000;
	cr_assert_eq(X509_cmp_time(X509_get0_notAfter(own->x), &(time_t){(time_t)not_after + 1}),
		     -1);
	cr_assert_eq(X509_cmp_time(X509_get0_notAfter(own->x), &(time_t){(time_t)not_after - 1}),
		     1);
	wire_close(&w);
}

Test(net_tls_client, need_not_show_one)
{
	t.options.client_ca = t.authority->pem;
	tls_stage_start();
	tls_stage_connect(&w, t.client, "CP1");
	cr_assert(s.tls);
	cr_assert_eq(s.certificate.len, 0);
	wire_close(&w);
}

Test(net_tls_client, are_not_asked_for_a_certificate_that_nobody_could_vouch_for)
{
	tls_stage_start();
	tls_stage_connect(&w, client_of(&(struct certificate_spec){.name = "stranger"}), "CP1");
	cr_assert_eq(s.certificate.len, 0);
	wire_close(&w);
}

static void assert_refused(const struct certificate_spec *spec, int version)
{
	SSL_CTX *client = client_of(spec);
	SSL_CTX_set_max_proto_version(client, version);
	cr_expect_not_null(tls_stage_refusal(client), "%s", spec->name);
}

Test(net_tls_client, are_refused_with_a_bad_one_in_either_version)
{
	t.options.client_ca = t.authority->pem;
	tls_stage_start();
	const struct certificate *other =
	    certificate_make(&(struct certificate_spec){.name = "other authority"});
	static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
	for (size_t i = 0; i < 2; i++) {
		assert_refused(&(struct certificate_spec){.name = "strange", .issuer = other},
			       versions[i]);
		assert_refused(&(struct certificate_spec){.name = "self signed"}, versions[i]);
		assert_refused(&(struct certificate_spec){.name = "expired",
							  .issuer = t.authority,
							  .days = -1},
			       versions[i]);
	}
	cr_assert_null(s.trace.data, "nobody was asked: %s", s.trace.data);
	cr_assert_null(tls_stage_refusal(
	    client_of(&(struct certificate_spec){.name = "good", .issuer = t.authority})));
}

Test(net_tls_client, may_be_vouched_for_by_authorities_of_plugins_that_come_and_go)
{
	tls_stage_start();
	SSL_CTX *client =
	    client_of(&(struct certificate_spec){.name = "cp1", .issuer = t.authority});
	char *pem = text_of(t.authority->pem);
	cr_assert_eq(tls_trust(t.tls, "a", pem), 0);
	cr_assert_eq(tls_trust(t.tls, "b", pem), 0);
	cr_assert_eq(tls_trust(t.tls, "a", NULL), 0);
	tls_stage_connect(&w, client, "CP1");
	cr_assert_eq(strncmp(s.certificate.data, "cp1 ", 4), 0, "%s", s.certificate.data);
	wire_close(&w);
	const struct certificate *other =
	    certificate_make(&(struct certificate_spec){.name = "other"});
	char *other_pem = text_of(other->pem);
	cr_assert_eq(tls_trust(t.tls, "b", other_pem), 0);
	cr_assert_not_null(tls_stage_refusal(client));
	free(other_pem);
	free(pem);
}

Test(net_tls_client, keep_the_authorities_of_plugins_when_the_files_are_read_again)
{
	char *pem = text_of(t.authority->pem);
	cr_assert_eq(tls_trust(t.tls, "a", pem), 0, "before there is a listener");
	tls_stage_start();
	tls_stage_read();
	tls_stage_connect(
	    &w, client_of(&(struct certificate_spec){.name = "cp1", .issuer = t.authority}), "CP1");
	cr_assert_gt(s.certificate.len, 0);
	wire_close(&w);
	free(pem);
}

Test(net_tls_client, cannot_be_vouched_for_by_what_is_no_pem)
{
	char *pem = text_of(t.authority->pem);
	tls_stage_start();
	cr_assert_eq(tls_trust(t.tls, "a", pem), 0);
	cr_assert_lt(tls_trust(t.tls, "a", "nonsense"), 0);
	pem[strlen(pem) / 2] = '!';
	cr_assert_lt(tls_trust(t.tls, "a", pem), 0, "a broken certificate");
	tls_stage_connect(
	    &w, client_of(&(struct certificate_spec){.name = "cp1", .issuer = t.authority}), "CP1");
	cr_assert_gt(s.certificate.len, 0, "the set of before is in force");
	wire_close(&w);
	free(pem);
}
