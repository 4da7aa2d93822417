#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

static const char *const level_names[] = {"debug", "info", "warn", "error"};
static enum log_format format = LOG_LOGFMT;
static enum bb_level least = BB_INFO;
static _Thread_local const char *context_charger, *context_correlation;

void log_setup(enum log_format f, enum bb_level l)
{
	format = f;
	least = l;
}

bool log_enabled(enum bb_level level)
{
	return level >= least;
}

int log_level_parse(const char *name, enum bb_level *ret)
{
	for (int i = BB_DEBUG; i <= BB_ERROR; i++)
		if (!strcmp(name, level_names[i])) {
			*ret = (enum bb_level)i;
			return 0;
		}
	return -EINVAL;
}

void log_context(const char *charge_point_id, const char *correlation_id)
{
	context_charger = charge_point_id;
	context_correlation = correlation_id;
}

void log_context_get(const char **ret_charge_point_id, const char **ret_correlation_id)
{
	*ret_charge_point_id = context_charger;
	*ret_correlation_id = context_correlation;
}

static void add_quoted(struct buf *b, const char *s)
{
	buf_add_char(b, '"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", c);
		else if (c == '\n')
			buf_add_str(b, "\\n");
		else if (c < 0x20 || c == 0x7f)
			buf_printf(b, "\\u%04x", c);
		else
			buf_add_char(b, *s);
	}
	buf_add_char(b, '"');
}

static void add_field(struct buf *b, const char *key, const char *value)
{
	if (!value)
		return;
	if (format == LOG_JSON) {
		buf_printf(b, "%s\"%s\":", b->len > 1 ? "," : "", key);
		add_quoted(b, value);
		return;
	}
	buf_printf(b, "%s%s=", b->len ? " " : "", key);
	if (*value && !strpbrk(value, " =\"\\\n\t"))
		buf_add_str(b, value);
	else
		add_quoted(b, value);
}

void log_vline(enum bb_level level, const char *source, const char *fmt, va_list ap)
{
	if (!log_enabled(level))
		return;
	struct buf text = {0}, line = {0};
	va_list again;
	va_copy(again, ap);
	int len = vsnprintf(NULL, 0, fmt, ap);
	char *at = buf_reserve(&text, (size_t)(len < 0 ? 0 : len));
	at[0] = '\0';
	vsnprintf(at, (size_t)(len < 0 ? 0 : len) + 1, fmt, again);
	va_end(again);

	char time[CLOCK_TEXT_SIZE];
	clock_format(clock_now_ms(), time);
	if (format == LOG_JSON)
		buf_add_char(&line, '{');
	add_field(&line, "time", time);
	add_field(&line, "level", level_names[level]);
	add_field(&line, "source", source);
	add_field(&line, "charger", context_charger);
	add_field(&line, "correlation", context_correlation);
	add_field(&line, "msg", text.data);
	if (format == LOG_JSON)
		buf_add_char(&line, '}');
	buf_add_char(&line, '\n');
	/* One write, so that lines of several threads never mix; a full pipe loses the line. */
	if (write(STDERR_FILENO, line.data, line.len) < 0)
		(void)errno;
	buf_free(&line);
	buf_free(&text);
}

void log_line(enum bb_level level, const char *source, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	log_vline(level, source, fmt, ap);
	va_end(ap);
}
