-- Chargers of a known vendor are accepted by themselves; those on mobile data send a heartbeat every quarter of an hour.
function boot(charger)
  local answer = {}
  if charger.registration == "pending" and charger.vendor == "Acme" then
    answer.status = "Accepted"
  end
  if charger.iccid then
    answer.interval_s = 900
  end
  return answer
end
