-- Meter values whose transactionId stands for none (0, -1, the largest number, a text): it is left out.
function normalize(message)
  local p = message.payload
  if not quirks.asks(message, "MeterValues") or p.transactionId == nil then return nil end
  if math.type(p.transactionId) == "integer" and p.transactionId > 0 and p.transactionId < 2147483647 then return nil end
  p.transactionId = nil
  return message
end
