-- Names and serial numbers in BootNotification longer than OCPP allows: they lose their end.
local most = {
  chargePointVendor = 20, chargePointModel = 20, chargePointSerialNumber = 25, chargeBoxSerialNumber = 25,
  firmwareVersion = 50, iccid = 20, imsi = 20, meterType = 25, meterSerialNumber = 25,
}

function normalize(message)
  if not quirks.asks(message, "BootNotification") then return nil end
  local changed = false
  for member, length in pairs(most) do
    changed = quirks.cut(message.payload, member, length) or changed
  end
  return changed and message or nil
end
