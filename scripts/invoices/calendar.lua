-- When things are on local clocks, for documents that keep what they say.

local function text(at_s, zone)
  local t = busbar.time.at(at_s, zone)
  local minutes = t.offset_s // 60
  local sign = minutes < 0 and "-" or "+"
  minutes = math.abs(minutes)
  return string.format("%04d-%02d-%02dT%02d:%02d:%02d%s%02d:%02d", t.year, t.month, t.day, t.hour, t.minute, t.second, sign,
    minutes // 60, minutes % 60)
end

-- { times = { { at, zone }, ... } }: RFC 3339 with the offset that holds there, in the same order.
function times(question)
  local list = {}
  for i, time in ipairs(question.times) do
    list[i] = text(busbar.time.parse(time.at), time.zone)
  end
  return busbar.array(list)
end

local function bounds(year, month, zone)
  return {
    month = string.format("%04d-%02d", year, month),
    from = busbar.time.format(busbar.time.seconds({ year = year, month = month, day = 1 }, zone)),
    to = busbar.time.format(busbar.time.seconds({ year = year, month = month + 1, day = 1 }, zone)),
  }
end

-- { zone, month = "2026-11" }: its first moment and the one after its last. Without a month: the last
-- one that is over by `after_s`.
function month(question)
  local year, number = (question.month or ""):match "^(%d%d%d%d)-(%d%d)$"
  if year then
    if tonumber(number) < 1 or tonumber(number) > 12 then error("there is no such month", 0) end
    return bounds(tonumber(year), tonumber(number), question.zone)
  end
  local t = busbar.time.at(busbar.time.now() - question.after_s, question.zone)
  if t.month == 1 then return bounds(t.year - 1, 12, question.zone) end
  return bounds(t.year, t.month - 1, question.zone)
end
