-- Energy at prices of the local time of day, a fee per minute of charging, a fee per minute for a
-- car that stays when it is full, and a cap. Settings, all in minor units:
--   price_per_kwh_minor     where no period below holds
--   periods                 { { from = "22:00", to = "06:00", price_per_kwh_minor = 30,
--                           name = "night", weekdays = { 1, 2, 3, 4, 5 } }, ... }: the first that
--                           holds; one that runs over midnight belongs to the day it begins on;
--                           without weekdays (Monday is 1) every day
--   per_minute_minor        while energy flows, default 0
--   idle_per_minute_minor   when it no longer flows, default 0
--   idle_grace_s            so long the latter is free, default 0
--   session_fee_minor       default 0
--   cap_per_day_minor       the most for each 24 hours begun, before tax; default none
--   tax_percent             on top, default 0
--   tax_included            true: that tax is in the prices

local names = {
  "price_per_kwh_minor", "periods", "per_minute_minor", "idle_per_minute_minor", "idle_grace_s",
  "session_fee_minor", "cap_per_day_minor", "tax_percent", "tax_included",
}

local of_period = { from = true, to = true, price_per_kwh_minor = true, name = true, weekdays = true }

local function list(value, name)
  if value == nil then return {} end
  if type(value) ~= "table" or next(value) ~= nil and value[1] == nil then error("settings." .. name .. " must be a list", 0) end
  return value
end

-- As a set; nil: every day.
local function read_weekdays(value, name)
  local days
  for _, day in ipairs(list(value, name)) do
    if type(day) ~= "number" or day % 1 ~= 0 or day < 1 or day > 7 then
      error("settings." .. name .. " has " .. tostring(day) .. ", but days are 1, Monday, to 7", 0)
    end
    days = days or {}
    days[day] = true
  end
  return days
end

local function read_period(period, i)
  local where = "periods[" .. i .. "]"
  if type(period) ~= "table" then error("settings." .. where .. " must be an object", 0) end
  for name in pairs(period) do
    if not of_period[name] then error("settings." .. where .. "." .. name .. " is not known to this tariff", 0) end
  end
  local from = tariff.minutes(period.from)
  return {
    from = from, to = tariff.minutes(period.to), days = read_weekdays(period.weekdays, where .. ".weekdays"),
    name = period.name or (period.from .. " to " .. period.to),
    price = tariff.number({ [where .. ".price_per_kwh_minor"] = period.price_per_kwh_minor },
      where .. ".price_per_kwh_minor"),
  }
end

local function holds(period, minute, weekday)
  local from, to = period.from, period.to
  if from < to then
    if minute < from or minute >= to then return false end
  elseif minute < to then
    weekday = (weekday + 5) % 7 + 1
  elseif minute < from then
    return false
  end
  return not period.days or period.days[weekday] or false
end

-- The energy of each price, in the order in which they come.
local function energy_lines(session, lines, base, periods)
  local minutes, used, order, last = { 0 }, {}, {}, nil
  for _, p in ipairs(periods) do
    minutes[#minutes + 1] = p.from
    minutes[#minutes + 1] = p.to % 1440
  end
  for _, piece in ipairs(tariff.split(session, { minutes = #periods > 0 and minutes or nil })) do
    local current = base
    if #periods > 0 then
      local minute, weekday = tariff.local_minutes(session, piece.from_s)
      for i = #periods, 1, -1 do
        if holds(periods[i], minute, weekday) then current = periods[i] end
      end
    end
    local use = used[current] or { wh = 0, notes = {} }
    if not used[current] then order[#order + 1] = current end
    used[current] = use
    use.wh = use.wh + piece.energy_wh
    if piece.interpolated and last ~= use then
      tariff.interpolated(session, last.notes, piece)
      tariff.interpolated(session, use.notes, piece)
    end
    last = use
  end
  for _, p in ipairs(order) do
    local use = used[p]
    tariff.add(lines, "energy", p.name and "Energy, " .. p.name or "Energy", use.wh / 1000, "kWh", p.price,
      { note = tariff.note(use.notes) })
  end
end

function price(session)
  local settings, lines, periods = session.settings, {}, {}
  tariff.known(settings, names)
  tariff.check_tax(settings)
  local base = { price = tariff.number(settings, "price_per_kwh_minor") }
  for i, period in ipairs(list(settings.periods, "periods")) do periods[i] = read_period(period, i) end
  local fee = tariff.number(settings, "session_fee_minor", 0)
  local per_minute = tariff.number(settings, "per_minute_minor", 0)
  local idle_per_minute = tariff.number(settings, "idle_per_minute_minor", 0)
  local before = session.part or { energy_wh = 0, idle_s = 0, duration_s = 0, lines = {} }
  local grace_s = math.max(0, tariff.number(settings, "idle_grace_s", 0) - before.idle_s)

  if session.energy_wh > 0 and before.energy_wh == 0 then
    tariff.add(lines, "flat", "Session fee", 1, "session", fee)
  end
  energy_lines(session, lines, base, periods)
  tariff.add(lines, "time", "Charging time", session.charging_s / 60, "min", per_minute)
  tariff.add(lines, "idle", "Idle time", math.max(0, session.idle_s - grace_s) / 60, "min", idle_per_minute)

  if settings.cap_per_day_minor then
    local days = math.max(1, math.ceil((before.duration_s + session.duration_s) / 86400))
    local charged = 0
    for _, line in ipairs(before.lines) do
      if line.kind ~= "tax" then charged = charged + line.amount_minor end
    end
    local cap = math.max(0, days * tariff.number(settings, "cap_per_day_minor") - charged)
    tariff.maximum(lines, cap, string.format("Cap, %d day%s", days, days == 1 and "" or "s"))
  end
  return tariff.bill(session, lines)
end
