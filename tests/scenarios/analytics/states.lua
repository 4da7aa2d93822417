-- How long connectors were occupied and could be used, and what failed: a made-up past of known times, whose sums are counted here
-- as well; then real chargers.
settings { config = { analytics = { roll_up_every = "20ms", roll_up_at_once = 7 } } }
local all = require("pages").all
local BASE, DAY = "/api/admin/analytics/", 86400
local BEGIN = os.time() // DAY * DAY - 5 * DAY
local MEASURE = { Preparing = "occupied_s", SuspendedEV = "occupied_s", SuspendedEVSE = "occupied_s", Finishing = "occupied_s", Charging = "charging_s",
  Reserved = "reserved_s", Faulted = "faulted_s", Unavailable = "unavailable_s" }
local STATUSES = { "Available", "Preparing", "Charging", "SuspendedEV", "Finishing", "Reserved", "Faulted", "Unavailable" }
local ERRORS = { "GroundFailure", "OverCurrentFailure" }
local SEED = 4711
math.randomseed(SEED)

local function text(at)
  return os.date("!%Y-%m-%dT%H:%M:%S.000Z", at)
end
local function seconds(at)
  local y, mo, d, h, mi, s = at:match "(%d+)-(%d+)-(%d+)T(%d+):(%d+):(%d+)"
  return os.time { year = y, month = mo, day = d, hour = h, min = mi, sec = s } - os.time { year = 1970, month = 1, day = 1, hour = 0 }
end

local station = http.post("/api/admin/stations", { name = "Thamel", time_zone = "Asia/Kathmandu" }).body.id
local points = {}
for i = 1, 3 do
  points[i] = http.post("/api/admin/chargers", { charge_point_id = "AN" .. i, station_id = i < 3 and station or nil }).body.id
end

-- spans: {charger, measure, from, to}; a span without `to` goes on. faults: {charger, reason, at}.
local spans, faults, sql = {}, {}, {}
local function say(form, ...)
  sql[#sql + 1] = form:format(...)
end
local function span(charger, measure, from)
  local s = { charger = charger, measure = measure, from = from }
  spans[#spans + 1] = s
  return s
end

local function status(charger, connector, state, at)
  local k = charger.connectors[connector]
  local error_code = state == "Faulted" and ERRORS[math.random(#ERRORS)] or "NoError"
  if not k then
    k = {}
    charger.connectors[connector] = k
    span(charger.id, "known_s", at)
    say("insert into connectors (charger_id, connector_id, operator_id, status, error_code, status_at, received_at) values (%d, %d, 'default', '%s', '%s', '%s', '%s');",
      charger.id, connector, state, error_code, text(at), text(at))
  else
    say("update connectors set status = '%s', error_code = '%s', received_at = '%s' where charger_id = %d and connector_id = %d;", state, error_code, text(at),
      charger.id, connector)
  end
  if state == k.status then
    return
  end
  if k.span then
    k.span.to = at
  end
  k.span = MEASURE[state] and span(charger.id, MEASURE[state], at)
  k.status = state
  if state == "Faulted" then
    faults[#faults + 1] = { charger.id, "connector/" .. error_code, at }
  end
end

local function away(charger, from, to)
  say("update chargers set last_seen_at = null where id = %d;", charger.id)
  say("update chargers set last_seen_at = '%s' where id = %d;", text(from), charger.id)
  say("update chargers set last_seen_at = '%s' where id = %d;", text(to), charger.id)
  say("update chargers set last_seen_at = null where id = %d;", charger.id)
  if to - from <= 300 then
    return
  end
  faults[#faults + 1] = { charger.id, "charger/Offline", from }
  for _, k in pairs(charger.connectors) do
    if k.status ~= "Faulted" and k.status ~= "Unavailable" then
      span(charger.id, "offline_s", from).to = to
    end
  end
end

local made = {}
for i, id in ipairs(points) do
  local charger, at = { id = id, connectors = {} }, BEGIN + math.random(DAY)
  made[i] = charger
  status(charger, 1, "Available", at)
  status(charger, 2, "Unavailable", at)
  while at < BEGIN + 4 * DAY do
    if math.random(4) == 1 then
      local to = at + math.random(600)
      away(charger, at, to)
      at = to
    end
    at = at + math.random(3 * 3600)
    status(charger, math.random(2), STATUSES[math.random(#STATUSES)], at)
  end
  status(charger, 1, "Available", at + 60)
  status(charger, 2, i == 1 and "SuspendedEV" or "Unavailable", at + 60)
end
server.sql(table.concat(sql, "\n"))

local function expected(item, measure, is_meant)
  local from, to, sum = seconds(item.from), math.min(seconds(item.to), os.time()), 0
  for _, s in ipairs(spans) do
    if s.measure == measure and is_meant(s.charger) then
      sum = sum + math.max(0, math.min(s.to or math.huge, to) - math.max(s.from, from))
    end
  end
  return sum
end

local function is_of(item, query)
  return function(charger)
    return (item.charger_id == json.null or item.charger_id == charger)
      and (item.station_id == json.null and not query:find "station=" or charger ~= points[3])
  end
end

local function near(item, name, want, query)
  check(math.abs(item[name] - want) <= 6, ("%s: %s from %s is %d, not %d (seed %d)"):format(query, name, item.from, item[name], want, SEED))
end

local function hold(query)
  for _, item in ipairs(all(BASE .. "utilization?" .. query)) do
    local is_meant = is_of(item, query)
    local charging, known = expected(item, "charging_s", is_meant), expected(item, "known_s", is_meant)
    near(item, "known_s", known, query)
    near(item, "charging_s", charging, query)
    near(item, "occupied_s", charging + expected(item, "occupied_s", is_meant), query)
    near(item, "reserved_s", expected(item, "reserved_s", is_meant), query)
    check(known == 0 and item.utilization == json.null or math.abs(item.utilization - item.occupied_s / item.known_s) < 0.0001)
  end
  for _, item in ipairs(all(BASE .. "uptime?" .. query)) do
    local is_meant, down = is_of(item, query), 0
    for _, name in ipairs { "offline_s", "faulted_s", "unavailable_s" } do
      near(item, name, expected(item, name, is_meant), query)
      down = down + item[name]
    end
    check(item.known_s == 0 and item.uptime == json.null or math.abs(item.uptime - (item.known_s - down) / item.known_s) < 0.0001)
  end
  for _, item in ipairs(all(BASE .. "failures?" .. query)) do
    local counts, total = {}, 0
    for _, f in ipairs(faults) do
      if is_of(item, query)(f[1]) and f[3] >= seconds(item.from) and f[3] < seconds(item.to) then
        counts[f[2]] = (counts[f[2]] or 0) + 1
        total = total + 1
      end
    end
    equal(item.failures, total, query)
    for _, reason in ipairs(item.reasons) do
      equal(reason.count, counts[reason.kind .. "/" .. reason.reason], query)
    end
  end
end

local function hold_all()
  local span = "&limit=500&from=" .. text(BEGIN - DAY)
  for _, group in ipairs { "none", "operator", "station", "charger" } do
    hold("interval=day&group_by=" .. group .. span)
    hold("interval=total&group_by=" .. group .. span)
  end
  hold("interval=day&group_by=charger&time_zone=America/St_Johns&limit=4&from=" .. text(BEGIN))
  hold("interval=hour&station=" .. station .. "&limit=7&from=" .. text(BEGIN + DAY) .. "&to=" .. text(BEGIN + 2 * DAY))
end

log "while some of it is rolled up, and when all is"
hold_all()
eventually(function()
  return server.sql_value "select count(*) from analytics_changes" == "0"
end, 60)
hold_all()

log "who is away now is so until it is back, or until now"
local since = os.time() - 7200
server.sql(("update chargers set last_seen_at = '%s' where id = %d;"):format(text(since), points[1]))
local function offline(point)
  return http.get(BASE .. "uptime?interval=total&charger=" .. point .. "&from=" .. text(since - 900)).body.items[1].offline_s
end
local function exposed(charger)
  local n = 0
  for _, k in pairs(charger.connectors) do
    n = n + (k.status ~= "Faulted" and k.status ~= "Unavailable" and 1 or 0)
  end
  return n
end
local function is_offline(point, want)
  local is = offline(point)
  check(math.abs(is - want) <= 20, ("%s was offline for %d s, not %d"):format(point, is, want))
end
equal(exposed(made[1]), 2)
equal(exposed(made[3]), 1)
is_offline("AN1", 2 * 7200)
server.sql(("update chargers set last_seen_at = '%s' where id = %d;"):format(text(os.time() - 3600), points[1]))
server.sql(("update chargers set last_seen_at = '%s' where id = %d;"):format(text(os.time()), points[1]))
is_offline("AN1", 2 * 7200)

log "real ones"
local wallets = require "wallets"
local id = http.post("/api/admin/chargers", { charge_point_id = "REAL" }).body.id
wallets.token("TAG1", "anna")
local cp = charger { id = "REAL", connectors = 2, silent = true }
cp:connect()
cp:boot()
cp:status(1, "Available")
cp:status { connector = 2, status = "Faulted", error = "GroundFailure" }
cp:status(0, "Available")
local function of_real(what)
  return http.get(BASE .. what .. "?interval=total&charger=REAL").body.items[1]
end
matches(of_real "utilization", { connectors = 2, occupied_s = 0 })
matches(of_real "failures", { failures = 1, reasons = { { kind = "connector", reason = "GroundFailure", count = 1 } } })
cp:start { connector = 1, id_tag = "NOBODY", meter_start = 0 }:stop { meter_stop = 0, reason = "DeAuthorized" }
cp:start({ connector = 1, id_tag = "TAG1", meter_start = 0 }):stop { meter_stop = 100, reason = "EmergencyStop" }
cp:start({ connector = 1, id_tag = "TAG1", meter_start = 100 }):stop { meter_stop = 200, reason = "Local" }
cp:on("ClearCache", { status = "Rejected" })
http.post("/api/admin/chargers/" .. id .. "/commands", { action = "ClearCache", wait_s = 10 })
local failures = of_real "failures"
equal(failures.failures, 5)
matches(failures.reasons, { { kind = "command", reason = "rejected", count = 1 }, { kind = "connector", reason = "GroundFailure" },
  { kind = "session", reason = "DeAuthorized" }, { kind = "session", reason = "EmergencyStop" }, { kind = "token", reason = "Invalid" } })

log "back without a boot: what connectors tell at once does not change for how long they were away"
local back = charger { id = "BACK", connectors = 3, silent = true }
local back_id = http.post("/api/admin/chargers", { charge_point_id = "BACK" }).body.id
back:connect()
back:boot()
back:status(1, "Available")
back:status(2, "Charging")
back:status { connector = 3, status = "Faulted", error = "GroundFailure" }
back:drop()
eventually(function()
  return not http.get("/api/admin/chargers/" .. back_id).body.connected
end)
server.sql(("update chargers set last_seen_at = '%s' where id = %d;"):format(text(since), back_id))
is_offline("BACK", 2 * 7200)
back:connect()
back:status(1, "Unavailable")
back:status(2, "Unavailable")
back:status(3, "Available")
back:status(4, "Available")
is_offline("BACK", 2 * (os.time() - since))
eventually(function()
  return server.sql_value "select count(*) from analytics_changes" == "0"
end, 60)
is_offline("BACK", 2 * (os.time() - since))
matches(http.get(BASE .. "failures?interval=total&charger=BACK").body.items[1].reasons, { { kind = "charger", reason = "Offline", count = 1 } })

log "CSV; nobody else's; and what is gone has no connectors"
local csv = http.get(BASE .. "uptime?interval=total&group_by=charger&format=csv").text
check(csv:find("from,to,operator_id,station_id,charger_id,charge_point_id,connectors,known_s,offline_s,faulted_s,unavailable_s,uptime\r\n", 1, true), csv)
equal(http.post("/api/admin/operators", { id = "other", name = "Other" }).status, 201)
local key = http.post("/api/admin/keys", { name = "other", role = "operator", operator_id = "other" }).body.key
for _, what in ipairs { "utilization", "uptime", "failures" } do
  equal(#http.get(BASE .. what .. "?charger=REAL", nil, { key = key }).body.items, 0, what)
  local item = http.get(BASE .. what .. "?interval=total", nil, { key = key }).body.items[1]
  equal(item.connectors or item.failures, 0, what)
end
local function of_all(what)
  return http.get(BASE .. what .. "?interval=total&from=" .. text(since - 900)).body.items[1]
end
equal(of_all("uptime").connectors, 12)
log "what is removed while it is away was so until then"
server.sql(("update chargers set last_seen_at = '%s' where id = %d;"):format(text(since), points[3]))
local offline_s, absences = of_all("uptime").offline_s, of_all("failures").failures
equal(http.delete("/api/admin/chargers/" .. points[3]).status, 204)
local left = of_all "uptime"
equal(left.connectors, 10)
check(math.abs(left.offline_s - offline_s) <= 20, ("offline for %d s, before it for %d"):format(left.offline_s, offline_s))
equal(of_all("failures").failures, absences + 1)
