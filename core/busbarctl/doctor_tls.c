/* Certificates: when they end, of whom they are, who vouches for them, and whether the keys fit. */
#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "base/arena.h"
#include "busbarctl/doctor.h"

#define SOON_DAYS 30

struct pair {
	const char *certificate, *key; /* options */
	bool listens;                  /* it is the server's own to those who connect */
};

static X509 *read_first(const char *path, STACK_OF(X509) * rest)
{
	FILE *f = fopen(path, "re");
	X509 *first = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;
	for (X509 *x; first && (x = PEM_read_X509(f, NULL, NULL, NULL));)
		sk_X509_push(rest, x);
	if (f)
		fclose(f);
	return first;
}

static void check_dates(struct doctor *d, const struct pair *p, const X509 *x)
{
	int days = 0, seconds = 0;
	const char *mend = p->listens ? "renew it, then send busbard SIGHUP" : "renew it";
	ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(x));
	if (X509_cmp_current_time(X509_get0_notBefore(x)) > 0)
		found(d, WRONG, "look at the clock of this machine, and at the certificate",
		      "%s is not valid yet", p->certificate);
	else if (days < 0 || seconds < 0)
		found(d, WRONG, mend, "%s has expired %d days ago", p->certificate, -days);
	else if (days < SOON_DAYS)
		found(d, NOTICE, mend, "%s expires in %d day%s", p->certificate, days,
		      days == 1 ? "" : "s");
	else
		found(d, FINE, NULL, "%s is valid for %d days more", p->certificate, days);
}

static void check_key(struct doctor *d, const struct pair *p, X509 *x)
{
	const char *path = option_value(d, p->key);
	FILE *f = *path ? fopen(path, "re") : NULL;
	EVP_PKEY *key = f ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;
	if (!key)
		found(d, WRONG, "run this as a user who may read it; else make a new pair",
		      "%s: %s has no private key that can be read", p->key, *path ? path : "\"\"");
	else if (X509_check_private_key(x, key) != 1)
		found(d, WRONG, "configure the key that the certificate was made with",
		      "%s is not the key of %s", p->key, p->certificate);
	if (f)
		fclose(f);
	EVP_PKEY_free(key);
}

/* The host of "https://host:port"; NULL: there is none. */
static const char *host_of(struct bb_arena *a, const char *url)
{
	const char *host = strstr(url, "://");
	if (!host)
		return NULL;
	host += 3;
	if (*host == '[')
		return bb_strndup(a, host + 1, strcspn(host + 1, "]"));
	return bb_strndup(a, host, strcspn(host, ":/"));
}

static void check_name(struct doctor *d, const struct pair *p, X509 *x, const char *of,
		       const char *url)
{
	const char *host = host_of(d->ctl->arena, url);
	if (!host || strncmp(url, "https:", 6) != 0)
		return;
	if (X509_check_host(x, host, 0, 0, NULL) != 1 && X509_check_ip_asc(x, host, 0) != 1)
		found(d, WRONG,
		      "have one made with that name among its alternative names, or use the name "
		      "that it has",
		      "%s is not of %s, which %s has", p->certificate, host, of);
}

static void check_chain(struct doctor *d, const struct pair *p, X509 *x, STACK_OF(X509) * between)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_STORE_set_default_paths(store);
	if (d->ctl->ca)
		X509_STORE_load_file(store, d->ctl->ca);
	X509_STORE_CTX_init(ctx, store, x, between);
	if (X509_verify_cert(ctx) != 1) {
		int err = X509_STORE_CTX_get_error(ctx);
		found(d, NOTICE,
		      "if its root is public, the file lacks a certificate between; if it is your "
		      "own, whoever connects must be told to trust it",
		      "%s: this machine does not trust it: %s", p->certificate,
		      X509_verify_cert_error_string(err));
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
}

static void check_pair(struct doctor *d, const struct pair *p)
{
	const char *path = option_value(d, p->certificate);
	STACK_OF(X509) *between = sk_X509_new_null();
	X509 *x = *path ? read_first(path, between) : NULL;
	if (*path && !x)
		found(d, WRONG, "configure a PEM file that busbard may read",
		      "%s: %s has no certificate that can be read", p->certificate, path);
	if (x) {
		check_dates(d, p, x);
		check_key(d, p, x);
	}
	if (x && p->listens) {
		check_name(d, p, x, "files.base_url", option_value(d, "files.base_url"));
		check_name(d, p, x, "the server's URL", d->ctl->url);
		check_chain(d, p, x, between);
	}
	X509_free(x);
	sk_X509_pop_free(between, X509_free);
}

/* Is that address only this machine's? */
static bool is_loopback(const char *listen)
{
	return !strncmp(listen, "127.", 4) || !strncmp(listen, "[::1]", 5) ||
	       !strncmp(listen, "localhost:", 10);
}

static void check_encryption(struct doctor *d)
{
	const char *plain = option_value(d, "http.listen");
	if (d->values && *plain && !*option_value(d, "tls.listen") && !is_loopback(plain))
		found(d, NOTICE,
		      "set tls.listen, or let a proxy speak TLS and http.listen name an address "
		      "that only it reaches",
		      "%s takes chargers and keys unencrypted, and nothing here speaks TLS", plain);
}

void check_certificates(struct doctor *d)
{
	static const struct pair pairs[] = {
	    {"tls.certificate", "tls.key", true},
	    {"tls.second_certificate", "tls.second_key", true},
	    {"ocpp16_security.ca_certificate", "ocpp16_security.ca_key", false},
	    {"ocpp16_security.signing_certificate", "ocpp16_security.signing_key", false},
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		check_pair(d, &pairs[i]);
	check_encryption(d);
}
