/* Reading certificates and keys, and saying of each what is wrong with it. */
#include <dirent.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "net/tls_internal.h"
#include "net/trust.h"

static int fail(char **ret_error, int err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int fail(char **ret_error, int err, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	*ret_error = mem_strdup(text);
	ERR_clear_error();
	return err;
}

static const char *openssl_reason(void)
{
	const char *text = ERR_reason_error_string(ERR_peek_last_error());
	return text ? text : "no reason known";
}

static int read_text(const char *option, const char *path, struct buf *ret, char **ret_error)
{
	int err = buf_read_file(ret, path);
	return err ? fail(ret_error, err, "%s: cannot read %s: %s", option, path, strerror(-err))
		   : 0;
}

static int read_certificates(const char *option, const char *path, STACK_OF(X509) * *ret,
			     char **ret_error)
{
	struct buf text = {0};
	int err = read_text(option, path, &text, ret_error);
	if (!err && (!text.len || trust_read(text.data, ret)))
		err = fail(ret_error, -EINVAL, "%s: %s is not a PEM file of certificates", option,
			   path);
	buf_free(&text);
	return err;
}

static void warn_dates(const char *option, const char *path, const X509 *x)
{
	const char *what = X509_cmp_current_time(X509_get0_notAfter(x)) < 0    ? "has expired"
			   : X509_cmp_current_time(X509_get0_notBefore(x)) > 0 ? "is not valid yet"
									       : NULL;
	char subject[256];
	if (what)
		log_line(BB_WARN, "tls", "%s: the certificate of %s in %s %s", option,
			 X509_NAME_oneline(X509_get_subject_name(x), subject, sizeof subject), path,
			 what);
}

/* Nobody is there to type a passphrase. */
static int no_passphrase(char *out, int size, int writing, void *asked)
{
	(void)out, (void)size, (void)writing;
	*(bool *)asked = true;
	return -1;
}

static int read_key(const char *option, const char *path, EVP_PKEY **ret, char **ret_error)
{
	struct buf text = {0};
	bool encrypted = false;
	struct stat st;
	int err = read_text(option, path, &text, ret_error);
	if (err)
		return err;
	BIO *bio = BIO_new_mem_buf(text.data ? text.data : "", (int)text.len);
	*ret = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &encrypted);
	BIO_free(bio);
	if (text.data)
		OPENSSL_cleanse(text.data, text.len);
	buf_free(&text);
	if (!*ret)
		return fail(ret_error, -EINVAL,
			    encrypted ? "%s: %s has a passphrase; busbard takes keys without one"
				      : "%s: %s is not a PEM file of a private key",
			    option, path);
	if (!stat(path, &st) && st.st_mode & S_IRWXO)
		log_line(BB_WARN, "tls", "%s: others may read %s; it should have mode 0600", option,
			 path);
	return 0;
}

static void pair_free(struct tls_pair *p)
{
	X509_free(p->leaf);
	sk_X509_pop_free(p->chain, X509_free);
	EVP_PKEY_free(p->key);
}

void tls_files_free(struct tls_files *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < sizeof f->pairs / sizeof *f->pairs; i++)
		pair_free(&f->pairs[i]);
	sk_X509_pop_free(f->client_ca, X509_free);
	free(f);
}

struct pair_names {
	const char *certificate_option, *key_option, *certificate, *key;
};

static int read_pair(const struct pair_names *names, SSL_CTX *trial, struct tls_pair *ret,
		     char **ret_error)
{
	int err = read_certificates(names->certificate_option, names->certificate, &ret->chain,
				    ret_error);
	if (err)
		return err;
	ret->leaf = sk_X509_shift(ret->chain);
	warn_dates(names->certificate_option, names->certificate, ret->leaf);
	err = read_key(names->key_option, names->key, &ret->key, ret_error);
	if (err)
		return err;
	if (X509_check_private_key(ret->leaf, ret->key) != 1)
		return fail(ret_error, -EINVAL, "%s: %s is not the key of the certificate in %s",
			    names->key_option, names->key, names->certificate);
	if (SSL_CTX_use_cert_and_key(trial, ret->leaf, ret->key, ret->chain, 0) != 1) {
		bool taken =
		    ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_NOT_REPLACING_CERTIFICATE;
		return fail(ret_error, -EINVAL, "%s: %s cannot be used: %s",
			    names->certificate_option, names->certificate,
			    taken ? "the other certificate has a key of the same type"
				  : openssl_reason());
	}
	return 0;
}

static int read_pairs(const struct tls_options *o, SSL_CTX *trial, struct tls_files *f,
		      char **ret_error)
{
	const struct pair_names both[] = {
	    {"tls.certificate", "tls.key", o->certificate, o->key},
	    {"tls.second_certificate", "tls.second_key", o->second_certificate, o->second_key},
	};
	int err = 0;
	for (size_t i = 0; i < 2 && !err; i++) {
		if (i && !*both[i].certificate && !*both[i].key)
			continue;
		if (!*both[i].certificate || !*both[i].key)
			return fail(ret_error, -EINVAL, "%s is missing",
				    *both[i].certificate ? both[i].key_option
							 : both[i].certificate_option);
		err = read_pair(&both[i], trial, &f->pairs[f->pair_count++], ret_error);
	}
	return err;
}

static int is_pem(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');
	return dot && dot != entry->d_name && (!strcmp(dot, ".pem") || !strcmp(dot, ".crt"));
}

static int add_authorities(const char *path, STACK_OF(X509) * into, char **ret_error)
{
	STACK_OF(X509) *some = NULL;
	int err = read_certificates("tls.client_ca", path, &some, ret_error);
	if (err)
		return err;
	for (X509 *x; (x = sk_X509_shift(some));) {
		warn_dates("tls.client_ca", path, x);
		sk_X509_push(into, x);
	}
	sk_X509_free(some);
	return 0;
}

static int read_folder(const char *folder, STACK_OF(X509) * into, char **ret_error)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_pem, alphasort), err = 0;
	if (count < 0)
		return fail(ret_error, -errno, "tls.client_ca: cannot read %s: %s", folder,
			    strerror(errno));
	for (int i = 0; i < count; i++) {
		struct buf path = {0};
		buf_printf(&path, "%s/%s", folder, entries[i]->d_name);
		if (!err)
			err = add_authorities(path.data, into, ret_error);
		buf_free(&path);
		free(entries[i]);
	}
	free(entries);
	if (!err && !sk_X509_num(into))
		err = fail(ret_error, -ENOENT, "tls.client_ca: %s has no file *.pem or *.crt",
			   folder);
	return err;
}

static int read_client_ca(const char *path, STACK_OF(X509) * into, char **ret_error)
{
	struct stat st;
	if (!*path)
		return 0;
	return !stat(path, &st) && S_ISDIR(st.st_mode) ? read_folder(path, into, ret_error)
						       : add_authorities(path, into, ret_error);
}

int tls_read(const struct tls_options *o, struct tls_files **ret, char **ret_error)
{
	struct tls_files *f = mem_zalloc(sizeof *f);
	SSL_CTX *trial = SSL_CTX_new(TLS_server_method());
	f->client_ca = sk_X509_new_null();
	int err = 0;
	if (!tls_negotiates(trial, o))
		err = fail(ret_error, -EINVAL, "tls.ciphers: \"%s\": %s", o->ciphers,
			   openssl_reason());
	if (!err)
		err = read_pairs(o, trial, f, ret_error);
	if (!err)
		err = read_client_ca(o->client_ca, f->client_ca, ret_error);
	SSL_CTX_free(trial);
	if (err)
		tls_files_free(f);
	else
		*ret = f;
	return err;
}
