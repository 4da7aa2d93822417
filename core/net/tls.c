#include "net/tls.h"

#include <stdlib.h>

#include "base/arena.h"
#include "net/trust.h"

struct tls {
	struct trust *trust;
};

struct tls *tls_new(void)
{
	struct tls *t = mem_zalloc(sizeof *t);
	t->trust = trust_new();
	return t;
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	trust_free(t->trust);
	free(t);
}

int tls_trust(struct tls *t, const char *owner, const char *pem)
{
	STACK_OF(X509) * certificates;
	int err = trust_read(pem, &certificates);
	if (!err)
		trust_set(t->trust, owner, certificates);
	return err;
}
