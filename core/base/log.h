/* Logging: one line per event on stderr, logfmt or JSON. Safe from any thread. */
#ifndef BASE_LOG_H
#define BASE_LOG_H
#include <stdarg.h>
#include <stdbool.h>

#include <busbar/plugin.h>

enum log_format { LOG_LOGFMT, LOG_JSON };

void log_setup(enum log_format, enum bb_level least);
bool log_enabled(enum bb_level);
/* -EINVAL for an unknown name. */
int log_level_parse(const char *name, enum bb_level *ret);

/* What every line of this thread carries until changed; both may be NULL. Borrowed. */
void log_context(const char *charge_point_id, const char *correlation_id);
/* What they are now, to be set again afterwards. */
void log_context_get(const char **ret_charge_point_id, const char **ret_correlation_id);

/* `source` is the module or the plugin. */
void log_line(enum bb_level, const char *source, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void log_vline(enum bb_level, const char *source, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));
#endif
