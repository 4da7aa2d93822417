-- What a vendor has withdrawn does not connect; it may try again in an hour, when it may have been updated.
local withdrawn = { ["Acme One"] = { ["1.0.3"] = true } }

function admit(charger)
  local versions = withdrawn[charger.model]
  if versions and versions[charger.firmware_version] then
    return { status = 503, reason = "this firmware is withdrawn", retry_after_s = 3600 }
  end
  return nil
end
