/* A growing byte buffer, always NUL-terminated. Zero-initialized is empty. */
#ifndef BASE_BUF_H
#define BASE_BUF_H
#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *data; /* NULL while empty */
	size_t len, cap;
};

void buf_add(struct buf *, const void *data, size_t len);
void buf_add_str(struct buf *, const char *s);
void buf_add_char(struct buf *, char c);
void buf_printf(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Room for `len` more bytes; returns where they go. Set `len` yourself afterwards. */
char *buf_reserve(struct buf *, size_t len);
/* Empties it and keeps its memory. */
void buf_clear(struct buf *);
void buf_free(struct buf *);
/* The whole of a file; -errno. The buffer is appended to. */
int buf_read_file(struct buf *, const char *path);
#endif
