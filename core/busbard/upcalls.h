/* What ocppj lends to plugins, as the plugin module's host takes it. */
#ifndef BUSBARD_UPCALLS_H
#define BUSBARD_UPCALLS_H
#include "net/tls.h"
#include "ocppj/ocppj.h"

extern const struct host_upcalls node_upcalls;
/* A process is one node, so the functions of bb_api need no handle. Before any plugin starts. */
void upcalls_bind(struct ocppj *, struct tls *);
#endif
