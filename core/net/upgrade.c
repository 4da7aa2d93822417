#include <ctype.h>
#include <string.h>

#include "base/log.h"
#include "net/internal.h"

#define MAX_TARGET 1024
#define MAX_PROTOCOLS 512
#define MAX_AUTHORIZATION 1024

/* The identity is the last part of the path after ws_path; slashes in front and behind are
 * forgiven, parts in between are not. Empty: the path has none. False: not our path. */
static bool identity_of_path(const char *ws_path, const char *path, const char **ret,
			     size_t *ret_len)
{
	size_t n = strlen(ws_path);
	while (path[0] == '/' && path[1] == '/')
		path++;
	if (strncmp(path, ws_path, n) != 0 || (path[n] && path[n] != '/'))
		return false;
	path += n;
	path += strspn(path, "/");
	size_t len = strlen(path);
	while (len && path[len - 1] == '/')
		len--;
	*ret = path;
	*ret_len = len;
	return !memchr(path, '/', len);
}

static bool read_identity(struct net *n, struct lws *wsi, const char *path, char out[MAX_TARGET])
{
	const char *id;
	size_t len;
	if (!identity_of_path(n->options.ws_path, path, &id, &len))
		return false;
	memcpy(out, id, len);
	out[len] = '\0';
	if (!len) {
		const char *arg = lws_get_urlarg_by_name(wsi, "chargePointId=", out, MAX_TARGET);
		if (!arg)
			out[0] = '\0';
		else if (arg != out)
			memmove(out, arg, strlen(arg) + 1);
		return true; /* lws has decoded it */
	}
	return net_percent_decode(out);
}

/* The next item of a comma-separated list, without blanks; NULL at the end. */
static const char *next_item(const char **at, size_t *ret_len)
{
	*at += strspn(*at, ", \t");
	if (!**at)
		return NULL;
	const char *item = *at;
	size_t len = strcspn(item, ",");
	*at = item + len;
	while (len && isspace((unsigned char)item[len - 1]))
		len--;
	*ret_len = len;
	return item;
}

/* Is one of ours in the charger's list? lws picks the first that is. */
static bool is_offered(const struct net *n, const char *offered)
{
	size_t len;
	for (const char *item; (item = next_item(&offered, &len));)
		for (size_t i = 0; n->options.subprotocols[i]; i++)
			if (strlen(n->options.subprotocols[i]) == len &&
			    !memcmp(n->options.subprotocols[i], item, len))
				return true;
	return false;
}

static const char *ours(const struct net *n, char out[256])
{
	out[0] = '\0';
	for (size_t i = 0; n->options.subprotocols[i]; i++) {
		strncat(out, i ? ", " : "", 255 - strlen(out));
		strncat(out, n->options.subprotocols[i], 255 - strlen(out));
	}
	return out;
}

static int refuse(struct lws *wsi, const char *identity, const char *remote, int status,
		  const char *text)
{
	log_line(BB_WARN, "net", "upgrade refused identity=\"%s\" remote=%s status=%d: %s",
		 identity, remote, status, text);
	return respond_and_close(wsi, status, status == 401 ? "www-authenticate" : NULL,
				 "Basic realm=\"OCPP\", charset=\"UTF-8\"", text);
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

int upgrade_decide(struct net *n, struct lws *wsi)
{
	char path[MAX_TARGET], identity[MAX_TARGET] = "", offered[MAX_PROTOCOLS],
			       authorization[MAX_AUTHORIZATION], remote[INET6_ADDRSTRLEN],
			       names[256], text[900];
	net_copy_remote(wsi, remote, sizeof remote);
	if (net_copy_header(wsi, WSI_TOKEN_GET_URI, path, sizeof path) < 0 ||
	    !read_identity(n, wsi, path, identity))
		return refuse(wsi, "", remote, 404, "chargers connect to /ocpp/IDENTITY");
	net_copy_header(wsi, WSI_TOKEN_PROTOCOL, offered, sizeof offered);
	if (!is_offered(n, offered)) {
		snprintf(text, sizeof text, "the subprotocols offered (%s) are not spoken here: %s",
			 *offered ? "see Sec-WebSocket-Protocol" : "none", ours(n, names));
		return refuse(wsi, identity, remote, 400, text);
	}
	if (!*identity)
		return refuse(wsi, "", remote, 404, "the URL has no charge point identity");
	struct net_upgrade u = {
	    .identity = identity,
	    .path = path,
	    .subprotocols = offered,
	    .remote = remote,
	};
	if (net_copy_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, authorization,
			    sizeof authorization) >= 0)
		u.authorization = authorization;
	void *user = NULL;
	int status = n->handler.upgrade(&u, &user, n->handler.self);
	if (status)
		return refuse(wsi, identity, remote, status, status_text(status));
	lws_set_opaque_user_data(wsi, link_new(n, wsi, user));
	return 0;
}
