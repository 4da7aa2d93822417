/* Which operators are disabled: the service "operators/1", given by the plugin `operators`. */
#ifndef BUSBAR_OPERATORS_H
#define BUSBAR_OPERATORS_H
#include <errno.h>

#include <busbar/rest.h>

struct bb_operators {
	uint32_t size;
	/* Of an operator's people and tokens: 0 they may; -EACCES it is disabled; -EAGAIN that has
	 * not been read yet. From memory, what another node has changed some seconds late. [loop]
	 */
	int (*may)(const char *operator_id);
};

/* May who belongs to it (NULL: to none) go on? False: they have been answered 403 or 503. `all` is
 * NULL where no operator can be disabled. */
static inline bool bb_operator_admits(const struct bb_operators *all, struct bb_rest *r,
				      const char *operator_id)
{
	int err = all && operator_id ? all->may(operator_id) : 0;
	if (err == -EACCES)
		bb_rest_fail(r, "403",
			     bb_printf(r->arena, "the operator %s is disabled", operator_id));
	else if (err)
		bb_rest_fail(r, "503", "operators have not been read yet; try again");
	return !err;
}
#endif
