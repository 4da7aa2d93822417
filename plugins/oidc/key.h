/* A public key of a JSON Web Key (RFC 7517, 7518, 8037), and what it has signed. */
#ifndef OIDC_KEY_H
#define OIDC_KEY_H
#include <openssl/types.h>

#include <busbar/json.h>

#include "algorithm.h"
#include "base64.h"

enum { KEY_ID_SIZE = 256 };

struct key {
	char id[KEY_ID_SIZE];         /* "": it has none */
	const struct algorithm *alg;  /* the only one that it is for; NULL: all of its type */
	const struct algorithm *like; /* one of its type */
	EVP_PKEY *pkey;
};

/* False: it is no key that could sign a token here; nothing is to be freed then. */
bool key_read(struct bb_arena *, const struct bb_json *jwk, struct key *ret);
void key_free(struct key *);
/* May it sign by that algorithm? */
bool key_is_for(const struct key *, const struct algorithm *);
/* [any] */
bool key_has_signed(EVP_PKEY *, const struct algorithm *, const char *text, size_t len,
		    struct bytes signature);
#endif
