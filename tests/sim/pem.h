/* Keys, certificates and requests from Lua's arguments and back. PEM text, or the path of a file
 * with it. */
#ifndef SIM_PEM_H
#define SIM_PEM_H
#include <lua.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

/* NULL if there is none in it. The caller frees. */
EVP_PKEY *pem_private_key(const char *text);
/* Of a public or private key, a certificate or a request. */
EVP_PKEY *pem_public_key(const char *text);
X509 *pem_certificate(const char *text);
X509_REQ *pem_request(const char *text);
/* All of them, in order; empty if there is none. */
STACK_OF(X509) * pem_certificates(const char *text);

/* Pushes what the BIO has in it, and frees it. */
void pem_push(lua_State *, BIO *);
/* An error of Lua's, with OpenSSL's last reason, unless `what` is NULL. */
void pem_raise(lua_State *, const char *what);
/* The digest of the string argument, SHA256 by default, or an error of Lua's. */
const EVP_MD *pem_digest(lua_State *, int arg);
#endif
