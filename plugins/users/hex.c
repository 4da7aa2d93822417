#include "hex.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";

void hex_write(const unsigned char *bytes, size_t len, char *ret)
{
	for (size_t i = 0; i < len; i++) {
		ret[2 * i] = digits[bytes[i] >> 4];
		ret[2 * i + 1] = digits[bytes[i] & 15];
	}
	ret[2 * len] = '\0';
}

bool hex_read(const char *text, unsigned char *ret, size_t len)
{
	if (strlen(text) != 2 * len)
		return false;
	for (size_t i = 0; i < 2 * len; i++) {
		const char *digit = strchr(digits, text[i]);
		if (!digit)
			return false;
		size_t value = (size_t)(digit - digits);
		ret[i / 2] = (unsigned char)(i % 2 ? ret[i / 2] | value : value << 4);
	}
	return true;
}
