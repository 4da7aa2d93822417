-- The tariff object of OCPI 2.2.1, which is session.settings; schemas/tariffs/ocpi.json has its form.
-- For each dimension the first element counts that has a price for it and whose restrictions hold.
-- What OCPI lacks is in members named `busbar`, of the tariff and of its elements.

local days = { MONDAY = 1, TUESDAY = 2, WEDNESDAY = 3, THURSDAY = 4, FRIDAY = 5, SATURDAY = 6, SUNDAY = 7 }
local order = { "FLAT", "ENERGY", "TIME", "PARKING_TIME" }
local dimensions = {
  FLAT = { kind = "flat", name = "Flat fee", unit = "session", size = 1 },
  ENERGY = { kind = "energy", name = "Energy", unit = "kWh", size = 1000, interpolated = "energy" },
  TIME = { kind = "time", name = "Charging time", unit = "h", size = 3600, interpolated = "time", state = "charging" },
  PARKING_TIME = { kind = "idle", name = "Parking time", unit = "h", size = 3600, interpolated = "time", state = "idle" },
}

-- What an element's restrictions say, for its lines.
local function name_of(element)
  if element.own.name then return element.own.name end
  local r, words = element.restrictions, {}
  local function say(format, ...)
    words[#words + 1] = string.format(format, ...)
  end
  if r.start_time or r.end_time then say("%s to %s", r.start_time or "00:00", r.end_time or "24:00") end
  for _, day in ipairs(r.day_of_week or {}) do say("%s", day:sub(1, 1) .. day:sub(2, 3):lower()) end
  if element.own.holidays == "only" then say("holidays") end
  if r.min_kwh then say("from %g kWh", r.min_kwh) end
  if r.max_kwh then say("up to %g kWh", r.max_kwh) end
  if r.min_duration then say("from %g min", r.min_duration / 60) end
  if r.max_duration then say("up to %g min", r.max_duration / 60) end
  if r.min_power then say("from %g kW", r.min_power) end
  if r.max_power then say("below %g kW", r.max_power) end
  return #words > 0 and table.concat(words, " ") or nil
end

-- Tokens are the same in either case.
local function in_group(parent_id_tag, groups)
  for _, group in ipairs(groups) do
    if parent_id_tag and parent_id_tag:lower() == group:lower() then return true end
  end
  return false
end

-- Does it hold for this car at this connector at all?
local function concerns(session, element)
  local own, connector = element.own, session.connector or {}
  local power = connector.max_power_w
  if element.restrictions.reservation then return false end
  if own.connector_ids and not tariff.among(session.connector_id, own.connector_ids) then return false end
  if own.connector_types and not tariff.among(connector.type, own.connector_types) then return false end
  if own.min_connector_power_w and not (power and power >= own.min_connector_power_w) then return false end
  if own.max_connector_power_w and not (power and power < own.max_connector_power_w) then return false end
  if own.token_groups and not in_group(session.parent_id_tag, own.token_groups) then return false end
  return true
end

local function read_elements(session)
  local elements = {}
  for _, e in ipairs(session.settings.elements) do
    local r, prices = e.restrictions or {}, {}
    local element = { restrictions = r, own = e.busbar or {}, prices = prices }
    element.from, element.to = tariff.minutes(r.start_time or "00:00"), tariff.minutes(r.end_time or "24:00")
    if element.to == 0 then element.to = 1440 end
    if r.day_of_week and #r.day_of_week > 0 then
      element.days = {}
      for _, day in ipairs(r.day_of_week) do element.days[days[day]] = true end
    end
    for _, component in ipairs(e.price_components) do prices[component.type] = prices[component.type] or component end
    if concerns(session, element) then elements[#elements + 1] = element end
  end
  return elements
end

-- When parking is no longer free.
local function grace_end(session, grace_s)
  for _, period in ipairs(session.periods) do
    local length = period.to_s - period.from_s
    if period.state == "idle" then
      if length > grace_s then return period.from_s + grace_s end
      grace_s = grace_s - length
    end
  end
  return session.stopped_at_s
end

-- Where the session must be cut: wherever a restriction may begin or end to hold.
local function cuts_of(session, elements, before, grace_s)
  local at = { times = {}, duration_s = {}, energy_wh = {} }
  local function minute(m)
    at.minutes = at.minutes or {}
    at.minutes[#at.minutes + 1] = m % 1440
  end
  local function put(list, value)
    if value then list[#list + 1] = value end
  end
  for _, e in ipairs(elements) do
    local r = e.restrictions
    if r.start_time or r.end_time then
      minute(e.from)
      minute(e.to)
    end
    if e.days or r.start_date or r.end_date or e.own.holidays then minute(0) end
    put(at.energy_wh, r.min_kwh and r.min_kwh * 1000 - before.energy_wh)
    put(at.energy_wh, r.max_kwh and r.max_kwh * 1000 - before.energy_wh)
    put(at.duration_s, r.min_duration and r.min_duration - before.duration_s)
    put(at.duration_s, r.max_duration and r.max_duration - before.duration_s)
    at.samples = at.samples or r.min_power ~= nil or r.max_power ~= nil
    at.periods = at.periods or e.prices.TIME ~= nil or e.prices.PARKING_TIME ~= nil
  end
  if at.periods then
    for _, period in ipairs(session.periods) do
      put(at.times, period.from_s)
      put(at.times, period.to_s)
    end
    put(at.times, grace_s > 0 and grace_end(session, grace_s) or nil)
  end
  return at
end

-- What the restrictions look at, at the beginning of a piece.
local function moment_of(session, piece, at, before)
  local moment = {
    energy_wh = before.energy_wh + piece.so_far_wh,
    duration_s = before.duration_s + piece.from_s - session.started_at_s,
    power_kw = piece.to_s > piece.from_s and piece.energy_wh * 3.6 / (piece.to_s - piece.from_s) or 0,
  }
  if at.minutes then
    local t = busbar.time.at(piece.from_s, session.time_zone)
    moment.minute, moment.weekday = t.hour * 60 + t.minute, t.weekday
    moment.date = string.format("%04d-%02d-%02d", t.year, t.month, t.day)
  end
  return moment
end

local function in_calendar(session, e, now)
  local r = e.restrictions
  if r.start_time or r.end_time then
    local inside = now.minute >= e.from and now.minute < e.to
    if e.from >= e.to then inside = now.minute >= e.from or now.minute < e.to end
    if not inside then return false end
  end
  if r.start_date and now.date < r.start_date or r.end_date and now.date >= r.end_date then return false end
  if e.days and not e.days[now.weekday] then return false end
  if e.own.holidays then
    local holiday = tariff.among(now.date, session.settings.busbar and session.settings.busbar.holidays or {})
    if holiday ~= (e.own.holidays == "only") then return false end
  end
  return true
end

local function within(value, least, most)
  return (not least or value >= least - 1e-9) and (not most or value < most - 1e-9)
end

local function holds(session, e, now)
  local r = e.restrictions
  return within(now.energy_wh / 1000, r.min_kwh, r.max_kwh) and within(now.duration_s, r.min_duration, r.max_duration)
    and within(now.power_kw, r.min_power, r.max_power) and in_calendar(session, e, now)
end

-- So much of a dimension goes to the first element that has a price for it.
local function use(session, uses, elements, name, quantity, piece, now)
  local list, found = uses[name], nil
  for _, e in ipairs(elements) do
    if e.prices[name] and holds(session, e, now) then
      found = e
      break
    end
  end
  local entry = found and list.by[found]
  if found and not entry then
    entry = { element = found, price = found.prices[name], quantity = 0, notes = {} }
    list.by[found] = entry
    list[#list + 1] = entry
  end
  if list.last ~= entry and piece.interpolated and piece.interpolated == dimensions[name].interpolated then
    if list.last then tariff.interpolated(session, list.last.notes, piece) end
    if entry then tariff.interpolated(session, entry.notes, piece) end
  end
  list.last = entry
  if entry then
    entry.quantity = entry.quantity + quantity
    list.newest = entry
  end
end

local function count_uses(session, elements, before)
  local own = session.settings.busbar or {}
  local grace_s = math.max(0, (own.parking_grace_s or 0) - before.idle_s)
  local at = cuts_of(session, elements, before, grace_s)
  local paid_from_s = at.periods and grace_s > 0 and grace_end(session, grace_s) or session.started_at_s
  local uses, period = {}, 1
  for _, name in ipairs(order) do uses[name] = { by = {} } end
  for _, piece in ipairs(tariff.split(session, at)) do
    local now = moment_of(session, piece, at, before)
    if #uses.FLAT == 0 and not before.flat then use(session, uses, elements, "FLAT", 1, piece, now) end
    use(session, uses, elements, "ENERGY", piece.energy_wh, piece, now)
    while at.periods and session.periods[period] and session.periods[period].to_s <= piece.from_s do period = period + 1 end
    local current = at.periods and session.periods[period]
    local length = piece.to_s - piece.from_s
    if current and length > 0 and current.from_s <= piece.from_s then
      if current.state == "charging" then
        use(session, uses, elements, "TIME", length, piece, now)
      elseif piece.from_s >= paid_from_s then
        use(session, uses, elements, "PARKING_TIME", length, piece, now)
      end
    end
  end
  return uses
end

-- step_size counts once for energy and once for time: for all of it, that of earlier parts as well, at
-- the last price. Where there is parking time, charging time is not rounded.
local function round_up(uses, name, earlier)
  local list, total = uses[name], earlier
  local last = list.newest
  if not last or name == "FLAT" or name == "TIME" and #uses.PARKING_TIME > 0 then return end
  for _, entry in ipairs(list) do total = total + entry.quantity end
  local step = last.price.step_size or 1
  local extra = math.ceil(total / step - 1e-6) * step - total
  if extra > 1e-6 then
    last.quantity = last.quantity + extra
    if step > 1 then last.rounded = string.format("rounded up to steps of %d %s", step, name == "ENERGY" and "Wh" or "s") end
  end
end

-- How much is taxed at which rate, in the order in which the rates come.
local function add_base(bases, vat, amount)
  for _, base in ipairs(bases) do
    if base.vat == vat then
      base.amount = base.amount + amount
      return
    end
  end
  bases[#bases + 1] = { vat = vat, amount = amount }
end

local function usage_lines(session, uses, included)
  local lines, bases = {}, {}
  for _, name in ipairs(order) do
    local d = dimensions[name]
    for _, entry in ipairs(uses[name]) do
      local label = name_of(entry.element)
      local note = table.pack(tariff.note(entry.notes), entry.rounded)
      local text = note[1] and note[2] and note[1] .. "; " .. note[2] or note[1] or note[2]
      local vat = entry.price.vat
      if entry.quantity > 1e-6 or name == "FLAT" then
        local amount = tariff.line(lines, d.kind, label and d.name .. ", " .. label or d.name, entry.quantity / d.size,
          d.unit, tariff.minor(entry.price.price, session.currency),
          { note = text, included_tax_percent = included and vat or nil })
        if vat and not included then add_base(bases, vat, amount) end
      end
    end
  end
  return lines, bases
end

local function limit(session, price, member)
  return price and price[member] and tariff.round(tariff.minor(price[member], session.currency))
end

local function first_vat(settings)
  for _, e in ipairs(settings.elements) do
    for _, component in ipairs(e.price_components) do
      if component.vat then return component.vat end
    end
  end
end

-- The least and the most before VAT; they change what is taxed as well.
local function limit_net(session, lines, bases, before)
  local settings, net = session.settings, tariff.sum(lines)
  local most, least = limit(session, settings.max_price, "excl_vat"), limit(session, settings.min_price, "excl_vat")
  if most and before.net_minor + net > most then
    local allowed = math.max(0, most - before.net_minor)
    tariff.maximum(lines, allowed)
    for _, base in ipairs(bases) do base.amount = net > 0 and base.amount * allowed / net or 0 end
  elseif least and before.last and before.net_minor + net < least then
    local vat = first_vat(settings)
    tariff.minimum(lines, least - before.net_minor)
    if vat then add_base(bases, vat, least - before.net_minor - net) end
  end
end

-- `amount` among the rates in proportion to what they have, to the last minor unit: calls give(base, part).
local function divide(amount, bases, give)
  local whole = 0
  for _, base in ipairs(bases) do whole = whole + base.amount end
  for _, base in ipairs(bases) do
    local part = whole ~= 0 and tariff.round(amount * base.amount / whole) or 0
    amount, whole = amount - part, whole - base.amount
    give(base, part)
  end
end

-- The least and the most with VAT, where the prices have it in them: so have the lines that limit them.
local function limit_included(session, lines, before, most, least)
  local above = most and tariff.sum(lines) - math.max(0, most - before.gross_minor) or 0
  local below = least and before.last and least - before.gross_minor - tariff.sum(lines) or 0
  local bases = {}
  for _, line in ipairs(lines) do add_base(bases, line.included_tax_percent or 0, line.amount_minor) end
  if above > 0 then
    divide(above, bases, function(base, part)
      tariff.add(lines, "cap", "Maximum price, VAT included", 1, "session", -part,
        { included_tax_percent = base.vat > 0 and base.vat or nil })
    end)
  elseif below > 0 then
    tariff.add(lines, "minimum", "Minimum price, VAT included", 1, "session", below,
      { included_tax_percent = first_vat(session.settings) })
  end
end

-- So much with its VAT: what of it is VAT, and what is taxed.
local function set_gross(base, gross)
  base.amount = tariff.round(gross / (1 + base.vat / 100))
  base.tax = gross - base.amount
end

-- The same where VAT is added: the rates are taken down, or the first one up, until what they come to is right.
local function limit_gross(session, lines, bases, before, most, least)
  local net = tariff.sum(lines)
  local gross, untaxed = net, net
  for _, base in ipairs(bases) do
    base.tax = tariff.round(base.amount * base.vat / 100)
    gross, untaxed = gross + base.tax, untaxed - tariff.round(base.amount)
  end
  local allowed = most and math.max(0, most - before.gross_minor) or gross
  local needed = least and before.last and least - before.gross_minor or gross
  if gross > allowed then
    local shares, sum = {}, 0
    for i, base in ipairs(bases) do shares[i] = { amount = tariff.round(base.amount) + base.tax, base = base } end
    shares[#shares + 1] = { amount = untaxed }
    divide(allowed, shares, function(share, part)
      if share.base then set_gross(share.base, part) end
      sum = sum + (share.base and share.base.amount or part)
    end)
    tariff.maximum(lines, sum, "Maximum price, VAT included")
  elseif gross < needed then
    local vat, missing = first_vat(session.settings), needed - gross
    if vat then
      add_base(bases, vat, 0)
      for _, base in ipairs(bases) do
        if base.vat == vat then
          local had = tariff.round(base.amount)
          set_gross(base, had + (base.tax or 0) + missing)
          missing = base.amount - had
        end
      end
    end
    tariff.minimum(lines, net + missing, "Minimum price, VAT included")
  end
end

local function tax_lines(lines, bases)
  for _, base in ipairs(bases) do
    if base.tax ~= 0 then
      lines[#lines + 1] = {
        kind = "tax", description = string.format("VAT %g %%", base.vat), quantity = base.vat, unit = "%",
        unit_price_minor = base.amount / 100, amount_minor = base.tax,
      }
    end
  end
end

-- So many Wh or seconds have been charged for.
local sizes = { kWh = 1000, h = 3600, min = 60 }
local function charged_for(lines, kind)
  local total = 0
  for _, line in ipairs(lines) do
    if line.kind == kind and line.quantity then total = total + line.quantity * (sizes[line.unit] or 0) end
  end
  return tariff.round(total)
end

-- What earlier parts of the session have come to, where it is priced in parts.
local function earlier(session)
  local part = session.part
  local before = { energy_wh = 0, duration_s = 0, idle_s = 0, net_minor = 0, gross_minor = 0, last = true, lines = {} }
  if not part then return before end
  before.energy_wh, before.duration_s, before.idle_s = part.energy_wh, part.duration_s, part.idle_s
  before.last, before.lines = part.number == part.count, part.lines
  for _, line in ipairs(part.lines) do
    before.gross_minor = before.gross_minor + line.amount_minor
    if line.kind ~= "tax" then before.net_minor = before.net_minor + line.amount_minor end
    before.flat = before.flat or line.kind == "flat"
  end
  return before
end

function price(session)
  local settings, before = session.settings, earlier(session)
  if settings.currency and settings.currency ~= session.currency then
    error("settings.currency is " .. settings.currency .. ", but the tariff's is " .. session.currency, 0)
  end
  local included = settings.busbar and settings.busbar.prices_include_vat or false
  local uses = count_uses(session, read_elements(session), before)
  if before.last then
    for _, name in ipairs(order) do round_up(uses, name, charged_for(before.lines, dimensions[name].kind)) end
  end
  local lines, bases = usage_lines(session, uses, included)
  local most, least = settings.max_price, settings.min_price
  if included then
    limit_included(session, lines, before, limit(session, most, "incl_vat") or limit(session, most, "excl_vat"),
      limit(session, least, "incl_vat") or limit(session, least, "excl_vat"))
  else
    limit_net(session, lines, bases, before)
    limit_gross(session, lines, bases, before, limit(session, most, "incl_vat"), limit(session, least, "incl_vat"))
    tax_lines(lines, bases)
  end
  return { currency = session.currency, lines = busbar.array(lines), total_minor = tariff.sum(lines) }
end
