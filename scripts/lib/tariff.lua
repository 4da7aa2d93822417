-- What tariffs share: settings, lines and sums, energy and local time within a session.
-- Amounts are whole minor units (cents); quantities and unit prices may have fractions.
local tariff = {}
local type, next, ipairs, array = type, next, ipairs, busbar.array

local function among(value, list)
  for i = 1, #list do
    if list[i] == value then return true end
  end
  return false
end

-- To the nearest whole number, halves away from zero. What is a half in decimal figures is one here,
-- although a binary number may be a little less: 1.005 * 100 is 101.
local function round(x)
  if x >= 0 then return (x + 0.5000001) // 1 | 0 end
  return -((-x + 0.5000001) // 1 | 0)
end
tariff.round = round

-- The digits behind the point of a currency: 2 for EUR, 0 for JPY, 3 for KWD.
function tariff.decimals(currency)
  return busbar.money.decimals(currency)
end

-- A price in whole units ("0.29 EUR") in minor units.
function tariff.minor(price, currency)
  return math.floor(price * 10 ^ busbar.money.decimals(currency) * 1e6 + 0.5) / 1e6
end

-- A setting that is a number from 0 on; `default` if it is absent, an error if there is no default.
function tariff.number(settings, name, default)
  local value = settings[name]
  if value == nil then value = default end
  if type(value) == "number" and value >= 0 then return value end
  if value == nil then error("settings." .. name .. " is missing", 0) end
  error("settings." .. name .. " must be a number from 0 on, not " .. tostring(value), 0)
end

-- Refuses settings that the tariff does not know: a misspelled price must not be no price.
function tariff.known(settings, names)
  for name in next, settings do
    local i = 1
    while names[i] ~= name do
      if not names[i] then error("settings." .. name .. " is not known to this tariff", 0) end
      i = i + 1
    end
  end
end

-- Refuses what bill() would take for something else.
function tariff.check_tax(settings)
  local included = settings.tax_included
  if included ~= nil and type(included) ~= "boolean" then
    error("settings.tax_included must be true or false, not " .. tostring(included), 0)
  end
  if tariff.number(settings, "tax_percent", 0) > 100 then error("settings.tax_percent must be at most 100", 0) end
end

-- Is the value one of the list? tariff.among(session.parent_id_tag, { "FLEET", "STAFF" })
tariff.among = among

-- Adds a line of quantity * unit price; nothing if the amount is nothing, but for those that are
-- `always` to be seen. `more` may have its other members, such as a note. Returns the amount.
local function add(lines, kind, description, quantity, unit, unit_price_minor, more, always)
  local amount = quantity * unit_price_minor
  amount = amount >= 0 and (amount + 0.5000001) // 1 | 0 or round(amount) -- mostly without a call
  if amount == 0 and not always then return 0 end
  local shown = (quantity * 1e6 + 0.5) // 1 / 1e6
  local off = shown * unit_price_minor - amount
  if off >= 1 or off <= -1 then shown = (quantity * 1e10 + 0.5) // 1 / 1e10 end -- a price of millions tells more digits
  local line = {
    kind = kind, description = description, quantity = shown, unit = unit, unit_price_minor = unit_price_minor,
    amount_minor = amount,
  }
  if more then
    for name, value in pairs(more) do line[name] = value end
  end
  lines[#lines + 1] = line
  return amount
end
tariff.add = add

-- The same, even of nothing.
function tariff.line(lines, kind, description, quantity, unit, unit_price_minor, more)
  return add(lines, kind, description, quantity, unit, unit_price_minor, more, true)
end

local function sum(lines)
  local so_far = 0
  for i = 1, #lines do so_far = so_far + lines[i].amount_minor end
  return so_far
end
tariff.sum = sum

-- The least and the most that the lines shall come to; a line with the difference.
function tariff.minimum(lines, minor, description)
  local missing = round(minor) - sum(lines)
  if missing > 0 then tariff.add(lines, "minimum", description or "Minimum price", 1, "session", missing) end
end

function tariff.maximum(lines, minor, description)
  local above = sum(lines) - round(minor)
  if above > 0 then tariff.add(lines, "cap", description or "Maximum price", 1, "session", -above) end
end

-- The price that the lines make up. settings.tax_percent is added as a line of its own, or, with
-- settings.tax_included, is in the prices, and the lines say so.
function tariff.bill(session, lines)
  local settings = session.settings
  local tax = settings.tax_percent
  if tax ~= nil then tax = tariff.number(settings, "tax_percent") end -- mostly without a call
  if settings.tax_included then
    for _, line in ipairs(lines) do line.included_tax_percent = tax or 0 end
  elseif tax and tax > 0 then
    tariff.add(lines, "tax", string.format("Tax %g %%", tax), tax, "%", sum(lines) / 100)
  end
  return { currency = session.currency, lines = lines[1] and lines or array(lines), total_minor = sum(lines) }
end

-- A quantity rounded up to whole steps.
function tariff.steps(quantity, step)
  return math.ceil(quantity / step - 1e-9) * step
end

-- The samples around a time, as far as they tell the energy.
local function around(samples, at_s)
  local low, high = 0, #samples + 1
  while high - low > 1 do
    local middle = (low + high) // 2
    if samples[middle].at_s <= at_s then low = middle else high = middle end
  end
  while samples[low] and not samples[low].energy_wh do low = low - 1 end
  while samples[high] and not samples[high].energy_wh do high = high + 1 end
  return samples[low], samples[high]
end

-- Wh from the start of the session until then. The second result is true where that is
-- interpolated: between two readings, in proportion to time.
function tariff.energy_at(session, at_s)
  local before, after = around(session.samples, at_s)
  if not before then return 0, false end
  if not after or before.at_s == at_s or before.energy_wh == after.energy_wh then return before.energy_wh, false end
  local share = (at_s - before.at_s) / (after.at_s - before.at_s)
  return before.energy_wh + share * (after.energy_wh - before.energy_wh), true
end

-- When so many Wh had been taken, to the second; nil if they never were. The second result as above.
function tariff.time_of(session, energy_wh)
  local before
  for _, sample in ipairs(session.samples) do
    if sample.energy_wh then
      if sample.energy_wh >= energy_wh then
        if not before or sample.energy_wh == energy_wh then return sample.at_s, false end
        local share = (energy_wh - before.energy_wh) / (sample.energy_wh - before.energy_wh)
        return before.at_s + math.floor(share * (sample.at_s - before.at_s)), true
      end
      before = sample
    end
  end
end

-- "22:30" as minutes since midnight; "24:00" is the end of the day.
function tariff.minutes(text)
  local h, m = tostring(text):match("^(%d%d?):(%d%d)$")
  h, m = tonumber(h), tonumber(m)
  if not h or m > 59 or h * 60 + m > 1440 then
    error("\"" .. tostring(text) .. "\" is not a time of day like 22:30", 0)
  end
  return h * 60 + m
end

-- Local minutes since midnight, and the weekday (Monday is 1).
function tariff.local_minutes(session, at_s)
  local t = busbar.time.at(at_s, session.time_zone)
  return t.hour * 60 + t.minute, t.weekday
end

-- The local date, "2026-12-24".
function tariff.date(session, at_s)
  local t = busbar.time.at(at_s, session.time_zone)
  return string.format("%04d-%02d-%02d", t.year, t.month, t.day)
end

-- The first second with another offset from UTC than at `from`; there is one until `to`.
local function clock_change(from, to, zone, offset_s)
  while to - from > 1 do
    local middle = (from + to) // 2
    if busbar.time.at(middle, zone).offset_s == offset_s then from = middle else to = middle end
  end
  return to
end

-- Tells `cut` when local clocks show one of these minutes since midnight, and when they are put
-- forward or back; each time where they show it twice.
local function cut_by_clock(session, minutes, cut)
  local zone = session.time_zone
  local t = busbar.time.at(session.started_at_s, zone)
  local begin = busbar.time.seconds({ year = t.year, month = t.month, day = t.day }, zone)
  local day, first = t.day, busbar.time.at(begin, zone)
  repeat
    day = day + 1
    local ending = busbar.time.seconds({ year = t.year, month = t.month, day = day }, zone)
    local last = busbar.time.at(ending, zone)
    local midnight = begin - first.hour * 3600 - first.minute * 60 - first.second
    local change, shift = ending, first.offset_s - last.offset_s
    if shift ~= 0 then
      change = clock_change(begin, ending, zone, first.offset_s)
      cut(change)
    end
    for _, minute in ipairs(minutes) do
      local at = midnight + minute * 60
      if at < change then cut(at) end
      if shift ~= 0 and at + shift >= change then cut(at + shift) end
    end
    begin, first = ending, last
  until begin >= session.stopped_at_s
end

-- The session in pieces, in the order of time, cut
--   at.minutes      when local clocks show these minutes since midnight, and when they are changed
--   at.times        at these seconds since 1970
--   at.duration_s   so long after its start
--   at.energy_wh    when so many Wh had been taken
--   at.samples      true: at every sample
-- A piece has from_s, to_s, energy_wh, so_far_wh (at its beginning), and interpolated where its
-- beginning is between two samples: "energy" if its energy is, "time" if its time is.
function tariff.split(session, at)
  local from, to, total = session.started_at_s, session.stopped_at_s, session.energy_wh
  local cuts, seen = { { at_s = from, energy_wh = 0 } }, {}
  local function cut(at_s)
    if at_s <= from or at_s >= to or seen[at_s] then return end
    local wh, interpolated = tariff.energy_at(session, at_s)
    seen[at_s] = true
    cuts[#cuts + 1] = { at_s = at_s, energy_wh = wh, interpolated = interpolated and "energy" or nil }
  end
  if at.minutes then cut_by_clock(session, at.minutes, cut) end
  for _, at_s in ipairs(at.times or {}) do cut(at_s) end
  for _, s in ipairs(at.duration_s or {}) do cut(from + s) end
  for _, sample in ipairs(at.samples and session.samples or {}) do cut(sample.at_s) end
  for _, wh in ipairs(at.energy_wh or {}) do
    local at_s, interpolated = tariff.time_of(session, wh)
    if at_s and wh > 0 and wh < total then
      cuts[#cuts + 1] = { at_s = at_s, energy_wh = wh, interpolated = interpolated and "time" or nil }
    end
  end
  table.sort(cuts, function(a, b)
    if a.at_s ~= b.at_s then return a.at_s < b.at_s end
    return a.energy_wh < b.energy_wh
  end)
  local pieces = {}
  for i, c in ipairs(cuts) do
    local ending = cuts[i + 1] or { at_s = to, energy_wh = total }
    pieces[i] = {
      from_s = c.at_s, to_s = ending.at_s, energy_wh = ending.energy_wh - c.energy_wh,
      so_far_wh = c.energy_wh, interpolated = c.interpolated,
    }
  end
  return pieces
end

-- Notes on what is interpolated, for a line: tariff.interpolated(session, notes, piece) remembers a
-- piece's beginning, tariff.note(notes) is the text, or nil.
function tariff.interpolated(session, notes, piece)
  local t = busbar.time.at(piece.from_s, session.time_zone)
  local text = string.format("%02d:%02d", t.hour, t.minute)
  if t.second ~= 0 then text = text .. string.format(":%02d", t.second) end
  if session.duration_s >= 86400 then text = string.format("%02d-%02d ", t.month, t.day) .. text end
  if piece.interpolated == "time" then text = string.format("%g kWh (%s)", piece.so_far_wh / 1000, text) end
  notes[#notes + 1] = text
end

function tariff.note(notes)
  if #notes == 0 then return nil end
  local shown = table.concat(notes, ", ", 1, math.min(#notes, 8))
  local more = #notes > 8 and string.format(" and at %d other times", #notes - 8) or ""
  return "energy at " .. shown .. more .. " interpolated"
end

return tariff
