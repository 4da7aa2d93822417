/* A meterValue element as the parameters of `meter_sample` and `transaction_sample`. */
#ifndef OCPP16_CORE_SAMPLE_ROW_H
#define OCPP16_CORE_SAMPLE_ROW_H
#include "core16.h"
#include "samples.h"
#include "sent.h"

#define SAMPLE_ROW 14

struct sample_row {
	struct samples samples;
	struct sent_time at;
	const char *key;
	struct bb_val v[SAMPLE_ROW];
};

/* False for an element without any sampled value: there is nothing to keep. `transaction` is the
 * 4th parameter: an internal id, or a protocol id to look for. */
bool sample_row_read(struct sample_row *, const struct waiting *, const struct bb_json *element,
		     int64_t connector_id, struct bb_val transaction);
#endif
