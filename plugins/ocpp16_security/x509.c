#include "x509.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <time.h>

#define RSA_LEAST 2048
#define EC_LEAST 224

const char *const x509_algorithms[3] = {"SHA256", "SHA384", "SHA512"};

const char *x509_hex(struct bb_arena *a, const unsigned char *bytes, size_t len)
{
	char *text = bb_alloc(a, 2 * len + 1);
	text[0] = '\0';
	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return text;
}

const char *x509_sha256(struct bb_arena *a, const char *text)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	EVP_Digest(text, strlen(text), digest, &size, EVP_sha256(), NULL);
	return x509_hex(a, digest, size);
}

static const char *bio_text(struct bb_arena *a, BIO *bio)
{
	char *text;
	long len = BIO_get_mem_data(bio, &text);
	const char *copy = bb_strndup(a, text, len > 0 ? (size_t)len : 0);
	BIO_free(bio);
	return copy;
}

static const char *name_text(struct bb_arena *a, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253);
	return bio_text(a, bio);
}

const char *x509_entry(struct bb_arena *a, const X509_NAME *name, int nid)
{
	int at = X509_NAME_get_index_by_NID(name, nid, -1);
	if (at < 0)
		return "";
	if (X509_NAME_get_index_by_NID(name, nid, at) >= 0)
		return NULL;
	unsigned char *text = NULL;
	int len =
	    ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	const char *copy = len > 0 && !memchr(text, 0, (size_t)len)
			       ? bb_strndup(a, (char *)text, (size_t)len)
			       : "";
	OPENSSL_free(text);
	return copy;
}

const char *x509_common_name(struct bb_arena *a, const X509_NAME *name)
{
	const char *cn = x509_entry(a, name, NID_commonName);
	return cn ? cn : "";
}

static const char *serial_text(struct bb_arena *a, const X509 *x)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	char *hex = number ? BN_bn2hex(number) : NULL;
	const char *at = hex ? hex : "";
	while (at[0] == '0' && at[1])
		at++;
	const char *copy = bb_strdup(a, at);
	OPENSSL_free(hex);
	BN_free(number);
	return copy;
}

static int64_t time_ms(const ASN1_TIME *time)
{
	struct tm tm = {0};
	return ASN1_TIME_to_tm(time, &tm) == 1 ? (int64_t)timegm(&tm) * 1000 : 0;
}

const char *x509_time_fault(X509 *x, int64_t now_ms, int64_t at_ms)
{
	int64_t from = time_ms(X509_get0_notBefore(x)), to = time_ms(X509_get0_notAfter(x));
	if (to <= now_ms)
		return "has expired";
	if (from > now_ms && from > at_ms)
		return "is not valid yet";
	return to <= at_ms ? "will have expired by then" : NULL;
}

bool x509_is_base64(const char *text)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len = strspn(text, digits), padding = strspn(text + len, "=");
	return len && padding <= 2 && !text[len + padding] && (len + padding) % 4 == 0;
}

X509 *x509_read(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	/* With "" as its pass phrase nobody is asked for one. */
	X509 *x = PEM_read_bio_X509(bio, NULL, NULL, (void *)"");
	BIO_free(bio);
	return x;
}

void x509_tell(struct bb_arena *a, X509 *x, struct x509_facts *ret)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	X509_digest(x, EVP_sha256(), digest, &size);
	*ret = (struct x509_facts){
	    .subject = name_text(a, X509_get_subject_name(x)),
	    .issuer = name_text(a, X509_get_issuer_name(x)),
	    .common_name = x509_common_name(a, X509_get_subject_name(x)),
	    .serial = serial_text(a, x),
	    .fingerprint = x509_hex(a, digest, size),
	    .not_before_ms = time_ms(X509_get0_notBefore(x)),
	    .not_after_ms = time_ms(X509_get0_notAfter(x)),
	    .ca = X509_check_ca(x) > 0,
	};
}

struct x509_hashes x509_hash(struct bb_arena *a, X509 *root, const char *algorithm)
{
	const EVP_MD *md = EVP_get_digestbyname(algorithm);
	unsigned char name[EVP_MAX_MD_SIZE], key[EVP_MAX_MD_SIZE];
	unsigned name_size = 0, key_size = 0;
	X509_NAME_digest(X509_get_issuer_name(root), md, name, &name_size);
	X509_pubkey_digest(root, md, key, &key_size);
	return (struct x509_hashes){algorithm, x509_hex(a, name, name_size),
				    x509_hex(a, key, key_size), serial_text(a, root)};
}

const char *x509_pem(struct bb_arena *a, X509 *x)
{
	BIO *bio = BIO_new(BIO_s_mem());
	PEM_write_bio_X509(bio, x);
	return bio_text(a, bio);
}

const char *x509_key_fault(EVP_PKEY *key)
{
	int bits = EVP_PKEY_get_bits(key);
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
		return bits < RSA_LEAST ? "its RSA key has fewer than 2048 bits" : NULL;
	case EVP_PKEY_EC:
		return bits < EC_LEAST ? "its EC key has fewer than 224 bits" : NULL;
	default:
		return "its key is neither RSA nor EC";
	}
}

static const char *request_fault(X509_REQ *req)
{
	EVP_PKEY *key = req ? X509_REQ_get0_pubkey(req) : NULL;
	if (!req)
		return "it is no certificate signing request in PEM";
	if (!key)
		return "its key cannot be read";
	if (X509_REQ_verify(req, key) != 1)
		return "its signature is not that of its key";
	return x509_key_fault(key);
}

X509_REQ *x509_read_request(const char *pem, const char **ret_fault)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509_REQ *req = PEM_read_bio_X509_REQ(bio, NULL, NULL, (void *)"");
	BIO_free(bio);
	const char *fault = request_fault(req);
	if (!fault)
		return req;
	*ret_fault = fault;
	X509_REQ_free(req);
	return NULL;
}

bool x509_answers(X509 *x, X509_REQ *req)
{
	return EVP_PKEY_eq(X509_get0_pubkey(x), X509_REQ_get0_pubkey(req)) == 1;
}
