#include <string.h>

#include "net/internal.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool net_percent_decode(char *s)
{
	char *out = s;
	for (; *s; s++) {
		if (*s != '%') {
			*out++ = *s;
			continue;
		}
		int high = hex_digit(s[1]), low = high < 0 ? -1 : hex_digit(s[2]);
		if (low < 0 || !(high | low))
			return false;
		*out++ = (char)(high << 4 | low);
		s += 2;
	}
	*out = '\0';
	return true;
}

int net_copy_header(struct lws *wsi, enum lws_token_indexes token, char *out, int size)
{
	out[0] = '\0';
	if (!lws_hdr_total_length(wsi, token))
		return -1;
	return lws_hdr_copy(wsi, out, size, token);
}

void net_copy_remote(struct lws *wsi, char *out, size_t size)
{
	lws_get_peer_simple(wsi, out, size);
	/* IPv4 over an IPv6 socket reads as people write it. */
	if (!strncmp(out, "::ffff:", 7) && strchr(out, '.'))
		memmove(out, out + 7, strlen(out + 7) + 1);
}
