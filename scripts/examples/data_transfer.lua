-- A vendor's chargers report their temperature and ask how bright their display may be; the last report is kept.
function data_transfer(question)
  if question.vendor_id ~= "com.acme" then
    return nil
  end
  local key = "temperature/" .. question.charge_point_id
  if question.message_id == "Temperature" then
    busbar.scripts.put(key, { celsius = tonumber(question.data), at = busbar.time.now() })
    return { status = "Accepted" }
  elseif question.message_id == "Brightness" then
    local last = busbar.scripts.get(key)
    return { status = "Accepted", data = last and last.celsius > 60 and "30" or "100" }
  end
  return { status = "UnknownMessageId" }
end
