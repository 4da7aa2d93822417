-- Local time that says it is UTC, east of Greenwich: it lies in the future. A time more than ten minutes ahead that
-- is whole quarters of an hour ahead, give or take two minutes, is put back by those; any other is left alone.
local QUARTER, LEAST, MOST, SLACK = 900, 600, 14 * 3600 + 120, 120

function normalize(message)
  local now = busbar.time.now()
  local changed = quirks.change_times(message, function(text)
    local at = busbar.time.parse(text)
    local ahead = at and at - now or 0
    if ahead < LEAST or ahead > MOST then return nil end
    local offset = (ahead + QUARTER // 2) // QUARTER * QUARTER
    if math.abs(ahead - offset) > SLACK then return nil end
    return busbar.time.format(at - offset)
  end)
  return changed and message or nil
end
