/* What the kernel knows of this process. */
#ifndef METRICS_PROCESS_H
#define METRICS_PROCESS_H
#include <stdint.h>

struct process {
	int64_t cpu_us;
	int64_t resident_bytes, virtual_bytes;
	int64_t threads;
	int64_t open_fds, max_fds;
	int64_t started_ms; /* since 1970 */
};

/* What cannot be read is -1. May take some milliseconds where many descriptors are open: for a
 * thread. */
void process_read(struct process *ret);
#endif
