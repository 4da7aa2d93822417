-- Stations and the chargers in them, page by page.
local station = http.post("/api/admin/stations", {
  name = "Harbour", address = "Quay 1", latitude = 53, longitude = 9.99, time_zone = "Europe/Berlin",
})
matches(station, { status = 201, body = { name = "Harbour", latitude = 53, longitude = 9.99, time_zone = "Europe/Berlin" } })
local station_path = "/api/admin/stations/" .. station.body.id
equal(http.get(station_path).body, station.body)
matches(http.put(station_path, { name = "Old harbour" }), { body = { name = "Old harbour", address = "Quay 1" } })
equal(http.put(station_path, { name = "X" }, { headers = { ["If-Match"] = station.headers.etag } }).status, 412)
equal(http.post("/api/admin/stations", { name = "X", time_zone = "Mars/Olympus" }).status, 422)
equal(http.post("/api/admin/stations", { name = "X", operator_id = "nobody" }).status, 422)
equal(http.get("/api/admin/stations?name=Old%20harbour").body.items[1].id, station.body.id)

for i = 1, 7 do
  seed.charger { charge_point_id = "CP" .. i, station_id = i % 2 == 1 and station.body.id or nil, model = "M" .. i % 3 }
end

local function ids(query)
  local found, cursor = {}, nil
  repeat
    local page = http.get("/api/admin/chargers?" .. query .. (cursor and "&cursor=" .. cursor or ""))
    equal(page.status, 200)
    for _, charger in ipairs(page.body.items) do
      found[#found + 1] = charger.charge_point_id
    end
    cursor = page.body.next_cursor
  until cursor == json.null
  return table.concat(found, " ")
end
equal(ids "limit=500", "CP1 CP2 CP3 CP4 CP5 CP6 CP7")
equal(ids "limit=2", "CP1 CP2 CP3 CP4 CP5 CP6 CP7")
equal(ids "limit=7", "CP1 CP2 CP3 CP4 CP5 CP6 CP7")
equal(ids("station_id=" .. station.body.id), "CP1 CP3 CP5 CP7")
equal(ids "model=M1&limit=1", "CP1 CP4 CP7")
equal(ids "charge_point_id=CP4", "CP4")
equal(ids "charge_point_id=cp4", "")
for _, query in ipairs { "limit=0", "limit=501", "limit=x", "cursor=x", "station_id=x" } do
  local answer = http.get("/api/admin/chargers?" .. query)
  equal(answer.status, 400)
  check(answer.body.detail:find(query:match "^%a[_%a]*", 1, true), "the parameter is named")
end

log "connectors do not disturb the pages"
local cp = charger { id = "CP3", connectors = 3 }
cp:connect()
cp:boot()
cp:report_connectors()
equal(ids "limit=2", "CP1 CP2 CP3 CP4 CP5 CP6 CP7")
local shown = http.get("/api/admin/chargers?charge_point_id=CP3").body.items[1]
matches(shown, { connected = true, ocpp = "ocpp1.6", remote = "127.0.0.1" })
equal(#shown.connectors, 4)
matches(shown.connectors[2], { connector_id = 1, status = "Available", error_code = "NoError" })

equal(http.delete(station_path).status, 409)
