/* The signature algorithms that there are here. All are of key pairs: none whose key is a secret
 * that could be mistaken for a public one, and not `none`. */
#ifndef OIDC_ALGORITHM_H
#define OIDC_ALGORITHM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct algorithm {
	const char *name;   /* "RS256" */
	const char *kty;    /* of its keys: "RSA", "EC", "OKP" */
	const char *crv;    /* of its keys, or NULL */
	const char *digest; /* NULL: the algorithm's own */
	bool pss;
	size_t half; /* bytes of r and of s, of EC */
};

enum { ALGORITHMS = 9 };
extern const struct algorithm algorithms[ALGORITHMS];

/* NULL: there is none of that name. */
const struct algorithm *algorithm_find(const char *name);
/* As one bit of a set. */
uint32_t algorithm_bit(const struct algorithm *);
#endif
