#include <criterion/criterion.h>

#include "fake.h"
#include "ocpp16_core/samples.h"

static void setup(void)
{
	fake_new();
}
TestSuite(samples, .init = setup, .fini = fake_free);

/* One element with these sampled values. */
static struct samples of(const char *list)
{
	struct bb_builder b = bb_build(fake_arena());
	bb_put_json(&b, "sampledValue", fake_json(list));
	return samples_read(bb_build_object(&b));
}

Test(samples, a_value_alone_is_the_import_register_in_wh)
{
	struct samples s = of("[{\"value\":\"1234\"}]");
	cr_assert(s.has_energy);
	cr_assert_eq(s.energy_wh, 1234);
	cr_assert_not(s.has_power || s.has_current || s.has_voltage || s.has_soc || s.has_begin);
}

Test(samples, kilo_units_become_plain_ones)
{
	struct samples s =
	    of("[{\"value\":\"12.3456\",\"unit\":\"kWh\"},"
	       "{\"value\":\"7.36\",\"unit\":\"kW\",\"measurand\":\"Power.Active.Import\"}]");
	cr_assert_eq(s.energy_wh, 12346);
	cr_assert_eq(s.power_w, 7360);
}

Test(samples, every_typed_measurand_has_its_column)
{
	struct samples s =
	    of("[{\"value\":\"11000\",\"measurand\":\"Power.Active.Import\",\"unit\":\"W\"},"
	       "{\"value\":\"16.04\",\"measurand\":\"Current.Import\",\"unit\":\"A\"},"
	       "{\"value\":\"230.1\",\"measurand\":\"Voltage\",\"unit\":\"V\"},"
	       "{\"value\":\"55.6\",\"measurand\":\"SoC\",\"unit\":\"Percent\"},"
	       "{\"value\":\"9\",\"measurand\":\"Energy.Reactive.Import.Register\"}]");
	cr_assert_eq(s.power_w, 11000);
	cr_assert_eq(s.current_ma, 16040);
	cr_assert_eq(s.voltage_mv, 230100);
	cr_assert_eq(s.soc_percent, 56);
	cr_assert_not(s.has_energy);
}

Test(samples, phases_add_up_where_no_total_is_given)
{
	struct samples s =
	    of("[{\"value\":\"100\",\"phase\":\"L1\"},{\"value\":\"200\",\"phase\":\"L2\"},"
	       "{\"value\":\"300\",\"phase\":\"L3\"},{\"value\":\"9\",\"phase\":\"N\"},"
	       "{\"value\":\"230\",\"measurand\":\"Voltage\",\"phase\":\"L1-N\"},"
	       "{\"value\":\"0\",\"measurand\":\"Voltage\",\"phase\":\"L2-N\"},"
	       "{\"value\":\"400\",\"measurand\":\"Voltage\",\"phase\":\"L1-L2\"},"
	       "{\"value\":\"10\",\"measurand\":\"Current.Import\",\"phase\":\"L1\"},"
	       "{\"value\":\"16\",\"measurand\":\"Current.Import\",\"phase\":\"L2\"}]");
	cr_assert_eq(s.energy_wh, 600);
	cr_assert_eq(s.voltage_mv, 230000, "the highest phase, no line voltage");
	cr_assert_eq(s.current_ma, 16000, "the highest phase");
}

Test(samples, a_total_wins_over_its_phases)
{
	struct samples s = of("[{\"value\":\"100\",\"phase\":\"L1\"},{\"value\":\"555\"},{"
			      "\"value\":\"200\",\"phase\":\"L2\"}]");
	cr_assert_eq(s.energy_wh, 555);
}

Test(samples, the_outlet_wins_over_other_locations)
{
	struct samples s = of("[{\"value\":\"9000\",\"location\":\"Inlet\"},{\"value\":\"8900\"}]");
	cr_assert_eq(s.energy_wh, 8900);
	s = of("[{\"value\":\"8900\",\"location\":\"Outlet\"},{\"value\":\"9000\",\"location\":"
	       "\"Inlet\"}]");
	cr_assert_eq(s.energy_wh, 8900);
	s = of("[{\"value\":\"9000\",\"location\":\"Inlet\"}]");
	cr_assert_eq(s.energy_wh, 9000);
}

Test(samples, the_reading_of_the_begin_is_told_from_that_of_the_end)
{
	struct samples s = of("[{\"value\":\"10\",\"context\":\"Transaction.Begin\"},"
			      "{\"value\":\"90\",\"context\":\"Transaction.End\"}]");
	cr_assert_eq(s.begin_wh, 10);
	cr_assert_eq(s.energy_wh, 90);
	s = of("[{\"value\":\"10\",\"context\":\"Transaction.Begin\"}]");
	cr_assert_eq(s.energy_wh, 10);
}

Test(samples, what_is_no_plain_number_has_no_type)
{
	const char *bad[] = {"\"abc\"", "\"\"",      "\"12,5\"", "\"0x10\"", "\"nan\"",
			     "\"inf\"", "\"1e999\"", "\"1 2\"",  "\"--1\"",  "null",
			     "true",    "\"-5\"",    "\"1e15\""};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char list[64];
		snprintf(list, sizeof list, "[{\"value\":%s}]", bad[i]);
		cr_expect_not(of(list).has_energy, "%s", bad[i]);
	}
	cr_expect_not(of("[{\"value\":\"1234\",\"format\":\"SignedData\"}]").has_energy);
	cr_expect_not(
	    of("[{\"value\":\"1e999\",\"measurand\":\"Power.Active.Import\",\"phase\":\"L1\"},"
	       "{\"value\":\"-1e999\",\"measurand\":\"Power.Active.Import\",\"phase\":\"L2\"}]")
		.has_power);
	cr_expect_not(of("[{\"value\":\"101\",\"measurand\":\"SoC\"}]").has_soc);
}

Test(samples, numbers_may_be_json_numbers_or_have_blanks_around)
{
	cr_assert_eq(of("[{\"value\":12}]").energy_wh, 12);
	cr_assert_eq(of("[{\"value\":12.6}]").energy_wh, 13);
	cr_assert_eq(of("[{\"value\":\" 12 \"}]").energy_wh, 12);
	cr_assert_eq(of("[{\"value\":\"1.2e3\"}]").energy_wh, 1200);
}

Test(samples, a_power_in_wh_is_a_power)
{
	struct samples s =
	    of("[{\"value\":\"7.4\",\"measurand\":\"Power.Active.Import\",\"unit\":\"kWh\"}]");
	cr_assert_eq(s.power_w, 7400);
}

Test(samples, an_element_without_values_has_none)
{
	cr_assert_not(of("[]").has_energy);
	cr_assert_not(samples_read(fake_json("{}")).has_energy);
	cr_assert_not(samples_read(fake_json("{\"sampledValue\":[1,null,\"x\"]}")).has_energy);
}
