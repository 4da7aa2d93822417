/* What a client's certificate says of it. */
#include <stdio.h>
#include <time.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "net/tls_internal.h"

const char *tls_common_name(const X509_NAME *subject, struct bb_arena *arena)
{
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0)
		return "";
	unsigned char *text = NULL;
	const X509_NAME_ENTRY *entry = X509_NAME_get_entry(subject, at);
	int len = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
	const char *name = "";
	if (len > 0 && strlen((char *)text) == (size_t)len && utf8_valid((char *)text, (size_t)len))
		name = bb_strdup(arena, (char *)text);
	OPENSSL_free(text);
	return name;
}

static const char *serial_hex(const X509 *x, struct bb_arena *arena)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	char *hex = number ? BN_bn2hex(number) : NULL;
	const char *copy = bb_strdup(arena, hex ? hex : "");
	OPENSSL_free(hex);
	BN_free(number);
	return copy;
}

static const char *fingerprint_hex(const X509 *x, struct bb_arena *arena)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	X509_digest(x, EVP_sha256(), digest, &len);
	char *hex = bb_zalloc(arena, 2 * len + 1);
	for (unsigned i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return hex;
}

static const char *name_text(const X509_NAME *name, struct bb_arena *arena)
{
	BIO *bio = BIO_new(BIO_s_mem());
	X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253);
	char *text;
	long len = BIO_get_mem_data(bio, &text);
	const char *copy = bb_strndup(arena, text, len > 0 ? (size_t)len : 0);
	BIO_free(bio);
	return copy;
}

int64_t tls_time_ms(const ASN1_TIME *time)
{
	struct tm tm = {0};
	return ASN1_TIME_to_tm(time, &tm) == 1 ? (int64_t)timegm(&tm) * 1000 : 0;
}

const struct net_certificate *tls_client(const SSL *ssl, struct bb_arena *arena)
{
	const X509 *x = SSL_get0_peer_certificate(ssl);
	if (!x || SSL_get_verify_result(ssl) != X509_V_OK)
		return NULL;
	struct net_certificate *c = bb_zalloc(arena, sizeof *c);
	c->common_name = tls_common_name(X509_get_subject_name(x), arena);
	c->serial = serial_hex(x, arena);
	c->fingerprint = fingerprint_hex(x, arena);
	c->issuer = name_text(X509_get_issuer_name(x), arena);
	c->not_after_ms = tls_time_ms(X509_get0_notAfter(x));
	return c;
}
