/* How long it takes to parse and to validate one MeterValues of four samples. Prints JSON. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "schema/schema.h"
#include "json/json.h"

#define ROUNDS 400000

static const char message[] =
    "{\"connectorId\":1,\"transactionId\":4711,\"meterValue\":[{\"timestamp\":"
    "\"2026-11-21T08:00:00.000Z\",\"sampledValue\":["
    "{\"value\":\"1234567\",\"context\":\"Sample.Periodic\",\"measurand\":"
    "\"Energy.Active.Import.Register\",\"unit\":\"Wh\"},"
    "{\"value\":\"11040.0\",\"context\":\"Sample.Periodic\",\"measurand\":\"Power.Active.Import\","
    "\"unit\":\"W\"},"
    "{\"value\":\"16.0\",\"context\":\"Sample.Periodic\",\"measurand\":\"Current.Import\","
    "\"phase\":\"L1\",\"unit\":\"A\"},"
    "{\"value\":\"57\",\"context\":\"Sample.Periodic\",\"measurand\":\"SoC\",\"location\":\"EV\","
    "\"unit\":\"Percent\"}]}]}";

static double us_per_round(int64_t since)
{
	return (double)(clock_mono_us() - since) / ROUNDS;
}

int main(void)
{
	struct schema_set *set;
	char *error;
	if (schema_load(BUSBAR_ROOT "/schemas", &set, &error)) {
		fprintf(stderr, "bench_schema: %s\n", error);
		free(error);
		return 1;
	}
	const struct schema *schema = schema_find(set, "ocpp1.6/MeterValues");
	struct bb_arena *a = arena_new(16384);
	const struct bb_json *v = NULL;
	int64_t start = clock_mono_us();
	for (int i = 0; i < ROUNDS; i++) {
		arena_reset(a);
		if (json_parse(a, message, sizeof message - 1, &v, NULL))
			return 1;
	}
	double parse_us = us_per_round(start);
	struct schema_fault fault;
	size_t count;
	start = clock_mono_us();
	for (int i = 0; i < ROUNDS; i++)
		if (!schema_validate(schema, v, a, &fault, 1, &count))
			return 1;
	printf("{\"bytes\":%zu,\"parse_us\":%.3f,\"validate_us\":%.3f}\n", sizeof message - 1,
	       parse_us, us_per_round(start));
	arena_free(a);
	schema_free(set);
	return 0;
}
