#include "net/trust.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct set {
	struct set *next;
	char *owner;
	STACK_OF(X509) * certificates;
};

struct trust {
	struct set *sets;
};

struct trust *trust_new(void)
{
	return mem_zalloc(sizeof(struct trust));
}

static void free_all(STACK_OF(X509) * certificates)
{
	sk_X509_pop_free(certificates, X509_free);
}

void trust_free(struct trust *t)
{
	if (!t)
		return;
	while (t->sets) {
		struct set *s = t->sets;
		t->sets = s->next;
		free_all(s->certificates);
		free(s->owner);
		free(s);
	}
	free(t);
}

/* Certificates up to the end; anything in front of the first "-----BEGIN" is a comment. */
static int read_all(BIO *bio, STACK_OF(X509) * into)
{
	for (X509 *x; (x = PEM_read_bio_X509(bio, NULL, NULL, (void *)""));)
		sk_X509_push(into, x);
	bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
	ERR_clear_error();
	return at_end && sk_X509_num(into) ? 0 : -EINVAL;
}

int trust_read(const char *pem, STACK_OF(X509) * *ret)
{
	STACK_OF(X509) *all = sk_X509_new_null();
	int err = 0;
	if (pem && *pem) {
		BIO *bio = BIO_new_mem_buf(pem, -1);
		ERR_clear_error();
		err = read_all(bio, all);
		BIO_free(bio);
	}
	if (err)
		free_all(all);
	else
		*ret = all;
	return err;
}

static struct set *set_of(struct trust *t, const char *owner)
{
	struct set *s = t->sets;
	while (s && strcmp(s->owner, owner) != 0)
		s = s->next;
	if (!s) {
		s = mem_zalloc(sizeof *s);
		s->owner = mem_strdup(owner);
		s->next = t->sets;
		t->sets = s;
	}
	return s;
}

void trust_set(struct trust *t, const char *owner, STACK_OF(X509) * certificates)
{
	struct set *s = set_of(t, owner);
	free_all(s->certificates);
	s->certificates = certificates;
}

void trust_each(const struct trust *t, void (*fn)(const X509 *, void *arg), void *arg)
{
	for (const struct set *s = t->sets; s; s = s->next)
		for (int i = 0; i < sk_X509_num(s->certificates); i++)
			fn(sk_X509_value(s->certificates, i), arg);
}

X509_STORE *trust_store(const struct trust *t)
{
	X509_STORE *store = X509_STORE_new();
	int count = 0;
	for (const struct set *s = t->sets; s; s = s->next)
		for (int i = 0; i < sk_X509_num(s->certificates); i++, count++)
			X509_STORE_add_cert(store, sk_X509_value(s->certificates, i));
	if (count)
		return store;
	X509_STORE_free(store);
	return NULL;
}

STACK_OF(X509_NAME) * trust_names(const struct trust *t)
{
	STACK_OF(X509_NAME) *names = sk_X509_NAME_new_null();
	for (const struct set *s = t->sets; s; s = s->next)
		for (int i = 0; i < sk_X509_num(s->certificates); i++) {
			const X509 *x = sk_X509_value(s->certificates, i);
			sk_X509_NAME_push(names, X509_NAME_dup(X509_get_subject_name(x)));
		}
	return names;
}
