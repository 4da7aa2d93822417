-- A meterStop of -1 where the reading is not known: the highest register of transactionData, if it has one.
function normalize(message)
  local p = message.payload
  if not quirks.asks(message, "StopTransaction") or type(p.meterStop) ~= "number" or p.meterStop >= 0 then return nil end
  local highest
  quirks.change_samples(message, function(sample)
    local measurand = sample.measurand or "Energy.Active.Import.Register"
    local value = tonumber(sample.value)
    if measurand ~= "Energy.Active.Import.Register" or sample.phase or not value then return false end
    if sample.unit == "kWh" then value = value * 1000 end
    if not highest or value > highest then highest = value end
    return false
  end)
  if not highest then return nil end
  p.meterStop = math.floor(highest + 0.5)
  return message
end
