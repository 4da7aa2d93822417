-- Lists are decided for all, for a station, and for a charger: who is nearest says.
settings { config = { ocpp16_local_auth = { lists = "on", check_every = "50ms" } } }
seed.token "PLACE1"
local station = http.post("/api/admin/stations", { name = "Depot" }).body.id
local of_station = "/api/admin/stations/" .. station .. "/local-list"

local function make(id, at)
  local path = "/api/admin/chargers/" .. http.post("/api/admin/chargers", { charge_point_id = id, station_id = at }).body.id
  local cp = charger { id = id, silent = true }
  cp:connect()
  cp:boot()
  return path .. "/local-list", cp
end

local function has(path, entries, effective, station_mode)
  local l = eventually(function()
    local l = http.get(path).body
    return l.state == "current" and not l.at_work and l.entries == entries and l
  end)
  matches(l, { effective = effective, station_mode = station_mode or json.null })
end

local first, cp = make("PLACE-A", station)
local second = make("PLACE-B", station)
local other = make "PLACE-C"
has(first, 1, "on")
has(second, 1, "on")
has(other, 1, "on")
matches(http.get(of_station).body, { station_id = station, operator_id = "default", mode = json.null })

log "off for the station: its chargers are emptied, others keep theirs"
matches(http.put(of_station, { mode = "off" }), { status = 200, body = { station_id = station, mode = "off" } })
has(first, 0, "off", "off")
has(second, 0, "off", "off")
has(other, 1, "on")
equal(next(cp.local_list.entries), nil)

log "a charger of its own mind"
http.put(first, { mode = "on" })
has(first, 1, "on", "off")
has(second, 0, "off", "off")

log "nobody decides any more, over a kill"
http.put(of_station, { mode = json.null })
server.kill()
server.start()
matches(http.get(of_station).body, { mode = json.null })
cp:reconnect()
http.put(first, { mode = json.null })
has(first, 1, "on")

log "on for the station, off for all; also what was given up is looked at again"
cp.configuration.LocalAuthListEnabled = "false"
http.post(first .. "/sync", {})
eventually(function()
  return http.get(first).body.state == "unsupported"
end)
cp.configuration.LocalAuthListEnabled = "true"
http.put(of_station, { mode = "on" })
server.reload { ocpp16_local_auth = { lists = "off" } }
has(first, 1, "on", "on")
matches(http.get(other).body, { effective = "off" })

log "what cannot be"
equal(http.put(of_station, { mode = "maybe" }).status, 422)
equal(http.put(of_station, {}).status, 422)
equal(http.get("/api/admin/stations/999/local-list").status, 404)
equal(http.put("/api/admin/stations/999/local-list", { mode = "on" }).status, 404)
server.sql "insert into operators (id, name, created_at) values ('two', 'Two', '2026-01-01T00:00:00.000Z')"
local key = http.post("/api/admin/keys", { name = "two", role = "operator", operator_id = "two" }).body.key
equal(http { method = "GET", path = of_station, key = key }.status, 404)
equal(http { method = "PUT", path = of_station, body = { mode = "off" }, key = key }.status, 404)
matches(http.get(of_station).body, { mode = "on" })
