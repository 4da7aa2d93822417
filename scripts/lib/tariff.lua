-- What tariffs share: settings, lines and sums, energy and local time within a session.
-- Amounts are whole minor units (cents); quantities and unit prices may have fractions.
local tariff = {}

-- To the nearest whole number, halves away from zero.
function tariff.round(x)
  if x >= 0 then return math.floor(x + 0.5) end
  return -math.floor(-x + 0.5)
end

-- The digits behind the point of a currency: 2 for EUR, 0 for JPY, 3 for KWD.
function tariff.decimals(currency)
  return busbar.money.decimals(currency)
end

-- A setting that is a number from 0 on; `default` if it is absent, an error if there is no default.
function tariff.number(settings, name, default)
  local value = settings[name]
  if value == nil then value = default end
  if value == nil then error("settings." .. name .. " is missing", 0) end
  if type(value) ~= "number" or value < 0 then
    error("settings." .. name .. " must be a number from 0 on, not " .. tostring(value), 0)
  end
  return value
end

-- Refuses settings that the tariff does not know: a misspelled price must not be no price.
function tariff.known(settings, names)
  for name in pairs(settings) do
    local found = false
    for _, known in ipairs(names) do found = found or known == name end
    if not found then error("settings." .. name .. " is not known to this tariff", 0) end
  end
end

-- Adds a line of quantity * unit price; nothing if that is nothing. Returns its amount.
function tariff.add(lines, kind, description, quantity, unit, unit_price_minor)
  local amount = tariff.round(quantity * unit_price_minor)
  if amount == 0 then return 0 end
  lines[#lines + 1] = {
    kind = kind, description = description, quantity = quantity, unit = unit,
    unit_price_minor = unit_price_minor, amount_minor = amount,
  }
  return amount
end

function tariff.sum(lines)
  local sum = 0
  for _, line in ipairs(lines) do sum = sum + line.amount_minor end
  return sum
end

-- The price that the lines make up, with tax on top where settings.tax_percent asks for it.
function tariff.bill(session, lines)
  local tax = tariff.number(session.settings, "tax_percent", 0)
  if tax > 0 then
    local net = tariff.sum(lines)
    tariff.add(lines, "tax", string.format("Tax %g %%", tax), tax, "%", net / 100)
  end
  return { currency = session.currency, lines = busbar.array(lines), total_minor = tariff.sum(lines) }
end

-- Wh from the start of the session until then, between two readings in proportion to time.
function tariff.energy_at(session, at_s)
  local samples, before = session.samples, nil
  for _, sample in ipairs(samples) do
    if sample.energy_wh then
      if sample.at_s > at_s then
        if not before then return 0 end
        local share = (at_s - before.at_s) / (sample.at_s - before.at_s)
        return tariff.round(before.energy_wh + share * (sample.energy_wh - before.energy_wh))
      end
      before = sample
    end
  end
  return before and before.energy_wh or 0
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

-- The next time after at_s when local clocks show one of these minutes since midnight.
function tariff.next_change(session, at_s, minutes)
  local t = busbar.time.at(at_s, session.time_zone)
  local best
  for day = t.day, t.day + 1 do
    for _, m in ipairs(minutes) do
      local s = busbar.time.seconds({ year = t.year, month = t.month, day = day, minute = m }, session.time_zone)
      if s > at_s and (not best or s < best) then best = s end
    end
  end
  return best
end

return tariff
