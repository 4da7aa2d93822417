/* Where a charger is to fetch from or to send to, and the payload that says so. */
#ifndef OCPP16_FIRMWARE_PLACE_H
#define OCPP16_FIRMWARE_PLACE_H
#include "firmware.h"

/* http, https, ftp or ftps, and something behind it. */
bool place_is_url(const char *location);
/* "2026-11-21T08:00:00Z": some chargers cannot read fractions. */
const char *place_time(const struct bb_api *, struct bb_arena *, int64_t ms);
/* UpdateFirmware. `options` has the members retries and retry_interval_s, or not. */
const struct bb_json *place_update(const struct bb_api *, struct bb_arena *, const char *location,
				   int64_t retrieve_ms, const struct bb_json *options);
/* GetDiagnostics; `options` also oldest_at and latest_at. */
const struct bb_json *place_diagnostics(const struct bb_api *, struct bb_arena *,
					const char *location, const struct bb_json *options);
/* A body does not say both file_id and location, and a location is one that chargers can use.
 * False: the call has been failed with 422. Neither is fine here. */
bool place_check(const struct bb_api *, struct bb_call *, const struct bb_json *body);
#endif
