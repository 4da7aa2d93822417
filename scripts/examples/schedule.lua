-- Less power while the building needs its own: 8 to 18 o'clock on working days, local time.
local zone = "Europe/Berlin"

function schedule(question)
  local now = busbar.time.at(busbar.time.parse(question.at), zone)
  local midnight = busbar.time.seconds({ year = now.year, month = now.month, day = now.day }, zone)
  local periods = { { start_s = 0, limit = 32 } }
  if now.weekday <= 5 then
    periods = { { start_s = 0, limit = 32 }, { start_s = 8 * 3600, limit = 10 }, { start_s = 18 * 3600, limit = 32 } }
  end
  return { limits = { { unit = "A", start_at = busbar.time.format(midnight), periods = periods } } }
end
