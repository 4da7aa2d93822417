/* A meterValue element's typed values. Pure: no storage, no clock. */
#ifndef OCPP16_CORE_SAMPLES_H
#define OCPP16_CORE_SAMPLES_H
#include <busbar/json.h>

/* What a register can show: more, or less than 0, is a fault of the meter and no evidence. */
#define SAMPLES_REGISTER_MAX_WH INT64_C(1000000000000)

struct samples {
	bool has_energy, has_begin, has_power, has_current, has_voltage, has_soc;
	int64_t energy_wh;  /* Energy.Active.Import.Register */
	int64_t begin_wh;   /* the same with context Transaction.Begin */
	int64_t power_w;    /* Power.Active.Import */
	int64_t current_ma; /* Current.Import, the highest of its phases */
	int64_t voltage_mv; /* Voltage, the highest of its phases */
	int64_t soc_percent;
};

/* Reads the element's sampledValue list. What is not a plain number (SignedData, "abc") or of no
 * typed column is passed over: the caller keeps the whole element as text anyway. */
struct samples samples_read(const struct bb_json *element);

/* A reading that can be taken for a register's. */
static inline bool samples_plausible_wh(int64_t wh)
{
	return wh >= 0 && wh <= SAMPLES_REGISTER_MAX_WH;
}
#endif
