/* Lists of addresses and networks: "10.0.0.5 192.168.0.0/16 fd00::/8". */
#ifndef METRICS_NETWORKS_H
#define METRICS_NETWORKS_H
#include <stdbool.h>

/* Of nothing but such? If not, `ret_bad` is where the first word that is none begins. */
bool networks_are_good(const char *list, const char **ret_bad);
/* Is the address in one of them? */
bool networks_have(const char *list, const char *address);
#endif
