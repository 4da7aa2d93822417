/* What the files of this module share: the loaded configuration and its errors. */
#ifndef CONFIG_STATE_H
#define CONFIG_STATE_H
#include <lua.h>

#include "config/config.h"
#include "config/source.h"

struct override {
	const char *text;          /* as given */
	const char *section, *key; /* `key` NULL: a list */
	const char *value;
	bool used;
	struct override *next; /* given before this one */
};

/* A section that someone has asked for, whether or not the file has it. One that is both has items
 * and named values side by side. */
struct asked {
	const char *section;
	bool as_list, as_options;
	struct asked *next;
};

struct config {
	struct bb_arena *arena;
	const char *path;         /* as given, for messages; NULL: no file */
	lua_State *lua;           /* holds the sections until config_free() */
	size_t bytes, most_bytes; /* of the state, and how many it may have; 0: any number */
	int sections;             /* reference to their table */
	struct source *source;
	struct override *overrides; /* the last one given first: it wins */
	struct asked *asked;
};

/* "path:line: " and the reason go into *ret_error; returns -EINVAL. */
int config_error(const struct config *, char **ret_error, int line, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Runs the file and keeps its sections. */
int config_run(struct config *, const char *text, size_t len, char **ret_error);
/* Someone reads this section. */
void config_ask(struct config *, const char *section, bool as_list);
/* NULL: nobody has. */
struct asked *config_asked(const struct config *, const char *section);
/* Pushes the section's table; false and nothing if the file does not have it. */
bool config_push(struct config *, const char *section);
/* A section that must be a list has no named keys. Its table is on top of the stack. */
int config_check_list(struct config *, const char *section, char **ret_error);
#endif
