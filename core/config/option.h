/* One option: from text or a Lua value to its field, and back to text. */
#ifndef CONFIG_OPTION_H
#define CONFIG_OPTION_H
#include <lua.h>

#include "base/buf.h"

#include <busbar/plugin.h>

/* Sets the option's field in `out`. -EINVAL: `ret_why`, in the arena, goes after "section.key". */
int option_from_text(const struct bb_option *, struct bb_arena *, const char *text, void *out,
		     const char **ret_why);
/* The same of the value on top of the stack, which stays there. */
int option_from_lua(const struct bb_option *, struct bb_arena *, lua_State *, void *out,
		    const char **ret_why);
/* The default; without one the field is zero, and a text is "". */
int option_from_fallback(const struct bb_option *, struct bb_arena *, void *out,
			 const char **ret_why);
/* The field's value, as it may be written in the file without its quotes. */
void option_write(const struct bb_option *, const void *values, struct buf *);
bool option_equal(const struct bb_option *, const void *a, const void *b);
/* "a duration like ...", with the range or the choices. */
void option_write_type(const struct bb_option *, struct buf *);
#endif
