/* From an HTTP request to a link, or to an HTTP answer that says why not. */
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "net/connection.h"
#include "net/counts.h"
#include "net/tls.h"

#define MAX_TARGET 1024
#define MAX_PROTOCOLS 512
#define MOST_NAME 63
#define MOST_BYTES 126 /* that lws copes with, of a header that it looks into */
#define MAX_AUTHORIZATION 1024

struct attempt {
	struct net *net;
	struct lws *wsi;
	char *uri; /* in lws's own buffer */
	int method, uri_len;
	char path[MAX_TARGET], identity[MAX_TARGET], offered[MAX_PROTOCOLS];
	char authorization[MAX_AUTHORIZATION], remote[INET6_ADDRSTRLEN];
	const char *subprotocol;
	struct net_accept accept;
	char why[MAX_PROTOCOLS + 256]; /* of a refusal */
};

static int refuse(struct attempt *a, int status, const char *why)
{
	snprintf(a->why, sizeof a->why, "%s", why);
	return status;
}

static int find_identity(struct attempt *a)
{
	const char *ws_path = a->net->options.ws_path;
	if (a->uri_len < 0 || a->uri_len >= MAX_TARGET)
		return refuse(a, 404, "the path is too long");
	memcpy(a->path, a->uri, (size_t)a->uri_len);
	if (!url_identity(ws_path, a->path, a->identity, sizeof a->identity)) {
		snprintf(a->why, sizeof a->why, "chargers connect to %s/IDENTITY", ws_path);
		return 404;
	}
	char argument[MAX_TARGET];
	const char *value =
	    *a->identity ? NULL
			 : lws_get_urlarg_by_name(a->wsi, "chargePointId=", argument, MAX_TARGET);
	if (value)
		snprintf(a->identity, sizeof a->identity, "%s", value);
	if (!text_is_utf8(a->identity))
		return refuse(a, 404, "the identity in the URL is not UTF-8");
	return *a->identity ? 0 : refuse(a, 404, "the URL has no charge point identity");
}

static int check_key(struct attempt *a)
{
	int len = lws_hdr_total_length(a->wsi, WSI_TOKEN_KEY);
	if (len <= 0)
		return refuse(a, 400, "the header Sec-WebSocket-Key is missing");
	return len <= MOST_BYTES ? 0 : refuse(a, 400, "the header Sec-WebSocket-Key is too long");
}

static int check_connection(struct attempt *a)
{
	char text[MOST_BYTES + 1];
	if (lws_hdr_total_length(a->wsi, WSI_TOKEN_CONNECTION) > MOST_BYTES)
		return refuse(a, 400, "the header Connection is too long");
	net_copy_header(a->wsi, WSI_TOKEN_CONNECTION, text, sizeof text);
	return url_list_has(text, "upgrade")
		   ? 0
		   : refuse(a, 400, "the header Connection lacks \"Upgrade\"");
}

/* What lws would just hang up on. */
static int check_handshake(struct attempt *a)
{
	char text[16];
	if (!net_line_is_whole(a->wsi))
		return refuse(a, 400, "the URL has a line break, or no version");
	if (net_header_bytes(a->wsi) > a->net->options.max_header_bytes)
		return refuse(a, 431, NET_HEADERS_TOO_LARGE);
	if (a->method != LWSHUMETH_GET)
		return refuse(a, 400, "a WebSocket begins with GET");
	net_copy_header(a->wsi, WSI_TOKEN_VERSION, text, sizeof text);
	if (strcmp(text, "13") != 0)
		return refuse(a, 426, "this server speaks WebSocket version 13");
	if (lws_hdr_total_length(a->wsi, WSI_TOKEN_HOST) <= 0)
		return refuse(a, 400, "the header Host is missing");
	int status = check_connection(a);
	return status ? status : check_key(a);
}

static const char *join(const char *const *names, char *out, size_t size)
{
	out[0] = '\0';
	for (size_t i = 0; names[i]; i++) {
		strncat(out, i ? ", " : "", size - 1 - strlen(out));
		strncat(out, names[i], size - 1 - strlen(out));
	}
	return out;
}

static int pick_subprotocol(struct attempt *a)
{
	const char *const *ours = a->net->options.subprotocols;
	if (lws_hdr_total_length(a->wsi, WSI_TOKEN_PROTOCOL) > MOST_BYTES)
		return refuse(a, 400, "the list of subprotocols is longer than 126 bytes");
	net_copy_header(a->wsi, WSI_TOKEN_PROTOCOL, a->offered, sizeof a->offered);
	a->subprotocol = url_pick(a->offered, ours);
	if (a->subprotocol || !*a->offered)
		return 0; /* whether none is enough the handler says */
	char names[128];
	snprintf(a->why, sizeof a->why, "of the subprotocols offered (%s) none is spoken here: %s",
		 a->offered, join(ours, names, sizeof names));
	return 400;
}

static int lacks_subprotocol(struct attempt *a)
{
	char names[128];
	snprintf(a->why, sizeof a->why,
		 "no subprotocol is offered (Sec-WebSocket-Protocol); spoken here: %s",
		 join(a->net->options.subprotocols, names, sizeof names));
	return 400;
}

/* The handler may know which one a charger means that offers none. */
static int check_accepted(struct attempt *a)
{
	struct net *n = a->net;
	if (!a->subprotocol && a->accept.subprotocol)
		a->subprotocol = url_pick(a->accept.subprotocol, n->options.subprotocols);
	if (a->subprotocol)
		return 0;
	n->handler.closed(NULL, 1006, a->accept.user, n->handler.self);
	return lacks_subprotocol(a);
}

static const char *status_text(int status)
{
	switch (status) {
	case 401:
		return "the charger's identity and password are needed";
	case 403:
		return "this charger may not connect";
	case 404:
		return "no charger has this identity";
	case 429:
		return "too many attempts; try again later";
	default:
		return "not possible at the moment; try again later";
	}
}

static int ask_about(struct attempt *a, const struct net_upgrade *u)
{
	struct net *n = a->net;
	int status = n->handler.upgrade(u, &a->accept, n->handler.self);
	if (!status)
		return check_accepted(a);
	if (status == 400 && !a->subprotocol)
		return lacks_subprotocol(a);
	return refuse(a, status, status_text(status));
}

static int ask_handler(struct attempt *a)
{
	struct net *n = a->net;
	if (n->closing.fn)
		return refuse(a, 503, "the server is stopping");
	if (n->options.max_links && n->links >= n->options.max_links)
		return refuse(a, 503, "as many chargers as allowed are connected");
	if (!connection_may_be_link(connection_of(a->wsi)))
		return refuse(a, 503,
			      "as many chargers as one address may have (http.address_links) are "
			      "connected");
	struct net_upgrade u = {
	    .identity = a->identity,
	    .path = a->path,
	    .subprotocols = a->offered,
	    .subprotocol = a->subprotocol,
	    .remote = a->remote,
	    .tls = lws_is_ssl(a->wsi),
	};
	if (net_copy_header(a->wsi, WSI_TOKEN_HTTP_AUTHORIZATION, a->authorization,
			    sizeof a->authorization) >= 0)
		u.authorization = a->authorization;
	struct bb_arena *arena = u.tls ? arena_new(0) : NULL;
	if (arena)
		u.certificate = tls_client(lws_get_ssl(a->wsi), arena);
	int status = ask_about(a, &u);
	arena_free(arena);
	return status;
}

/* Names, each followed by a comma or the end: what lws reads without fail. */
static bool is_plain(const char *list)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
	for (;;) {
		list += strspn(list, " \t");
		size_t len = strspn(list, letters);
		list += len;
		list += strspn(list, " \t");
		if (!len || len > MOST_NAME || (*list && *list != ','))
			return false;
		if (!*list++)
			return true;
	}
}

/* lws takes the list for malformed if an item of it is empty (",ocpp1.6", as some chargers send
 * it), long or strange, and its functions do not let us change it: so it is replaced where it
 * stands, somewhere after the request line in lws's buffer. */
static void mend_list(const struct attempt *a)
{
	char list[MAX_PROTOCOLS], second[MAX_PROTOCOLS], *at = a->uri;
	int len = lws_hdr_copy_fragment(a->wsi, list, sizeof list, WSI_TOKEN_PROTOCOL, 0);
	bool single =
	    lws_hdr_copy_fragment(a->wsi, second, sizeof second, WSI_TOKEN_PROTOCOL, 1) < 0;
	if (len <= 0 || !single || is_plain(list) || !url_list_has(list, a->subprotocol))
		return;
	while (memcmp(at, list, (size_t)len) != 0)
		at++;
	memset(at, ' ', (size_t)len);
	memcpy(at, a->subprotocol, strlen(a->subprotocol));
}

static void tell(const struct attempt *a, int status)
{
	int64_t count = bb_refusals_note(&a->net->upgrade_refusals, a->remote, status,
					 (int64_t)net_now_ms(a->net));
	if (count)
		log_line(BB_WARN, "net",
			 "upgrade refused: status=%d identity=%s path=%s remote=%s: %s (%lld since "
			 "the last line)",
			 status, a->identity, a->path, a->remote, a->why, (long long)count);
}

static int answer(const struct attempt *a, int status)
{
	static const struct net_header_line challenge = {"WWW-Authenticate",
							 "Basic realm=\"OCPP\", charset=\"UTF-8\""};
	static const struct net_header_line version = {"Sec-WebSocket-Version", "13"};
	char seconds[24];
	snprintf(seconds, sizeof seconds, "%lld", (long long)a->accept.retry_after_s);
	const struct net_header_line later = {"Retry-After", seconds};
	net_counts_refused(status);
	tell(a, status);
	return respond_and_close(a->wsi, status,
				 status == 401             ? &challenge
				 : status == 426           ? &version
				 : a->accept.retry_after_s ? &later
							   : NULL,
				 a->why);
}

int upgrade_decide(struct net *n, struct lws *wsi, char *offer)
{
	if (strcasecmp(offer, "websocket") != 0) {
		/* A client that would rather speak HTTP/2: as if it had not said so. */
		*offer = '\0';
		return 0;
	}
	struct attempt a = {.net = n, .wsi = wsi};
	a.method = lws_http_get_uri_and_method(wsi, &a.uri, &a.uri_len);
	net_copy_remote(wsi, a.remote, sizeof a.remote);
	int status = find_identity(&a);
	if (!status)
		status = check_handshake(&a);
	if (!status)
		status = pick_subprotocol(&a);
	if (!status)
		status = ask_handler(&a);
	if (status)
		return answer(&a, status);
	mend_list(&a);
	connection_is_link(connection_of(wsi),
			   &link_new(n, wsi, a.subprotocol, a.accept.user)->peer);
	return 0;
}
