/* Which operators are disabled: the service "operators/1", given by the plugin `operators`. */
#ifndef BUSBAR_OPERATORS_H
#define BUSBAR_OPERATORS_H
#include <busbar/plugin.h>

struct bb_operators {
	uint32_t size;
	/* Of an operator's people and tokens: 0 they may; -EACCES it is disabled; -EAGAIN that has
	 * not been read yet. From memory, what another node has changed some seconds late. [loop]
	 */
	int (*may)(const char *operator_id);
};
#endif
