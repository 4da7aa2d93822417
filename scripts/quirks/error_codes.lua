-- Error codes that OCPP does not have: OtherError, and the charger's own word as vendorErrorCode.
local known = {
  ConnectorLockFailure = true, EVCommunicationError = true, GroundFailure = true, HighTemperature = true,
  InternalError = true, LocalListConflict = true, NoError = true, OtherError = true, OverCurrentFailure = true,
  OverVoltage = true, PowerMeterFailure = true, PowerSwitchFailure = true, ReaderFailure = true, ResetFailure = true,
  UnderVoltage = true, WeakSignal = true,
}

function normalize(message)
  local p = message.payload
  if not quirks.asks(message, "StatusNotification") or type(p.errorCode) ~= "string" or known[p.errorCode] then
    return nil
  end
  if p.vendorErrorCode == nil then
    p.vendorErrorCode = p.errorCode
    quirks.cut(p, "vendorErrorCode", 50)
  end
  p.errorCode = "OtherError"
  return message
end
