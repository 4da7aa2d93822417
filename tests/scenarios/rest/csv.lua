-- Any list as CSV: all pages of it, with the filters, the roles and the tenancy of the list itself.
local csv = { headers = { Accept = "text/csv" } }

local function lines(text)
  check(text:sub(-2) == "\r\n", "the last line ends as well")
  local found = {}
  for line in text:gmatch "(.-)\r\n" do
    found[#found + 1] = line
  end
  return found
end

local function export(path, options)
  local answer = http.get(path, nil, options or csv)
  equal(answer.status, 200, path)
  check(answer.headers["content-type"]:find("text/csv", 1, true), path)
  return lines(answer.text), answer
end

log "more than two pages, each thing once, in the list's order"
for i = 1, 1203 do
  http.post("/api/admin/tokens", { id_tag = string.format("TAG%04d", i), user_id = i % 2 == 0 and "even" or "odd" })
end
local all, answer = export "/api/admin/tokens"
equal(#all, 1204)
check(all[1]:find "^id_tag," or all[1]:find ",id_tag,", all[1])
equal(answer.headers["content-disposition"], 'attachment; filename="tokens.csv"')
equal(answer.headers["cache-control"], "no-store")
local seen = {}
for i = 2, #all do
  local tag = all[i]:match "TAG%d%d%d%d"
  check(tag and not seen[tag], all[i])
  seen[tag] = true
end
local page = http.get("/api/admin/tokens?limit=500").body
for i, token in ipairs(page.items) do
  check(all[i + 1]:find(token.id_tag, 1, true), "in order")
end

log "filters, one page, from a cursor on"
equal(#export "/api/admin/tokens?user_id=even", 602)
equal(#export "/api/admin/tokens?limit=7", 8)
equal(#export("/api/admin/tokens?cursor=" .. escape(page.next_cursor)), 704)
equal(#export "/api/admin/tokens?user_id=nobody", 1)
equal(#export("/api/admin/tokens?format=csv&limit=2", {}), 3)
equal(http.get("/api/admin/tokens?format=json&limit=2", nil, csv).body.items[1] ~= nil, true)
matches(http.get("/api/admin/tokens?format=xml", nil, csv), { status = 400, body = { detail = "the query parameter format is not one of json, csv" } })
matches(http.get("/api/admin/tokens?limit=501", nil, csv), { status = 400, headers = { ["content-type"] = "application/problem+json" } })
equal(http.get("/api/admin/tokens?nonsense=1", nil, csv).status, 400)
matches(http.get("/health?format=csv"), { status = 400, body = { detail = 'there is no parameter "format" here; this route takes none' } })
equal(http.get("/auth/profile", nil, csv).body.role, "admin")
equal(#http { method = "HEAD", path = "/api/admin/tokens", headers = csv.headers }.text, 0)

log "text is quoted, and is no formula"
http.post("/api/admin/stations", { name = '=cmd("x"), 1', address = "Quay 1\nHarbour" })
local text = http.get("/api/admin/stations?format=csv").text
check(text:find("\"'=cmd(\"\"x\"\"), 1\"", 1, true), text)
check(text:find('"Quay 1\nHarbour"', 1, true), text)

log "as much as the list says, to whom it says it"
equal(http.get("/api/admin/tokens", nil, { key = false, headers = csv.headers }).status, 401)
local made = http.post("/api/admin/keys", { name = "op", role = "operator" }).body
equal(http.get("/api/admin/keys", nil, { key = made.key, headers = csv.headers }).status, 403)
equal(#export("/api/admin/tokens", { key = made.key, headers = csv.headers }), 1204)
local driver = http.post("/api/admin/keys", { name = "anna", role = "user", operator_id = "default", user_id = "anna" }).body
equal(http.get("/users/ben/transactions", nil, { key = driver.key, headers = csv.headers }).status, 404)
equal(#export("/users/anna/transactions", { key = driver.key, headers = csv.headers }), 1)

log "a client that hangs up in between"
for i = 1, 20 do
  local socket = tcp()
  socket:send("GET /api/admin/tokens?format=csv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " .. made.key .. "\r\n\r\n")
  if i % 2 == 0 then
    socket:receive(100)
  end
  socket:reset()
end
equal(#export "/api/admin/tokens", 1204)

log "sessions, without totals"
seed.charger "CP1"
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
local session = cp:start { connector = 1, id_tag = "TAG0001", meter_start = 0 }
session:stop { meter_stop = 1500 }
local rows = export "/api/admin/transactions?charger=CP1"
equal(#rows, 2)
check(rows[1]:find ",price.amount_minor,price.currency," and not rows[1]:find "totals", rows[1])
check(rows[2]:find ",CP1," and rows[2]:find ",1500,", rows[2])

log "every list that is described"
local count = 0
for path, methods in pairs(http.get "/openapi.json".body.paths) do
  local content = methods.get and methods.get.responses["2XX"].content
  if content and content["text/csv"] then
    count = count + 1
    local given = http.get(path:gsub("{.-}", "1"), nil, csv)
    if given.status == 200 then
      check(given.headers["content-type"]:find("text/csv", 1, true), path)
      check(given.text:find "^[a-z_]", path)
    else
      check(given.status == 404 or given.status == 403, path .. ": " .. given.status)
    end
  end
end
check(count > 30, count)
