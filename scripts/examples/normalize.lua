-- One vendor sends the meter's value with a unit in it: "1520 Wh".
function normalize(message)
  if message.action ~= "MeterValues" then
    return nil
  end
  local changed = false
  for _, element in ipairs(message.payload.meterValue or {}) do
    for _, sample in ipairs(element.sampledValue or {}) do
      local number, unit = tostring(sample.value):match "^([%d.]+) (k?Wh)$"
      if number then
        sample.value, sample.unit, changed = number, unit, true
      end
    end
  end
  return changed and { payload = message.payload } or nil
end
