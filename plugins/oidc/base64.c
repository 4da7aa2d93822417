#include "base64.h"

#include <stdint.h>

static int value_of(char c, const char *last_two)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == last_two[0] ? 62 : c == last_two[1] ? 63 : -1;
}

/* Bits that are left over must be none, or several texts would mean the same bytes. */
static struct bytes read_letters(struct bb_arena *a, const char *text, size_t len,
				 const char *last_two)
{
	const struct bytes none = {NULL, 0};
	unsigned char *out = bb_alloc(a, len * 3 / 4 + 1);
	uint32_t bits = 0, held = 0;
	size_t n = 0;
	if (len % 4 == 1)
		return none;
	for (size_t i = 0; i < len; i++) {
		int v = value_of(text[i], last_two);
		if (v < 0)
			return none;
		bits = bits << 6 | (uint32_t)v;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[n++] = (unsigned char)(bits >> held);
			bits &= (1u << held) - 1;
		}
	}
	if (bits)
		return none;
	out[n] = '\0';
	return (struct bytes){out, n};
}

struct bytes base64url_read(struct bb_arena *a, const char *text, size_t len)
{
	return read_letters(a, text, len, "-_");
}

struct bytes base64_read(struct bb_arena *a, const char *text, size_t len)
{
	size_t letters = len;
	if (len % 4)
		return (struct bytes){NULL, 0};
	while (letters && text[letters - 1] == '=' && len - letters < 2)
		letters--;
	return read_letters(a, text, letters, "+/");
}
