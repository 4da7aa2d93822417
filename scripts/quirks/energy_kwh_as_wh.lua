-- Energy in kWh that is labelled Wh, or not labelled. Only for chargers that have been seen to do so: no rule has it.
function normalize(message)
  local changed = quirks.change_samples(message, function(sample)
    local measurand = sample.measurand or "Energy.Active.Import.Register"
    if type(measurand) ~= "string" or not measurand:find("^Energy%.Active") then return false end
    if sample.unit ~= nil and sample.unit ~= "Wh" then return false end
    sample.unit = "kWh"
    return true
  end)
  return changed and message or nil
end
