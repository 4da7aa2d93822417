/* The hook `schedule`: limits for the chargers connected here, sent as charging profiles. */
#ifndef OCPP16_SMART_CHARGING_SCHEDULE_H
#define OCPP16_SMART_CHARGING_SCHEDULE_H
#include <busbar/plugin.h>

struct smart;
struct plans;

struct plans *schedule_new(void);
void schedule_start(struct smart *);
void schedule_stop(struct smart *);
void schedule_free(struct smart *);
/* A SetChargingProfile has ended: if it was one of these and the charger does not have it, it is
 * sent again after the next question. */
void schedule_ended(struct smart *, const struct bb_sent *);
bb_event_fn schedule_on_connected, schedule_on_booted, schedule_on_transaction;

/* schedule_profile.c: the payload of SetChargingProfile for one of the answer's limits. Pure but
 * for the api's time functions. */
const struct bb_json *schedule_payload(const struct bb_api *, struct bb_arena *,
				       const struct bb_json *limit, int64_t now_ms);
#endif
