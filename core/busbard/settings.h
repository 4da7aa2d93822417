/* The core's own sections of the configuration file. */
#ifndef BUSBARD_SETTINGS_H
#define BUSBARD_SETTINGS_H
#include "config/config.h"
#include "db/db.h"
#include "net/net.h"
#include "net/tls.h"
#include "ocppj/ocppj.h"
#include "script/script.h"

struct settings {
	struct {
		const char *log_format, *log_level;
		int64_t shutdown_ms;
		bool check_answers;
	} busbar;
	struct net_options http;
	struct tls_options tls;
	struct ocppj_options ocpp;
	struct {
		const char *engine;
		int64_t batch_units, queue_units;
	} storage;
	struct {
		int64_t memory_bytes, instructions, time_ms, idle_ms;
	} lua;
	const char *const *plugins; /* NULL-terminated; without the storage engine's */
};

/* Everything but plugins' sections. Strings live as long as the config. */
int settings_read(struct config *, struct settings *ret, char **ret_error);
/* What differs and cannot change while running ("http.listen"), malloc'd, or NULL. */
char *settings_frozen_change(const struct settings *before, const struct settings *after);
/* The options of every core section with type, range, default and help; malloc'd. */
char *settings_help(void);
/* The values in use; malloc'd. */
char *settings_describe(const struct settings *);

struct db_options settings_db(const struct settings *);
struct script_limits settings_script(const struct settings *);
#endif
