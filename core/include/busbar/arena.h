/* A bump allocator: everything a call allocates lives in one arena and goes with it.
 * An arena belongs to one thread at a time. Allocation never returns NULL: a process that is
 * out of memory ends (and loses nothing it has answered). */
#ifndef BUSBAR_ARENA_H
#define BUSBAR_ARENA_H
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BB_ARENA_ALIGN ((size_t)8)

struct bb_arena {
	char *at, *end;
	/* Called when [at, end) is too small; returns `size` bytes. Set by the arena's maker. */
	void *(*more)(struct bb_arena *, size_t size);
};

/* `size` bytes, uninitialized, aligned to 8; alive until the arena is reset or freed. */
static inline void *bb_alloc(struct bb_arena *a, size_t size)
{
	size = (size + BB_ARENA_ALIGN - 1) & ~(BB_ARENA_ALIGN - 1);
	if ((size_t)(a->end - a->at) < size)
		return a->more(a, size);
	void *p = a->at;
	a->at += size;
	return p;
}

/* The same, all zero. */
static inline void *bb_zalloc(struct bb_arena *a, size_t size)
{
	return memset(bb_alloc(a, size), 0, size);
}

/* A NUL-terminated copy of `len` bytes. */
static inline char *bb_strndup(struct bb_arena *a, const char *s, size_t len)
{
	char *p = (char *)bb_alloc(a, len + 1);
	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

/* A copy of a text that is not NULL. */
static inline char *bb_strdup(struct bb_arena *a, const char *s)
{
	return bb_strndup(a, s, strlen(s));
}

/* printf into the arena. */
static inline char *bb_printf(struct bb_arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static inline char *bb_printf(struct bb_arena *a, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	size_t size = len < 0 ? 1 : (size_t)len + 1;
	char *text = (char *)bb_alloc(a, size);
	text[0] = '\0';
	vsnprintf(text, size, fmt, again);
	va_end(again);
	return text;
}
#endif
