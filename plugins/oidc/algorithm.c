#include "algorithm.h"

#include <string.h>

const struct algorithm algorithms[ALGORITHMS] = {
    {"RS256", "RSA", NULL, "SHA256", false, 0},    {"RS384", "RSA", NULL, "SHA384", false, 0},
    {"RS512", "RSA", NULL, "SHA512", false, 0},    {"PS256", "RSA", NULL, "SHA256", true, 0},
    {"PS384", "RSA", NULL, "SHA384", true, 0},     {"PS512", "RSA", NULL, "SHA512", true, 0},
    {"ES256", "EC", "P-256", "SHA256", false, 32}, {"ES384", "EC", "P-384", "SHA384", false, 48},
    {"EdDSA", "OKP", "Ed25519", NULL, false, 0},
};

const struct algorithm *algorithm_find(const char *name)
{
	for (size_t i = 0; name && i < ALGORITHMS; i++)
		if (!strcmp(algorithms[i].name, name))
			return &algorithms[i];
	return NULL;
}

uint32_t algorithm_bit(const struct algorithm *alg)
{
	return 1u << (alg - algorithms);
}
