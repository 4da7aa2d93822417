#include "samples.h"

#include <math.h>
#include <stdlib.h>

enum kind { ENERGY, POWER, CURRENT, VOLTAGE, SOC, KINDS };

static const struct measurand {
	const char *name;
	enum kind kind;
} measurands[] = {
    {"Energy.Active.Import.Register", ENERGY},
    {"Power.Active.Import", POWER},
    {"Current.Import", CURRENT},
    {"Voltage", VOLTAGE},
    {"SoC", SOC},
};

/* To Wh, W, mA, mV and percent. A unit that does not fit the measurand but has its scale (a power
 * in "Wh") is seen from chargers, and means the scale. */
static double scale_of(enum kind kind, const char *unit)
{
	double thousand = unit[0] == 'k' ? 1000.0 : 1.0;
	return kind == CURRENT || kind == VOLTAGE ? thousand * 1000.0 : thousand;
}

enum phase { TOTAL, L1, L2, L3, OTHER_PHASE, PHASES };

static enum phase phase_of(const char *phase)
{
	if (!*phase)
		return TOTAL;
	if (phase[0] != 'L' || phase[1] < '1' || phase[1] > '3')
		return OTHER_PHASE;
	if (phase[2] && strcmp(phase + 2, "-N") != 0)
		return OTHER_PHASE;
	return (enum phase)(L1 + (phase[1] - '1'));
}

/* Where the car is supplied from is asked for: the outlet, which is the default, wins over
 * everything nearer to the grid or to the battery. */
static int location_rank(const char *location)
{
	static const char *const nearest[] = {"Outlet", "Cable", "Inlet", "Body", "EV"};
	for (int i = 0; i < 5; i++)
		if (!strcmp(location, nearest[i]))
			return i;
	return 5;
}

/* The values of one kind, at the best rank seen so far. */
struct gather {
	int rank;
	bool has[PHASES];
	double value[PHASES];
};

static void gather_put(struct gather *g, int rank, enum phase phase, double value)
{
	if (rank > g->rank)
		return;
	if (rank < g->rank)
		*g = (struct gather){.rank = rank};
	if (!g->has[phase] || value > g->value[phase])
		g->value[phase] = value;
	g->has[phase] = true;
}

/* Some chargers send the value as a JSON number; a text must be a decimal number as a whole. */
static bool number_of(const struct bb_json *v, double *ret)
{
	if (bb_json_is(v, BB_JSON_INT) || bb_json_is(v, BB_JSON_REAL)) {
		*ret = bb_json_real(v, 0);
		return true;
	}
	const char *text = bb_json_str(v, "");
	text += strspn(text, " ");
	size_t len = strspn(text, "+-.0123456789eE");
	if (!len || text[len + strspn(text + len, " ")])
		return false;
	char *end;
	double value = strtod(text, &end);
	if (end != text + len || !isfinite(value))
		return false;
	*ret = value;
	return true;
}

static const struct measurand *measurand_of(const struct bb_json *sample)
{
	const char *name = bb_json_get_str(sample, "measurand", measurands[0].name);
	for (size_t i = 0; i < sizeof measurands / sizeof *measurands; i++)
		if (!strcmp(name, measurands[i].name))
			return &measurands[i];
	return NULL;
}

static void gather_sample(struct gather kinds[KINDS], struct gather *begin,
			  const struct bb_json *sample)
{
	double value;
	const struct measurand *m = measurand_of(sample);
	if (!m || !strcmp(bb_json_get_str(sample, "format", "Raw"), "SignedData") ||
	    !number_of(bb_json_get(sample, "value"), &value))
		return;
	value *= scale_of(m->kind, bb_json_get_str(sample, "unit", ""));
	enum phase phase = phase_of(bb_json_get_str(sample, "phase", ""));
	int rank = location_rank(bb_json_get_str(sample, "location", "Outlet"));
	bool at_begin =
	    !strcmp(bb_json_get_str(sample, "context", "Sample.Periodic"), "Transaction.Begin");
	if (m->kind == ENERGY && at_begin)
		gather_put(begin, rank, phase, value);
	else
		gather_put(&kinds[m->kind], rank, phase, value);
}

/* The total if it was given, else of the phases their sum or the highest. */
static bool gather_value(const struct gather *g, bool sum, int64_t most, int64_t *ret)
{
	double value = 0;
	bool any = g->has[TOTAL];
	if (any)
		value = g->value[TOTAL];
	for (int p = L1; p <= L3 && !g->has[TOTAL]; p++) {
		if (!g->has[p])
			continue;
		value = sum                          ? value + g->value[p]
			: any && value > g->value[p] ? value
						     : g->value[p];
		any = true;
	}
	if (!any || fabs(value) > (double)most)
		return false;
	*ret = llround(value);
	return true;
}

struct samples samples_read(const struct bb_json *element)
{
	struct gather kinds[KINDS], begin = {.rank = 6};
	for (int i = 0; i < KINDS; i++)
		kinds[i] = begin;
	const struct bb_json *list = bb_json_get(element, "sampledValue");
	for (uint32_t i = 0; i < bb_json_count(list); i++)
		gather_sample(kinds, &begin, bb_json_at(list, i));

	struct samples s = {0};
	int64_t most = SAMPLES_REGISTER_MAX_WH;
	s.has_begin = gather_value(&begin, true, most, &s.begin_wh) && s.begin_wh >= 0;
	s.has_energy = gather_value(&kinds[ENERGY], true, most, &s.energy_wh) && s.energy_wh >= 0;
	s.has_power = gather_value(&kinds[POWER], true, most, &s.power_w);
	s.has_current = gather_value(&kinds[CURRENT], false, most, &s.current_ma);
	s.has_voltage = gather_value(&kinds[VOLTAGE], false, most, &s.voltage_mv);
	s.has_soc = gather_value(&kinds[SOC], false, 100, &s.soc_percent) && s.soc_percent >= 0;
	if (!s.has_energy && s.has_begin) {
		s.has_energy = true;
		s.energy_wh = s.begin_wh;
	}
	return s;
}
