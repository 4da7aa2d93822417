/* The service "scripts/1", given by the plugin `scripts`. */
#ifndef BUSBAR_SCRIPTS_H
#define BUSBAR_SCRIPTS_H
#include <busbar/plugin.h>

struct bb_scripts {
	uint32_t size;
	/* Have operators' scripts been read since the start? Until then no charger is let in. [loop]
	 */
	bool (*loaded)(void);
};
#endif
