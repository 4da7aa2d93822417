#include "base/buf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

char *buf_reserve(struct buf *b, size_t len)
{
	if (b->cap - b->len < len + 1) {
		size_t cap = b->cap ? b->cap * 2 : 256;
		while (cap - b->len < len + 1)
			cap *= 2;
		b->data = mem_realloc(b->data, cap);
		b->cap = cap;
	}
	return b->data + b->len;
}

void buf_add(struct buf *b, const void *data, size_t len)
{
	char *at = buf_reserve(b, len);
	if (len)
		memcpy(at, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void buf_add_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_add_char(struct buf *b, char c)
{
	char *at = buf_reserve(b, 1);
	at[0] = c;
	at[1] = '\0';
	b->len++;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len <= 0)
		return;
	char *at = buf_reserve(b, (size_t)len);
	va_start(ap, fmt);
	vsnprintf(at, (size_t)len + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)len;
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

void buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){0};
}

int buf_read_file(struct buf *b, const char *path)
{
	FILE *f = fopen(path, "re");
	if (!f)
		return -errno;
	int err = 0;
	for (;;) {
		char *at = buf_reserve(b, 16384);
		size_t n = fread(at, 1, 16384, f);
		b->len += n;
		b->data[b->len] = '\0';
		if (n == 0)
			break;
	}
	if (ferror(f))
		err = errno ? -errno : -EIO;
	fclose(f);
	return err;
}
