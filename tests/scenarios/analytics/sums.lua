-- Sums by hours, days and places are those of the list of transactions: after offline replays, prices that come late, kills in the
-- middle of things, and over midnight of a zone 5 hours and 45 minutes east. Nobody sees another operator's.
settings { config = { analytics = { roll_up_every = "20ms", roll_up_at_once = 3 } } }
local wallets, all = require "wallets", require("pages").all
local BASE, DAY = "/api/admin/analytics/", 86400
local ZONE = "Asia/Kathmandu"

local function day(back)
  return os.date("!%Y-%m-%dT", os.time() - back * DAY)
end

local nepal = http.post("/api/admin/stations", { name = "Thamel", time_zone = ZONE }).body.id
for i = 1, 3 do
  http.post("/api/admin/chargers", { charge_point_id = "AN" .. i, station_id = i < 3 and nepal or nil })
end
wallets.token("TAG1", "anna")
local chargers = {}
for i = 1, 3 do
  chargers[i] = charger { id = "AN" .. i, connectors = 2, silent = true }
  chargers[i]:connect()
  chargers[i]:boot()
end

-- What the list of transactions says of those that began from one time to another, as the metrics have it.
local function expected(from, to, is_meant)
  local sum = { sessions = 0, completed = 0, energy_wh = 0, duration_s = 0, priced = 0, EUR = 0 }
  for _, t in ipairs(all("/api/admin/transactions?limit=500")) do
    if t.started_at >= from and t.started_at < to and (not is_meant or is_meant(t)) then
      sum.sessions = sum.sessions + 1
      if t.duration_s ~= json.null then
        sum.completed, sum.duration_s = sum.completed + 1, sum.duration_s + t.duration_s
        sum.energy_wh = sum.energy_wh + t.energy_wh
      end
      if t.price ~= json.null then
        sum.priced, sum.EUR = sum.priced + 1, sum.EUR + t.price.amount_minor
      end
    end
  end
  return sum
end

local function is_of(item, point)
  return function(t)
    return (not point or t.charge_point_id == point) and (item.charger_id == json.null or t.charger_id == item.charger_id)
      and (item.station_id == json.null or t.station_id == item.station_id)
  end
end

local function hold(query)
  local sessions, revenue = all(BASE .. "sessions?" .. query), all(BASE .. "revenue?" .. query)
  equal(#sessions, #revenue)
  for i, item in ipairs(sessions) do
    local want = expected(item.from, item.to, is_of(item, query:match "charger=(%w+)"))
    for _, name in ipairs { "sessions", "completed", "energy_wh" } do
      equal(item[name], want[name], query .. " " .. name .. " from " .. item.from)
    end
    check(math.abs(item.duration_s - want.duration_s) <= want.completed, query .. ": whole seconds")
    equal(revenue[i].priced, want.priced, query)
    equal((revenue[i].amount[1] or { amount_minor = 0 }).amount_minor, want.EUR, query .. " from " .. item.from)
  end
  return sessions, revenue
end

local function wait_for_prices()
  eventually(function()
    local open = 0
    for _, t in ipairs(all "/api/admin/transactions?limit=500&state=completed") do
      open = open + (t.price == json.null and 1 or 0)
    end
    return open == 0
  end, 60)
end

local function hold_all()
  local span = "&from=" .. day(4) .. "00:00:00Z"
  for _, interval in ipairs { "hour", "day", "total" } do
    for _, group in ipairs { "none", "operator", "station", "charger" } do
      if interval ~= "hour" or group == "none" then
        hold("limit=500&interval=" .. interval .. "&group_by=" .. group .. span)
      end
    end
  end
  hold("interval=day&limit=7&group_by=charger&time_zone=" .. ZONE .. span)
  hold("interval=day&limit=2&group_by=charger&time_zone=America/St_Johns" .. span)
  hold("interval=hour&limit=3&charger=AN1&time_zone=Australia/Eucla&from=" .. day(2) .. "12:00:00Z&to=" .. day(2) .. "22:00:00Z")
end

log "over midnight in Kathmandu, which is 18:15 in UTC, told hours later"
for i = 1, 2 do
  chargers[i]:drop()
  local s = chargers[i]:start { connector = 1, id_tag = "TAG1", meter_start = 0, timestamp = day(2) .. "18:10:00Z" }
  s:stop { meter_stop = 3000 * i, timestamp = day(2) .. "18:40:00Z" }
  s = chargers[i]:start { connector = 1, id_tag = "TAG1", meter_start = 0, timestamp = day(2) .. "18:50:00Z" }
  s:stop { meter_stop = 7000, timestamp = day(2) .. "19:20:00Z" }
  chargers[i]:connect()
  chargers[i]:flush()
end
local days = hold("interval=day&station=" .. nepal .. "&from=" .. day(2) .. "18:10:00Z&to=" .. day(2) .. "18:50:01Z")
equal(#days, 2)
matches(days[1], { to = day(2) .. "18:15:00.000Z", sessions = 2, energy_wh = 9000, duration_s = 3600 })
matches(days[2], { from = day(2) .. "18:15:00.000Z", sessions = 2, energy_wh = 14000, duration_s = 3600 })
equal(#hold("interval=day&from=" .. day(2) .. "18:10:00Z&to=" .. day(2) .. "18:50:00Z"), 1, "a day of UTC")
hold_all()

log "prices come later"
wallets.tariff { price_per_kwh_minor = 50 }
for _, t in ipairs(all "/api/admin/transactions?limit=500") do
  http.post("/api/admin/transactions/" .. t.id .. "/price", json.decode "{}")
end
eventually(function()
  return http.get(BASE .. "revenue?interval=total").body.items[1].priced == 4
end)
matches(http.get(BASE .. "revenue?interval=total").body.items[1].amount, { { amount_minor = 1150, currency = "EUR" } })
hold_all()

log "sessions, estimates, and kills"
for round = 1, 4 do
  for i, cp in ipairs(chargers) do
    local s = cp:start { connector = 2, id_tag = "TAG1", meter_start = 0, timestamp = now(-7200 + round * 60) }
    if i == 2 then
      server.signal "KILL"
      eventually(function() return not server.running() end)
      wallets.let_claims_lapse()
      server.start()
      for _, other in ipairs(chargers) do
        other:reconnect()
      end
    end
    if round < 4 or i == 1 then
      s:stop { meter_stop = 1000 * round + i, timestamp = now(-7170 + round * 60) }
    end
  end
end
wait_for_prices()
hold_all()

log "all is rolled up, and the sums are the same"
eventually(function()
  return server.sql_value "select count(*) from analytics_changes" == "0"
end, 60)
hold_all()

log "a charger's sums are those of the station where it stands"
local mover = http.get("/api/admin/chargers?charge_point_id=AN1").body.items[1]
local thimphu = http.post("/api/admin/stations", { name = "Thimphu", time_zone = "Asia/Thimphu" }).body.id
local function station_sums(id)
  return http.get(BASE .. "sessions?interval=total&station=" .. id .. "&from=" .. day(4) .. "00:00:00Z").body.items[1]
end
local function put(station)
  local s = station or json.null
  equal(http.put("/api/admin/chargers/" .. mover.id, { station_id = s }).status, 200)
  hold_all()
end
local here, whole = station_sums(nepal), http.get(BASE .. "sessions?interval=total&charger=AN1&from=" .. day(4) .. "00:00:00Z").body.items[1]
check(whole.sessions > 0 and whole.sessions < here.sessions)
put(thimphu)
equal(station_sums(nepal).sessions, here.sessions - whole.sessions)
matches(station_sums(thimphu), { sessions = whole.sessions, energy_wh = whole.energy_wh, duration_s = whole.duration_s })
chargers[1]:start { connector = 1, id_tag = "TAG1", meter_start = 0, timestamp = now(-3600) }:stop { meter_stop = 50, timestamp = now(-1800) }
wait_for_prices()
put(nil)
equal(station_sums(thimphu).sessions, 0)
put(nepal)
eventually(function()
  return server.sql_value "select count(*) from analytics_changes" == "0"
end, 60)
equal(station_sums(nepal).sessions, here.sessions + 1)
hold_all()
equal(server.sql_value [[select count(*) from (
  select s.operator_id, -c.station_id as place, s.measure, s.grain, s.slot, s.unit, sum(s.n) as n, sum(s.total) as total
  from analytics_stationed s join chargers c on c.id = s.charger_id
  where c.station_id is not null
  group by s.operator_id, c.station_id, s.measure, s.grain, s.slot, s.unit
  except select operator_id, charger_id, measure, grain, slot, unit, n, total from analytics_sums where charger_id < 0) d
  where n <> 0 or total <> 0]], "0")

log "another operator sees nothing"
server.sql "insert into operators (id, name, time_zone, created_at) values ('other', 'Other', 'Asia/Kolkata', '2026-01-01T00:00:00.000Z')"
local key = http.post("/api/admin/keys", { name = "other", role = "operator", operator_id = "other" }).body.key
for _, query in ipairs { "interval=total", "interval=total&group_by=operator", "interval=total&group_by=charger", "interval=total&group_by=station",
  "interval=total&operator_id=default", "interval=total&charger=AN1", "interval=total&station=" .. nepal } do
  local answer = http.get(BASE .. "sessions?" .. query, nil, { key = key })
  equal(answer.status, 200, answer.text)
  for _, item in ipairs(answer.body.items) do
    matches(item, { operator_id = "other", sessions = 0, energy_wh = 0 })
  end
end
equal(#http.get(BASE .. "sessions?interval=total&charger=AN1", nil, { key = key }).body.items, 0)
local own = http.get(BASE .. "sessions?interval=day&from=" .. day(1) .. "10:00:00Z&to=" .. day(1) .. "11:00:00Z", nil, { key = key }).body.items
check(own[1].from:find "T18:30:00", "the operator's days")

log "what is malformed"
for _, query in ipairs { "interval=week", "group_by=user", "time_zone=Mars/Base", "from=x", "cursor=x", "cursor=1.2.3", "cursor=1.2.3.x", "station=x", "group_by=operator&station=1", "limit=0" } do
  equal(http.get(BASE .. "sessions?" .. query).status, 400, query)
end
matches(http.get(BASE .. "sessions?interval=hour&from=2020-01-01T00:00:00Z"), { status = 400, body = { detail = function(d) return d:find "10000" end } })
