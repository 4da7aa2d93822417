/* What the tests of tokens share: an arena, an api that parses, and texts as JSON. */
#ifndef TEST_OIDC_FIXTURE_H
#define TEST_OIDC_FIXTURE_H
#include <busbar/plugin.h>

extern struct bb_arena *arena;
extern const struct bb_api api;

void setup(void);
void teardown(void);
/* ' stands for ". */
const struct bb_json *json(const char *text);
const char *base64url(const void *bytes, size_t len);
/* header and claims as `json` has them, and a signature of three bytes. */
const char *token_of(const char *header, const char *claims);
#endif
