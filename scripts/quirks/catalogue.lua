-- The bundled scripts and the rules that say which chargers have which quirks. Patterns are of what a charger says in
-- BootNotification: * is any text, ? one character, upper and lower case are alike. Rules are tried in this order and
-- add up; operators' own come before them.
function catalogue()
  return {
    scripts = {
      { name = "cut_long_texts", help = "BootNotification: texts that are too long lose their end" },
      { name = "null_members", help = "members that are null are left out" },
      { name = "null_texts", help = "StatusNotification: info \"null\" and vendorErrorCode 0x0000 are left out" },
      { name = "error_codes", help = "StatusNotification: an unknown errorCode becomes OtherError" },
      { name = "unit_names", help = "meter values: Hz is left out, C is Celsius, kwh is kWh, ..." },
      { name = "sample_numbers", help = "meter values: numbers become texts" },
      { name = "configuration_values", help = "answers to GetConfiguration: values become texts, readonly a truth value" },
      { name = "time_formats", help = "times without a zone are UTC; +02 is +02:00" },
      { name = "local_times", help = "times that lie whole quarters of an hour ahead are put back by them" },
      { name = "energy_kwh_as_wh", help = "meter values: energy labelled Wh is kWh" },
    },
    rules = {
      { name = "abb", vendor = "ABB*", quirks = { "null_texts" } },
      { name = "chago", vendor = "Chago*", quirks = { "local_times" } },
      { name = "charge_amps", vendor = "Charge*Amps*", quirks = { "unit_names" } },
      { name = "evnex", vendor = "Evnex*", quirks = { "unit_names" } },
      { name = "viridian", vendor = "Viridian*", quirks = { "unit_names" } },
      { name = "go_e", vendor = "go-e*", quirks = { "configuration_values" } },
      { name = "grizzl_e", vendor = "*Grizzl*", quirks = { "no_subprotocol" } },
      { name = "united_chargers", vendor = "United Chargers*", quirks = { "no_subprotocol" } },
      { name = "growatt", vendor = "Growatt*", quirks = { "time_formats" } },
      { name = "hici", vendor = "HICI*", quirks = { "cut_long_texts" } },
      { name = "legrand", vendor = "Legrand*", quirks = { "error_codes" } },
      { name = "openevse", vendor = "OpenEVSE*", quirks = { "unit_names" } },
      { name = "scame", vendor = "Scame*", quirks = { "configuration_values" } },
      { name = "schneider", vendor = "Schneider*", quirks = { "cut_long_texts", "escape_controls" } },
      { name = "siemens", vendor = "Siemens*", quirks = { "cut_long_texts" } },
      { name = "wallbe", vendor = "wallbe*", quirks = { "strip_nul" } },
      { name = "wallbox", vendor = "Wall*Box*", quirks = { "escape_controls" } },
      { name = "zj_beny", vendor = "*BENY*", quirks = { "escape_controls", "cut_trailing" } },
    },
  }
end
