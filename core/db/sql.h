/* The text of SQL files: what each engine's dialect makes of it. */
#ifndef DB_SQL_H
#define DB_SQL_H
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* Does anybody know how to write for that engine? */
bool sql_knows(const char *dialect);

/* `text` of the file `path` as the dialect wants it: {{words}} replaced, of the parts between
 * `-- @dialect` and `-- @end` only its own. Lines that go are left empty, so that line numbers
 * hold. -EINVAL with file and line in `ret_error` (malloc'd). */
int sql_render(const char *path, const char *text, const char *dialect, struct buf *out,
	       char **ret_error);

/* The highest n of $n, outside quotes and comments. */
uint32_t sql_parameters(const char *sql);

/* 'text', with its quotes doubled. */
void sql_quote(struct buf *out, const char *text);
#endif
