-- Units that OCPP does not have. A frequency has no unit there; temperatures and percents have other names.
local names = {
  C = "Celsius", ["°C"] = "Celsius", degC = "Celsius", F = "Fahrenheit", ["°F"] = "Fahrenheit",
  ["%"] = "Percent", percent = "Percent", wh = "Wh", WH = "Wh", kwh = "kWh", KWh = "kWh", KWH = "kWh",
  w = "W", kw = "kW", KW = "kW", a = "A", Amp = "A", v = "V", Volt = "V",
}
local frequency = { Hz = true, HZ = true, hz = true, Hertz = true, hertz = true }

function normalize(message)
  local changed = quirks.change_samples(message, function(sample)
    if frequency[sample.unit] then
      sample.unit = nil
    elseif names[sample.unit] then
      sample.unit = names[sample.unit]
    else
      return false
    end
    return true
  end)
  return changed and message or nil
end
