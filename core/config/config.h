/* The configuration file: Lua that assigns one table per section. See docs/configuration.md.
 *
 *     http = { listen = "0.0.0.0:8080" }
 *     plugins = { "storage_sqlite", "ocpp16_core", "authorization", "tariffs", "rest" }
 *     storage_sqlite = { path = "/var/lib/busbar/busbar.db" }
 *
 * The file runs in an empty environment (only os.getenv as `env(name, default)`), once, with a
 * limit on its instructions. Every key it sets must be read by someone: config_finish() names the
 * file and line of those that nobody asked for. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H
#include <busbar/plugin.h>

struct config;

/* `path` NULL: an empty configuration. On failure `ret_error` (malloc'd by the callee) names file,
 * line and reason. `override` (may be NULL) is a NULL-terminated list of "section.key=value" from
 * the command line, which win over the file. */
int config_load(const char *path, const char *const *override, struct config **ret,
		char **ret_error);
void config_free(struct config *);

/* Fills `out` (of a struct that `options` describes; strings live as long as the config) from the
 * section, with defaults. Wrong types, out of range and unknown keys: -EINVAL with file, line,
 * section and key in `ret_error`. */
int config_section(struct config *, const char *section, const struct bb_option *options,
		   size_t count, void *out, char **ret_error);
/* One option of a section, whatever else the section has: for who does not know all of them. */
int config_value(struct config *, const char *section, const struct bb_option *, void *out,
		 char **ret_error);
/* A section that is a list of strings; NULL-terminated, lives as long as the config; `fallback`
 * if the file does not have it. */
int config_list(struct config *, const char *section, const char *const *fallback,
		const char *const **ret, char **ret_error);
/* A section that is a list of tables with the same options (`scripts`): how many, and the i-th. A
 * section of options may have such items beside them, if it has been asked for these first. */
size_t config_count(struct config *, const char *section);
int config_item(struct config *, const char *section, size_t i, const struct bb_option *options,
		size_t count, void *out, char **ret_error);
/* -EINVAL if the file set a section that nobody has read. */
int config_finish(struct config *, char **ret_error);

/* For SIGHUP: the first option without BB_RELOADABLE whose value differs, or NULL. */
const char *config_frozen_change(const struct bb_option *, size_t count, const void *before,
				 const void *after);
/* "name=value" lines with secrets as "***", into a malloc'd text; for --print-config. */
char *config_describe(const char *section, const struct bb_option *, size_t count,
		      const void *values);
/* What a section may hold, for --help-config: name, type, range, default and help of each. */
char *config_help(const char *section, const struct bb_option *, size_t count);
#endif
