/* A loaded plugin as the core sees it. Private to core/plugin. */
#ifndef PLUGIN_INSTANCE_H
#define PLUGIN_INSTANCE_H
#include <busbar/plugin.h>
#include <stdatomic.h>

struct host;

enum bb_phase { BB_LOADED, BB_INITED, BB_STARTED, BB_STOPPED, BB_ENDED };

struct bb {
	const char *name;
	void *self; /* what init() made */
	struct host *host;
	const struct bb_plugin *def;
	const char *file; /* its real path */
	void *cfg;
	enum bb_phase phase;
	bool starting;                /* it says so itself */
	struct bb_slot *slots;        /* its timers */
	_Atomic uint32_t outstanding; /* its offloads and posts on their way */
};
#endif
