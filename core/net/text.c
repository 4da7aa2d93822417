#include <string.h>

#include "base/utf8.h"
#include "net/internal.h"

bool text_is_utf8(const char *text)
{
	return utf8_valid(text, strlen(text));
}

/* lws takes away blanks, but no tabs. */
static int trim(char *text)
{
	size_t from = strspn(text, " \t"), len = strlen(text + from);
	while (len && strchr(" \t", text[from + len - 1]))
		len--;
	memmove(text, text + from, len);
	text[len] = '\0';
	return (int)len;
}

int net_copy_header(struct lws *wsi, enum lws_token_indexes token, char *out, int size)
{
	out[0] = '\0';
	if (!lws_hdr_total_length(wsi, token))
		return -1;
	int len = lws_hdr_copy(wsi, out, size, token);
	return len < 0 ? len : trim(out);
}

bool net_line_is_whole(struct lws *wsi)
{
	char version[16];
	net_copy_header(wsi, WSI_TOKEN_HTTP, version, sizeof version);
	return !strncmp(version, "HTTP/", 5);
}

void net_copy_remote(struct lws *wsi, char *out, size_t size)
{
	lws_get_peer_simple(wsi, out, size);
	/* IPv4 over an IPv6 socket reads as people write it. */
	if (!strncmp(out, "::ffff:", 7) && strchr(out, '.'))
		memmove(out, out + 7, strlen(out + 7) + 1);
}

int64_t net_header_bytes(struct lws *wsi)
{
	int64_t sum = 0;
	for (int t = 0; t < WSI_TOKEN_COUNT; t++) {
		int len = lws_hdr_total_length(wsi, (enum lws_token_indexes)t);
		const unsigned char *name = lws_token_to_string((enum lws_token_indexes)t);
		if (len > 0)
			sum += len + (name ? (int64_t)strlen((const char *)name) : 0);
	}
	return sum;
}
