/* Checks of what goes into requests, and of the patterns of hosts. No state. */
#ifndef TRANSFER_WORDS_H
#define TRANSFER_WORDS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Nothing that would end the line that a header is on, no other control character. */
bool word_is_value(const char *);
/* UTF-8 without U+0000. */
bool word_is_text(const char *bytes, size_t len);

/* An address as SMTP's commands take it: "a@example.com", in ASCII; nothing that ends a command. */
bool address_of_mail_is_good(const char *);

/* A host as lists have it: "api.example.com", "*.example.com" (those below it), "10.0.0.5",
 * "[fd00::1]". Letters are lower case. */
bool host_pattern_is_good(const char *);
bool host_matches(const char *pattern, const char *host);
/* Is host:port among the blank-separated "host" and "host:port" of a list? */
bool host_is_listed(const char *list, const char *host, int64_t port);
/* Is every word of the list such a one? */
bool host_list_is_good(const char *list);
#endif
