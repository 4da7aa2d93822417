/* A loaded plugin as the core sees it. Private to core/plugin. */
#ifndef PLUGIN_INSTANCE_H
#define PLUGIN_INSTANCE_H
#include <busbar/plugin.h>

struct host;

struct bb {
	const char *name;
	void *self; /* what init() made */
	struct host *host;
};
#endif
