/* What a run of the load generator found out. */
#ifndef SIM_LOAD_REPORT_H
#define SIM_LOAD_REPORT_H
#include <stdint.h>

#include "histogram.h"
#include "load.h"

struct load_report {
	char run[16]; /* in front of the run's message ids */
	uint64_t connected, connect_errors, lost;
	uint64_t messages;   /* answered while measured */
	uint64_t errors;     /* CALLERRORs, at any time */
	uint64_t unanswered; /* at the end */
	int64_t ramp_us, measured_us;
	char *first_error;
};

/* On stdout, as text or JSON; the exit status. */
int load_report_print(const struct load_options *, const struct load_report *,
		      const struct histogram *latency);
#endif
