/* Reading certificates and keys: what is wrong is said with the option and the file. */
#include <criterion/criterion.h>
#include <errno.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "net/tls_stage.h"

TestSuite(net_tls_files, .init = tls_stage_setup, .fini = tls_stage_teardown);

/* Each of the texts is in it. */
static void assert_error(const char *option, const char *path, const char *reason)
{
	struct tls_files *files = NULL;
	char *error = NULL;
	cr_assert_lt(tls_read(&t.options, &files, &error), 0, "%s: %s", option, reason);
	cr_assert_null(files);
	cr_expect_eq(strncmp(error, option, strlen(option)), 0, "%s is not of %s", error, option);
	cr_expect(strstr(error, path), "%s does not name %s", error, path);
	cr_expect(strstr(error, reason), "%s does not say: %s", error, reason);
	free(error);
}

static void assert_good(void)
{
	struct tls_files *files = NULL;
	char *error = NULL;
	cr_assert_eq(tls_read(&t.options, &files, &error), 0, "%s", error);
	tls_files_free(files);
}

Test(net_tls_files, must_be_there)
{
	t.options.key = certificates_path("nothing.key");
	assert_error("tls.key:", "nothing.key", "No such file");
	t.options.key = "";
	assert_error("tls.key", "", "is missing");
	t.options.certificate = certificates_path("nothing.pem");
	t.options.key = t.server->key_pem;
	assert_error("tls.certificate:", "nothing.pem", "No such file");
	t.options.certificate = "";
	assert_error("tls.certificate", "", "is missing");
}

Test(net_tls_files, must_hold_what_the_option_is_for)
{
	certificates_write("nonsense", "nonsense\n");
	certificates_write("empty", "");
	t.options.certificate = certificates_path("nonsense");
	assert_error("tls.certificate:", "nonsense", "not a PEM file of certificates");
	t.options.certificate = certificates_path("empty");
	assert_error("tls.certificate:", "empty", "not a PEM file of certificates");
	t.options.certificate = t.server->pem;
	t.options.key = t.server->pem;
	assert_error("tls.key:", "server.pem", "not a PEM file of a private key");
	t.options.key = t.authority->key_pem;
	assert_error("tls.key:", "authority.key", "is not the key of the certificate");
}

Test(net_tls_files, must_not_ask_for_a_passphrase)
{
	FILE *f = fopen(certificates_path("secret.key"), "we");
	PEM_write_PrivateKey(f, t.server->key, EVP_aes_128_cbc(), (const unsigned char *)"abcd", 4,
			     NULL, NULL);
	fclose(f);
	t.options.key = certificates_path("secret.key");
	assert_error("tls.key:", "secret.key", "has a passphrase");
}

Test(net_tls_files, of_the_second_pair_must_be_of_another_type_of_key)
{
	t.options.second_certificate = t.authority->pem;
	assert_error("tls.second_key", "", "is missing");
	t.options.second_key = t.authority->key_pem;
	assert_error("tls.second_certificate:", "authority.pem", "a key of the same type");
}

Test(net_tls_files, of_authorities_may_be_one_or_a_folder_of_them)
{
	t.options.client_ca = t.authority->pem;
	assert_good();
	mkdir(certificates_path("folder"), 0700);
	t.options.client_ca = certificates_path("folder");
	assert_error("tls.client_ca:", "folder", "has no file");
	certificates_write("folder/README", "not looked at");
	struct buf text = {0};
	cr_assert_eq(buf_read_file(&text, t.authority->pem), 0);
	certificates_write("folder/one.pem", text.data);
	certificates_write("folder/two.crt", text.data);
	buf_free(&text);
	assert_good();
	certificates_write("folder/three.pem", "broken");
	assert_error("tls.client_ca:", "folder/three.pem", "not a PEM file of certificates");
	t.options.client_ca = certificates_path("nowhere");
	assert_error("tls.client_ca:", "nowhere", "No such file");
}

Test(net_tls_files, that_have_expired_are_used_all_the_same)
{
	const struct certificate *old =
	    certificate_make(&(struct certificate_spec){.name = "old", .days = -1});
	t.options.certificate = old->pem;
	t.options.key = old->key_pem;
	assert_good();
}

Test(net_tls_files, are_read_with_ciphers_that_exist)
{
	t.options.ciphers = "NO-SUCH-CIPHER";
	assert_error("tls.ciphers:", "NO-SUCH-CIPHER", "no cipher match");
}
