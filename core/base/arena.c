#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>

#define FIRST_BLOCK ((size_t)2048)
#define LARGEST_STEP ((size_t)1 << 20)

struct block {
	struct block *next;
	size_t size;
	char data[] __attribute__((aligned(8)));
};

struct arena {
	struct bb_arena pub;  /* first: a bb_arena is an arena */
	struct block *blocks; /* newest first; the last one is `first` */
	struct block *first;
	size_t held;
};

static void out_of_memory(size_t size)
{
	fprintf(stderr, "level=error msg=\"out of memory\" bytes=%zu\n", size);
	abort();
}

void *mem_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);
	if (!p)
		out_of_memory(size);
	return p;
}

void *mem_zalloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);
	if (!p)
		out_of_memory(size);
	return p;
}

void *mem_realloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);
	if (!p)
		out_of_memory(size);
	return p;
}

char *mem_strndup(const char *s, size_t len)
{
	char *p = mem_alloc(len + 1);
	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *mem_strdup(const char *s)
{
	return mem_strndup(s, strlen(s));
}

static struct block *block_add(struct arena *a, size_t size)
{
	struct block *b = mem_alloc(sizeof *b + size);
	b->size = size;
	b->next = a->blocks;
	a->blocks = b;
	a->held += size;
	a->pub.at = b->data;
	a->pub.end = b->data + size;
	return b;
}

static void *arena_more(struct bb_arena *pub, size_t size)
{
	struct arena *a = (struct arena *)pub;
	size_t step = a->held < LARGEST_STEP ? a->held : LARGEST_STEP;
	block_add(a, size > step ? size : step);
	void *p = pub->at;
	pub->at += size;
	return p;
}

struct bb_arena *arena_new(size_t first)
{
	struct arena *a = mem_zalloc(sizeof *a);
	a->pub.more = arena_more;
	a->first = block_add(a, first ? first : FIRST_BLOCK);
	return &a->pub;
}

static void drop_blocks(struct arena *a, struct block *until)
{
	while (a->blocks != until) {
		struct block *b = a->blocks;
		a->blocks = b->next;
		a->held -= b->size;
		free(b);
	}
}

void arena_reset(struct bb_arena *pub)
{
	struct arena *a = (struct arena *)pub;
	drop_blocks(a, a->first);
	pub->at = a->first->data;
	pub->end = a->first->data + a->first->size;
}

struct bb_arena *arena_free(struct bb_arena *pub)
{
	if (pub) {
		drop_blocks((struct arena *)pub, NULL);
		free(pub);
	}
	return NULL;
}

size_t arena_size(const struct bb_arena *pub)
{
	return ((const struct arena *)pub)->held;
}

char *arena_vprintf(struct bb_arena *a, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int len = vsnprintf(NULL, 0, fmt, ap);
	char *p = bb_alloc(a, (size_t)(len < 0 ? 0 : len) + 1);
	p[0] = '\0';
	if (len > 0)
		vsnprintf(p, (size_t)len + 1, fmt, again);
	va_end(again);
	return p;
}

char *arena_printf(struct bb_arena *a, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}
