/* Where in the source text of a configuration file each section and key stands. Lua itself does not
 * keep that; a small tokenizer does. What it cannot follow has no line of its own. */
#ifndef CONFIG_SOURCE_H
#define CONFIG_SOURCE_H
#include <stddef.h>

#include <busbar/arena.h>

struct source;

/* Lives in the arena, which `text` must outlive. */
struct source *source_scan(struct bb_arena *, const char *text, size_t len);
/* The line of section.key, of section[item].key (items from 1, 0: none) or, with `key` NULL, of the
 * section or item; else the nearest one around it; 0 if not even the section is found. */
int source_line(const struct source *, const char *section, size_t item, const char *key);
#endif
