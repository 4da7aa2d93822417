/* Making and ending arenas; allocation itself is <busbar/arena.h>. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H
#include <stdarg.h>

#include <busbar/arena.h>

/* An arena whose first block holds `first` bytes (0: a default of 2 KiB). */
struct bb_arena *arena_new(size_t first);
/* Empties it and keeps its first block; what was allocated is gone. */
void arena_reset(struct bb_arena *);
/* NULL is fine; returns NULL. */
struct bb_arena *arena_free(struct bb_arena *);
/* Bytes held from the system. */
size_t arena_size(const struct bb_arena *);

char *arena_printf(struct bb_arena *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct bb_arena *, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* malloc and friends that end the process instead of returning NULL. */
void *mem_alloc(size_t size);
void *mem_zalloc(size_t size);
void *mem_realloc(void *p, size_t size);
char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t len);
#endif
