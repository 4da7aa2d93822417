-- Sampled values that are numbers where OCPP wants them as texts.
function normalize(message)
  local changed = quirks.change_samples(message, function(sample)
    if type(sample.value) ~= "number" then return false end
    local text = math.type(sample.value) == "integer" and tostring(sample.value) or ("%.6f"):format(sample.value)
    sample.value = text:find(".", 1, true) and text:gsub("%.?0+$", "") or text
    return true
  end)
  return changed and message or nil
end
