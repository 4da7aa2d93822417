-- So much per kWh. Settings:
--   price_per_kwh_minor   in minor units, may have a fraction: 45.5 is 0.455 EUR
--   session_fee_minor     for every session that took energy, default 0
--   tax_percent           on top, default 0
--   tax_included          true: that tax is in the prices
function price(session)
  local settings, lines, tariff = session.settings, { nil, nil, nil }, tariff -- room for the lines
  tariff.known(settings, { "price_per_kwh_minor", "session_fee_minor", "tax_percent", "tax_included" })
  if settings.tax_percent ~= nil or settings.tax_included ~= nil then tariff.check_tax(settings) end
  local per_kwh = tariff.number(settings, "price_per_kwh_minor")
  local fee = tariff.number(settings, "session_fee_minor", 0)

  local energy_wh = session.energy_wh
  if energy_wh > 0 and (not session.part or session.part.energy_wh == 0) then
    tariff.add(lines, "flat", "Session fee", 1, "session", fee)
  end
  tariff.add(lines, "energy", "Energy", energy_wh / 1000, "kWh", per_kwh)
  return tariff.bill(session, lines)
end
