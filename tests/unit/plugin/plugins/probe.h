/* What the test program offers to the plugins that it loads. */
#ifndef PROBE_H
#define PROBE_H
#include <busbar/plugin.h>

/* Notes that something has been called. */
void probe_trace(const char *what);
/* What a handler does: as the test has scripted it for `who` ("alpha.ask"). */
int probe_handle(const char *who, struct bb_call *call);
void probe_event(const char *who, const struct bb_json *event);
/* A plugin has come up with this; the test acts in its place. */
void probe_init(const char *who, struct bb *me, const struct bb_api *api, const void *cfg);
int probe_reload(const char *who, const void *cfg);
#endif
