#define _GNU_SOURCE /* mkdtemp */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "busbarctl/fake.h"

#define ORGANIZATION "Stromnetz Köln"

static const char *const names[] = {"ca.pem", "ca.key", "firmware.pem", "firmware.key"};
static char outer[64]; /* of the test */
static char *dir;      /* in it, and not there at first */

static const char *in_dir(const char *name)
{
	return arena_printf(ctl.arena, "%s/%s", dir, name);
}

static void set_up(void)
{
	fake_begin();
	cr_redirect_stdout();
	snprintf(outer, sizeof outer, "/tmp/busbar-ca-XXXXXX");
	cr_assert_not_null(mkdtemp(outer));
	dir = arena_printf(ctl.arena, "%s/made", outer);
}

static void tear_down(void)
{
	for (size_t i = 0; i < 4; i++)
		unlink(in_dir(names[i]));
	rmdir(dir);
	rmdir(outer);
	fake_end();
}

TestSuite(ca, .init = set_up, .fini = tear_down);

static int init(const char *organization)
{
	char *words[] = {dir, (char *)organization};
	return ca_init(&ctl, words, organization ? 2 : 1);
}

static size_t there(void)
{
	size_t count = 0;
	for (size_t i = 0; i < 4; i++)
		count += !access(in_dir(names[i]), F_OK);
	return count;
}

static FILE *open_made(const char *name)
{
	FILE *f = fopen(in_dir(name), "re");
	cr_assert_not_null(f, "%s", name);
	return f;
}

static X509 *certificate(const char *name)
{
	FILE *f = open_made(name);
	X509 *x = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	cr_assert_not_null(x, "%s", name);
	return x;
}

static EVP_PKEY *key(const char *name)
{
	char first[64] = "";
	FILE *f = open_made(name);
	cr_assert(fgets(first, sizeof first, f));
	cr_expect_str_eq(first, "-----BEGIN PRIVATE KEY-----\n", "PKCS #8");
	rewind(f);
	EVP_PKEY *k = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	return k;
}

static void expect_key(X509 *x, const char *name, int type, int bits)
{
	EVP_PKEY *k = key(name);
	cr_expect_eq(X509_check_private_key(x, k), 1, "%s is of its certificate", name);
	cr_expect_eq(EVP_PKEY_get_base_id(k), type);
	cr_expect_eq(EVP_PKEY_get_bits(k), bits);
	EVP_PKEY_free(k);
}

static void expect_name(const X509_NAME *name, const char *text)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *got;
	X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
	long len = BIO_get_mem_data(bio, &got);
	cr_expect(len == (long)strlen(text) && !memcmp(got, text, strlen(text)), "%.*s", (int)len,
		  got);
	BIO_free(bio);
}

/* Ten years, and of 16 bytes that say no negative number. */
static void expect_time_and_serial(X509 *x)
{
	int days, seconds;
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x);
	cr_assert(ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(x), X509_get0_notAfter(x)));
	cr_expect_eq(days, 3653);
	cr_expect_lt(X509_cmp_current_time(X509_get0_notBefore(x)), 0);
	cr_expect_eq(ASN1_STRING_length(serial), 16);
	cr_expect_eq(ASN1_STRING_type(serial), V_ASN1_INTEGER);
}

static bool critical(const X509 *x, int nid)
{
	int at = X509_get_ext_by_NID(x, nid, -1);
	return at >= 0 && X509_EXTENSION_get_critical(X509_get_ext(x, at));
}

Test(ca, makes_a_root_that_signs_certificates_and_nothing_else)
{
	cr_assert_eq(init(ORGANIZATION), CTL_OK);
	X509 *x = certificate("ca.pem");
	expect_name(X509_get_subject_name(x), "CN=Busbar charger CA,O=" ORGANIZATION);
	expect_time_and_serial(x);
	expect_key(x, "ca.key", EVP_PKEY_EC, 256);
	cr_expect_eq(X509_get_version(x), X509_VERSION_3);
	cr_expect_eq(X509_self_signed(x, 1), 1);
	cr_expect_eq(X509_check_ca(x), 1);
	cr_expect_eq(X509_get_key_usage(x), X509v3_KU_KEY_CERT_SIGN | X509v3_KU_CRL_SIGN);
	cr_expect(critical(x, NID_basic_constraints) && critical(x, NID_key_usage));
	cr_expect_not_null(X509_get0_subject_key_id(x));
	X509_free(x);
}

Test(ca, makes_a_certificate_of_it_that_signs_firmware_and_nothing_else)
{
	cr_assert_eq(init(ORGANIZATION), CTL_OK);
	X509 *root = certificate("ca.pem"), *x = certificate("firmware.pem");
	expect_name(X509_get_subject_name(x), "CN=Busbar firmware signing,O=" ORGANIZATION);
	expect_time_and_serial(x);
	expect_key(x, "firmware.key", EVP_PKEY_RSA, 3072);
	cr_expect_eq(X509_check_issued(root, x), X509_V_OK);
	cr_expect_eq(X509_verify(x, X509_get0_pubkey(root)), 1);
	cr_expect_eq(X509_check_ca(x), 0);
	cr_expect_eq(X509_get_key_usage(x), X509v3_KU_DIGITAL_SIGNATURE);
	cr_expect_eq(X509_get_extended_key_usage(x), XKU_CODE_SIGN);
	cr_expect(critical(x, NID_basic_constraints) && critical(x, NID_key_usage));
	cr_expect_eq(X509_check_purpose(x, X509_PURPOSE_SSL_CLIENT, 0), 0, "no charger's");
	cr_expect_eq(
	    ASN1_OCTET_STRING_cmp(X509_get0_authority_key_id(x), X509_get0_subject_key_id(root)),
	    0);
	cr_expect_neq(ASN1_INTEGER_cmp(X509_get0_serialNumber(x), X509_get0_serialNumber(root)), 0);
	X509_free(root);
	X509_free(x);
}

Test(ca, names_no_organization_that_was_not_given)
{
	cr_assert_eq(init(NULL), CTL_OK);
	X509 *x = certificate("firmware.pem");
	expect_name(X509_get_subject_name(x), "CN=Busbar firmware signing");
	expect_name(X509_get_issuer_name(x), "CN=Busbar charger CA");
	X509_free(x);
}

static void expect_mode(const char *path, mode_t mode)
{
	struct stat st;
	cr_assert_eq(stat(path, &st), 0, "%s", path);
	cr_expect_eq(st.st_mode & 07777, mode, "%s: %o", path, st.st_mode & 07777);
}

Test(ca, lets_nobody_else_read_keys)
{
	umask(0);
	cr_assert_eq(init(NULL), CTL_OK);
	expect_mode(dir, 0700);
	expect_mode(in_dir("ca.key"), 0600);
	expect_mode(in_dir("firmware.key"), 0600);
	expect_mode(in_dir("ca.pem"), 0644);
	expect_mode(in_dir("firmware.pem"), 0644);
}

Test(ca, uses_a_folder_that_is_there_as_it_is)
{
	cr_assert(!mkdir(dir, 0750) && !chmod(dir, 0750));
	cr_expect_eq(init(NULL), CTL_OK);
	cr_expect_eq(there(), 4);
	expect_mode(dir, 0750);
}

/* Whichever of the files is there, be it a link to nowhere, it stays, and no other is made. */
Test(ca, overwrites_nothing)
{
	cr_assert(!mkdir(dir, 0700));
	for (size_t i = 0; i < 4; i++) {
		char target[16] = "";
		const char *path = in_dir(names[i]);
		cr_assert_eq(symlink("nowhere", path), 0);
		complaints = 0;
		cr_expect_eq(init(NULL), CTL_REFUSED);
		cr_expect(complaints == 1 && strstr(complaint, names[i]), "%s", complaint);
		cr_expect_eq(there(), 0);
		cr_expect_eq(readlink(path, target, sizeof target), 7);
		cr_assert_eq(unlink(path), 0);
	}
}

/* No file may be longer than `bytes`, as on a disk that is full. */
static int init_within(rlim_t bytes)
{
	struct rlimit all, little;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &all);
	little = (struct rlimit){bytes, all.rlim_max};
	setrlimit(RLIMIT_FSIZE, &little);
	int status = init(NULL);
	setrlimit(RLIMIT_FSIZE, &all);
	return status;
}

Test(ca, that_fails_in_the_middle_leaves_nothing)
{
	static const struct {
		rlim_t bytes;
		const char *name; /* of the first that is longer */
	} cases[] = {{100, "ca.pem"}, {900, "firmware.pem"}, {2000, "firmware.key"}};
	for (size_t i = 0; i < 3; i++) {
		cr_expect_eq(init_within(cases[i].bytes), CTL_REFUSED);
		cr_expect(strstr(complaint, cases[i].name), "%s", complaint);
		cr_expect_neq(access(dir, F_OK), 0, "the folder is gone too");
	}
	cr_expect_eq(complaints, 3);
	cr_expect_eq(init(NULL), CTL_OK, "and it can be tried again");
}

Test(ca, that_fails_leaves_the_folder_that_was_there)
{
	cr_assert_eq(mkdir(dir, 0700), 0);
	cr_expect_eq(init_within(2000), CTL_REFUSED);
	cr_expect_eq(there(), 0);
	cr_expect_eq(access(dir, F_OK), 0);
}

Test(ca, says_why_there_can_be_no_folder)
{
	dir = arena_printf(ctl.arena, "%s/no/where", outer);
	cr_expect_eq(init(NULL), CTL_REFUSED);
	cr_expect(strstr(complaint, dir), "%s", complaint);
	dir = (char *)"/dev/null";
	cr_expect_eq(init(NULL), CTL_REFUSED);
	cr_expect(strstr(complaint, "/dev/null"), "%s", complaint);
}

Test(ca, must_be_asked_properly)
{
	char long_name[66];
	memset(long_name, 'x', 65);
	long_name[65] = '\0';
	char *no_folder[] = {(char *)""};
	cr_expect_eq(ca_init(&ctl, no_folder, 1), CTL_USAGE);
	cr_expect_eq(init(""), CTL_USAGE);
	cr_expect_eq(init("\xff"), CTL_USAGE);
	cr_expect_eq(init(long_name), CTL_USAGE);
	cr_expect_neq(access(dir, F_OK), 0);
	cr_expect_eq(init(long_name + 1), CTL_OK);
}
