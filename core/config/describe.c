/* Options told to people: as values, as a table, and which of them may not change. */
#include <errno.h>

#include "base/buf.h"
#include "config/config.h"
#include "config/option.h"

const char *config_frozen_change(const struct bb_option *options, size_t count, const void *before,
				 const void *after)
{
	for (size_t i = 0; i < count; i++)
		if (!(options[i].flags & BB_RELOADABLE) &&
		    !option_equal(&options[i], before, after))
			return options[i].name;
	return NULL;
}

char *config_describe(const char *section, const struct bb_option *options, size_t count,
		      const void *values)
{
	struct buf b = {0};
	buf_add_str(&b, "");
	for (size_t i = 0; i < count; i++) {
		buf_printf(&b, "%s.%s=", section, options[i].name);
		if (options[i].flags & BB_SECRET)
			buf_add_str(&b, "***");
		else
			option_write(&options[i], values, &b);
		buf_add_char(&b, '\n');
	}
	return b.data;
}

char *config_help(const char *section, const struct bb_option *options, size_t count)
{
	struct buf b = {0};
	buf_add_str(&b, "");
	for (size_t i = 0; i < count; i++) {
		const struct bb_option *o = &options[i];
		buf_printf(&b, "%s.%s: ", section, o->name);
		option_write_type(o, &b);
		if (o->flags & BB_REQUIRED)
			buf_add_str(&b, "; required");
		else if (o->fallback && *o->fallback)
			buf_printf(&b, "; default %s", o->fallback);
		if (o->flags & BB_RELOADABLE)
			buf_add_str(&b, "; reloadable");
		buf_printf(&b, "\n    %s\n", o->help ? o->help : "");
	}
	return b.data;
}
