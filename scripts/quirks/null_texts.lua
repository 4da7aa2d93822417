-- "null" as a text, and an error code of zeros, in StatusNotification where there is nothing to tell.
function normalize(message)
  if not quirks.asks(message, "StatusNotification") then return nil end
  local p, changed = message.payload, false
  if p.info == "null" or p.info == "NULL" then
    p.info, changed = nil, true
  end
  if type(p.vendorErrorCode) == "string" and p.vendorErrorCode:match("^0x0+$") then
    p.vendorErrorCode, changed = nil, true
  end
  return changed and message or nil
end
