#include "tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int alert_index;    /* of an SSL: the text of the last alert, static */
static int insecure_index; /* of an SSL_CTX: not NULL if it is */

static void make_indexes(void)
{
	alert_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	insecure_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
}

static void on_info(const SSL *ssl, int where, int value)
{
	if (!(where & SSL_CB_ALERT) || !(where & SSL_CB_READ) || value >> 8 != SSL3_AL_FATAL)
		return;
	/* OpenSSL 3.0 has no text for this one. */
	const char *text = (value & 0xff) == SSL_AD_CERTIFICATE_REQUIRED
			       ? "certificate required"
			       : SSL_alert_desc_string_long(value);
	SSL_set_ex_data((SSL *)ssl, alert_index, (void *)text);
}

BIO *tls_pem(const char *text, char **ret_error)
{
	if (strstr(text, "-----BEGIN"))
		return BIO_new_mem_buf(text, -1);
	BIO *file = BIO_new_file(text, "r");
	if (!file) {
		struct buf out = {0};
		buf_printf(&out, "cannot read %.200s", text);
		*ret_error = out.data;
	}
	ERR_clear_error();
	return file;
}

static const char *trust(SSL_CTX *ctx, BIO *pem)
{
	X509 *found;
	int count = 0;
	while ((found = PEM_read_bio_X509(pem, NULL, NULL, NULL))) {
		count += X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), found);
		X509_free(found);
	}
	return count ? NULL : "ca: no certificate in it";
}

static const char *show(SSL_CTX *ctx, BIO *pem)
{
	X509 *own = PEM_read_bio_X509_AUX(pem, NULL, NULL, NULL), *next;
	int ok = own && SSL_CTX_use_certificate(ctx, own);
	X509_free(own);
	while (ok && (next = PEM_read_bio_X509(pem, NULL, NULL, NULL)))
		if (!SSL_CTX_add0_chain_cert(ctx, next))
			X509_free(next);
	return ok ? NULL : "certificate: none in it";
}

static const char *prove(SSL_CTX *ctx, BIO *pem)
{
	EVP_PKEY *key = PEM_read_bio_PrivateKey(pem, NULL, NULL, "");
	const char *fault = NULL;
	if (!key)
		fault = "key: no private key in it";
	else if (SSL_CTX_use_PrivateKey(ctx, key) != 1)
		fault = "key: it is not the certificate's";
	EVP_PKEY_free(key);
	return fault;
}

static char *use(SSL_CTX *ctx, const char *text, const char *(*take)(SSL_CTX *, BIO *))
{
	char *error = NULL;
	BIO *pem = text ? tls_pem(text, &error) : NULL;
	if (!pem)
		return error;
	const char *fault = take(ctx, pem);
	BIO_free(pem);
	return fault ? mem_strdup(fault) : NULL;
}

static char *set_versions(SSL_CTX *ctx, const struct tls_options *o)
{
	static const struct {
		const char *name;
		int version;
	} versions[] = {{"1.0", TLS1_VERSION},
			{"1.1", TLS1_1_VERSION},
			{"1.2", TLS1_2_VERSION},
			{"1.3", TLS1_3_VERSION}};
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	if (!o->version) {
		/* TLS 1.3 has suites of its own, and would not mind the list. */
		bool older = o->ciphers && strncmp(o->ciphers, "TLS_", 4) != 0;
		SSL_CTX_set_max_proto_version(ctx, older ? TLS1_2_VERSION : 0);
		return NULL;
	}
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		if (strcmp(versions[i].name, o->version) != 0)
			continue;
		if (versions[i].version < TLS1_2_VERSION)
			SSL_CTX_set_security_level(ctx, 0);
		SSL_CTX_set_min_proto_version(ctx, versions[i].version);
		SSL_CTX_set_max_proto_version(ctx, versions[i].version);
		return NULL;
	}
	return mem_strdup("tls_version: 1.0, 1.1, 1.2 or 1.3");
}

static char *set_ciphers(SSL_CTX *ctx, const char *ciphers)
{
	if (!ciphers)
		return NULL;
	int ok = strncmp(ciphers, "TLS_", 4) != 0 ? SSL_CTX_set_cipher_list(ctx, ciphers)
						  : SSL_CTX_set_ciphersuites(ctx, ciphers);
	return ok ? NULL : mem_strdup("ciphers: OpenSSL knows none of them");
}

static bool is_address(const char *host)
{
	unsigned char address[16];
	return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

void tls_name_peer(SSL *ssl, const char *host)
{
	if (!is_address(host))
		SSL_set_tlsext_host_name(ssl, host);
}

static void set_peer(SSL_CTX *ctx, const struct tls_options *o)
{
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);
	SSL_CTX_set_verify(ctx, o->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_ex_data(ctx, insecure_index, o->insecure ? ctx : NULL);
	if (o->insecure || !o->host)
		return;
	if (is_address(o->host))
		X509_VERIFY_PARAM_set1_ip_asc(param, o->host);
	else
		X509_VERIFY_PARAM_set1_host(param, o->host, 0);
}

static SSL_CTX *new_context(const SSL_METHOD *method)
{
	pthread_once(&once, make_indexes);
	SSL_CTX *ctx = SSL_CTX_new(method);
	SSL_CTX_set_info_callback(ctx, on_info);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	return ctx;
}

SSL_CTX *tls_server(const struct tls_options *o, char **ret_error)
{
	SSL_CTX *ctx = new_context(TLS_server_method());
	char *error = set_versions(ctx, o);
	if (!error)
		error = use(ctx, o->certificate, show);
	if (!error)
		error = use(ctx, o->key, prove);
	ERR_clear_error();
	if (!error)
		return ctx;
	SSL_CTX_free(ctx);
	*ret_error = error;
	return NULL;
}

SSL_CTX *tls_client(const struct tls_options *o, char **ret_error)
{
	SSL_CTX *ctx = new_context(TLS_client_method());
	set_peer(ctx, o);
	char *error = set_versions(ctx, o);
	if (!error)
		error = set_ciphers(ctx, o->ciphers);
	if (!error && o->ca)
		error = use(ctx, o->ca, trust);
	else if (!error && !o->insecure)
		SSL_CTX_set_default_verify_paths(ctx);
	if (!error)
		error = use(ctx, o->certificate, show);
	if (!error)
		error = use(ctx, o->key, prove);
	ERR_clear_error();
	if (!error)
		return ctx;
	SSL_CTX_free(ctx);
	*ret_error = error;
	return NULL;
}

bool tls_is_insecure(SSL_CTX *ctx)
{
	return SSL_CTX_get_ex_data(ctx, insecure_index) != NULL;
}

void tls_reason(SSL *ssl, struct buf *out)
{
	const char *alert = SSL_get_ex_data(ssl, alert_index);
	long verdict = SSL_get_verify_result(ssl);
	if (alert)
		buf_printf(out, "the server says: %s", alert);
	else if (verdict != X509_V_OK && !tls_is_insecure(SSL_get_SSL_CTX(ssl)))
		buf_printf(out, "its certificate: %s", X509_verify_cert_error_string(verdict));
}
