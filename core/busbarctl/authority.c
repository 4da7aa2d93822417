#include "busbarctl/authority.h"

#include <openssl/x509v3.h>
#include <time.h>

#define SERIAL_BITS 127 /* 16 bytes that are no negative number */
#define DAYS 3653       /* ten years, or a day more */
#define BACKDATED_S 300 /* a charger's clock may be behind ours */
/* The whitepaper has firmware signed by RSA or EC Schnorr; OpenSSL has no such EC. */
#define FIRMWARE_RSA_BITS 3072

struct extension {
	int nid;
	const char *value;
};

static const struct extension of_root[] = {
    {NID_basic_constraints, "critical,CA:TRUE"},
    {NID_key_usage, "critical,keyCertSign,cRLSign"},
    {NID_subject_key_identifier, "hash"},
    {0},
};

static const struct extension of_firmware[] = {
    {NID_basic_constraints, "critical,CA:FALSE"}, {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "codeSigning"},           {NID_subject_key_identifier, "hash"},
    {NID_authority_key_identifier, "keyid"},      {0},
};

static bool set_serial(X509 *x)
{
	BIGNUM *number = BN_new();
	bool ok = number && BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
		  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x));
	BN_free(number);
	return ok;
}

static bool name(X509_NAME *n, int nid, const char *text)
{
	return X509_NAME_add_entry_by_NID(n, nid, MBSTRING_UTF8, (const unsigned char *)text, -1,
					  -1, 0) == 1;
}

static bool set_names(X509 *x, const char *common_name, const char *organization, const X509 *root)
{
	X509_NAME *subject = X509_get_subject_name(x);
	return (!organization || name(subject, NID_organizationName, organization)) &&
	       name(subject, NID_commonName, common_name) &&
	       X509_set_issuer_name(x, X509_get_subject_name(root));
}

static bool set_validity(X509 *x, time_t now)
{
	return X509_time_adj_ex(X509_getm_notBefore(x), 0, -BACKDATED_S, &now) &&
	       X509_time_adj_ex(X509_getm_notAfter(x), DAYS, 0, &now);
}

static bool set_extensions(X509 *x, X509 *root, const struct extension *e)
{
	X509V3_CTX ctx;
	bool ok = true;
	X509V3_set_ctx(&ctx, root, x, NULL, NULL, 0);
	for (; ok && e->nid; e++) {
		X509_EXTENSION *made = X509V3_EXT_nconf_nid(NULL, &ctx, e->nid, e->value);
		ok = made && X509_add_ext(x, made, -1);
		X509_EXTENSION_free(made);
	}
	return ok;
}

/* A certificate for the identity's key, issued by `root`: itself, perhaps. */
static bool certify(struct identity *i, const char *common_name, const char *organization,
		    const struct extension *extensions, const struct identity *root, time_t now)
{
	i->certificate = i->key ? X509_new() : NULL;
	X509 *x = i->certificate;
	return x && X509_set_version(x, X509_VERSION_3) && set_serial(x) &&
	       set_names(x, common_name, organization, root->certificate) && set_validity(x, now) &&
	       X509_set_pubkey(x, i->key) && set_extensions(x, root->certificate, extensions) &&
	       X509_sign(x, root->key, EVP_sha256()) > 0;
}

bool authority_make(struct authority *ret, const char *organization)
{
	time_t now = time(NULL);
	struct identity *root = &ret->root, *firmware = &ret->firmware;
	*root = (struct identity){.key = EVP_EC_gen("P-256")};
	*firmware = (struct identity){.key = EVP_RSA_gen(FIRMWARE_RSA_BITS)};
	return certify(root, "Busbar charger CA", organization, of_root, root, now) &&
	       certify(firmware, "Busbar firmware signing", organization, of_firmware, root, now);
}

static void identity_free(struct identity *i)
{
	X509_free(i->certificate);
	EVP_PKEY_free(i->key);
}

void authority_free(struct authority *a)
{
	identity_free(&a->root);
	identity_free(&a->firmware);
}
