/* A mail as RFC 5322 and MIME have it. No state. */
#ifndef NOTIFICATIONS_MIME_H
#define NOTIFICATIONS_MIME_H
#include <stddef.h>
#include <stdint.h>

#include <busbar/arena.h>

struct mime_mail {
	const char *from_name, *from, *to; /* the addresses alone; the name may be NULL */
	const char *subject, *text, *html; /* UTF-8; html may be NULL */
	const char *id;                    /* of the message: "8.evt_5@example.com" */
	int64_t at_s;                      /* since 1970 */
	const char *boundary;              /* no line of a part begins with it: random */
};

/* The message, lines ending in CR LF, in ASCII. Control characters of the header's texts become
 * blanks: no text begins a header of its own. */
const char *mime_write(struct bb_arena *, const struct mime_mail *, size_t *ret_len);
/* A header's text as RFC 2047 has it: encoded words where it is not plain ASCII; folded. */
const char *mime_words(struct bb_arena *, const char *text);
/* RFC 2045's quoted-printable; line ends become CR LF. */
const char *mime_quoted(struct bb_arena *, const char *text);
#endif
