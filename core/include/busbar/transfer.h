/* Requests to other servers: the service "transfer/1", given by the plugin transfer. HTTP and mail,
 * all on the loop, however many at once. See docs/transfer.md.
 *
 * A plugin that uses it says "transfer/1" in its `needs`, and asks for it in init() or later:
 *
 *     const struct bb_transfer *transfer = api->service(me, "transfer/1", sizeof *transfer);
 *
 * TLS is always verified; redirects are told, not followed; no proxy is used. */
#ifndef BUSBAR_TRANSFER_H
#define BUSBAR_TRANSFER_H
#include <ctype.h>
#include <stdint.h>
#include <strings.h>

#include <busbar/plugin.h>

/* Which servers a request may reach. */
enum bb_transfer_reach {
	/* Any: the address is from the configuration, or an admin of the whole server gave it. */
	BB_TRANSFER_ANY,
	/* An operator gave the address. Those in private networks, of this machine and the like
	 * are refused, unless the operator's list of hosts has the host as a private one. */
	BB_TRANSFER_PUBLIC,
	/* A script gave it: only hosts on the operator's list. */
	BB_TRANSFER_LISTED,
};

struct bb_transfer_header {
	const char *name, *value;
};

/* All of it is copied before http() returns. */
struct bb_transfer_http {
	const char *method; /* "GET", "POST", ... */
	const char *url;    /* http:// or https:// */
	const struct bb_transfer_header *headers;
	uint32_t header_count;
	const void *body; /* NULL: none */
	size_t body_len;
	uint32_t timeout_ms;     /* from now until all of the answer is there; 0: the option's */
	int64_t max_answer;      /* bytes of its body; 0: the option's */
	uint32_t reach;          /* enum bb_transfer_reach */
	const char *operator_id; /* whose list of hosts counts; not needed for BB_TRANSFER_ANY */
	const char *ca;          /* PEM file that vouches for the server; NULL: the option's */
};

/* What came back. Lives until the callback returns. */
struct bb_transfer_answer {
	int status;                               /* of HTTP or SMTP; 0: it did not get so far */
	const struct bb_transfer_header *headers; /* names in lower case */
	uint32_t header_count;
	const char *body; /* NUL-terminated after `body_len` bytes, which may hold others */
	size_t body_len;
	const char *error; /* a sentence for the log and the admin when err is not 0, else NULL */
	uint32_t took_ms;
};

/* err: 0 the server has answered, with whatever status (of mail: it has taken it);
 * -EINVAL the request is malformed; -EACCES the host or its address is not allowed;
 * -EHOSTUNREACH no such host, or it does not let anybody connect; -EPROTO its certificate is not
 * good, or it does not speak HTTP; -ECONNRESET it hung up early; -ETIMEDOUT; -EMSGSIZE its answer
 * is too large; -EREMOTEIO (of mail) it refused, `status` says how; -EAGAIN too many requests wait,
 * or storage is away; -ECANCELED the server stops; -EIO. `a` is never NULL. */
typedef void bb_transfer_fn(int err, const struct bb_transfer_answer *a, void *arg); /* [loop] */

/* One mail to one address. All of it is copied before mail() returns. */
struct bb_transfer_mail {
	const char *url; /* smtp://host:587 (STARTTLS) or smtps://host:465 */
	const char
	    *tls; /* of smtp://: "required" (NULL too), "offered" (if it offers it), "none" */
	const char *user, *password; /* NULL: none */
	const char *from, *to;       /* addresses alone: "a@example.com" */
	const char *message;         /* RFC 5322, lines end with CR LF */
	size_t message_len;
	uint32_t timeout_ms; /* as of HTTP */
	const char *ca;      /* likewise */
};

struct bb_transfer {
	uint32_t size;

	/* Sends one request. fn runs once, never before this returns, and by the time-out. `who`
	 * is the asking plugin, for the log. [loop] */
	void (*http)(struct bb *who, const struct bb_transfer_http *, bb_transfer_fn *fn,
		     void *arg);

	/* Hands a mail to a server, of any network. 0: it has taken it. -EREMOTEIO: it has refused
	 * it, the login or the address; `status` is its code, 550, 421. Few go at once; the others
	 * wait, within their time. [loop] */
	void (*mail)(struct bb *who, const struct bb_transfer_mail *, bb_transfer_fn *fn,
		     void *arg);
};

/* RFC 9110's token: a method, a header's name. */
static inline bool bb_transfer_is_token(const char *s)
{
	if (!*s)
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && !strchr("!#$%&'*+-.^_`|~", *s))
			return false;
	return true;
}

/* Headers that the request makes itself: Host, Content-Length and the like. */
static inline bool bb_transfer_is_own_header(const char *name)
{
	static const char *const own[] = {"host",       "content-length", "transfer-encoding",
					  "connection", "expect",         "upgrade",
					  "te",         "trailer"};
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (!strcasecmp(name, own[i]))
			return true;
	return false;
}

/* The answer's header of that name in lower case, or NULL. */
static inline const char *bb_transfer_header_of(const struct bb_transfer_answer *a,
						const char *name)
{
	for (uint32_t i = 0; i < a->header_count; i++)
		if (!strcmp(a->headers[i].name, name))
			return a->headers[i].value;
	return NULL;
}
#endif
