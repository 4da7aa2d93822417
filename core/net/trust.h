/* The certificates that vouch for clients' certificates: sets of several owners, each replaced as a
 * whole. */
#ifndef NET_TRUST_H
#define NET_TRUST_H
#include <openssl/x509.h>

struct trust;

struct trust *trust_new(void);
void trust_free(struct trust *);

/* Reads PEM, any number of certificates; NULL or "" is none. -EINVAL: none in it, or a broken one.
 */
int trust_read(const char *pem, STACK_OF(X509) * *ret);
/* Replaces an owner's set, which is the trust's from here. */
void trust_set(struct trust *, const char *owner, STACK_OF(X509) *);
void trust_each(const struct trust *, void (*fn)(const X509 *, void *arg), void *arg);
/* All of them; NULL if there is none. The caller frees it. */
X509_STORE *trust_store(const struct trust *);
/* The subjects' names, for the server to say whom it trusts. The caller frees it. */
STACK_OF(X509_NAME) * trust_names(const struct trust *);
#endif
