-- What goes wrong on the way: hang-ups, kills, clients that are slow or take nothing; and no half file is ever seen.
settings { config = { http = { timeout = "2s" } } }
seed.charger "CP1"
local charger_id = http.get("/api/admin/chargers?charge_point_id=CP1").body.items[1].id
server.sql(string.format(
  "insert into file_links (operator_id, token_hash, direction, charger_id, purpose, valid_until, created_at)"
    .. " values ('default', '%s', 'receive', %d, 'log', '2099-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');",
  crypto.digest("token", "SHA256"),
  charger_id
))
local block = ("0123456789abcdef"):rep(16384) -- 256 KiB

local function count(table, where)
  local file = server.folder .. "/count"
  os.remove(file)
  if server.engine == "sqlite" then
    server.sql(".once '" .. file .. "'\nselect count(*) from " .. table .. " where " .. where .. ";")
  else
    server.sql("\\t on\n\\o '" .. file .. "'\nselect count(*) from " .. table .. " where " .. where .. ";")
  end
  return tonumber(io.open(file):read "a")
end

local function stored()
  return #http.get("/api/admin/files").body.items
end

local function begin_upload(length, sent)
  local socket = tcp()
  socket:send("PUT /files/token/a.log HTTP/1.1\r\nHost: x\r\nContent-Length: " .. length .. "\r\n\r\n")
  for _ = 1, sent do
    socket:send(block)
  end
  eventually(function()
    return count("files", "state = 'receiving'") == 1 and count("file_chunks", "1 = 1") == sent
  end)
  return socket
end

log "a client that hangs up in the middle leaves nothing"
begin_upload(#block * 4, 2):close()
eventually(function()
  return count("files", "1 = 1") == 0 and count("file_chunks", "1 = 1") == 0 and count("file_trash", "1 = 1") == 0
end)
begin_upload(#block * 4, 2):reset()
eventually(function()
  return count("files", "1 = 1") == 0 and count("file_chunks", "1 = 1") == 0
end)

log "one that does not go on is told so"
local socket = begin_upload(#block * 4, 1)
equal(stored(), 0)
check(socket:receive("^HTTP/1.1 408 ", 10))
eventually(function()
  return count("file_chunks", "1 = 1") == 0
end)

log "one that goes on slowly is waited for"
local socket = begin_upload(#block + 6, 1)
for _ = 1, 6 do
  wait(0.7)
  socket:send "x"
end
check(socket:receive "^HTTP/1.1 201 ")
equal(stored(), 1)
local file = http.get("/api/admin/files").body.items[1]
equal(http.get("/api/admin/files/" .. file.id .. "/content").text, block .. "xxxxxx")
equal(http.delete("/api/admin/files/" .. file.id).status, 204)

log "a kill in the middle leaves a row that nobody sees, until it is swept"
begin_upload(#block * 4, 2)
server.kill()
server.start()
equal(stored(), 0)
equal(count("files", "state = 'receiving'"), 1)
equal(http.get("/api/admin/files/" .. file.id + 1).status, 404)
server.stop()
server.sql "update files set touched_at = '2026-01-01T00:00:00.000Z';"
server.start()
eventually(function()
  return count("files", "1 = 1") == 0 and count("file_chunks", "1 = 1") == 0
end)

log "the server stops in the middle of an upload"
local socket = begin_upload(#block * 4, 2)
server.stop()
socket:wait_closed()
server.start()
eventually(function()
  return count("files", "1 = 1") == 0 and count("file_chunks", "1 = 1") == 0
end)

log "the server stops in the middle of a download, and a client hangs up in one"
local key = http.post("/api/admin/keys", { name = "files", role = "operator" }).body.key
local big = http.post("/api/admin/files?name=big.bin", block:rep(60)).body
local function get_big()
  local socket = tcp()
  socket:send("GET /api/admin/files/" .. big.id .. "/content HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " .. key .. "\r\n\r\n")
  check(socket:receive "^HTTP/1.1 200 .-\r\n\r\n")
  return socket
end
get_big():reset()
local socket = get_big()
server.stop()
socket:wait_closed()
server.start()

log "what chargers sent goes when it is old"
equal(http.put("/files/token/old.log", "old", { key = false }).status, 201)
server.stop()
server.sql "update files set created_at = '2026-01-01T00:00:00.000Z';"
server.config.files = { retention = "30d" }
server.start()
eventually(function()
  return stored() == 1 -- the firmware stays
end)
equal(http.delete("/api/admin/files/" .. big.id).status, 204)
eventually(function()
  return count("file_chunks", "1 = 1") == 0
end)

log "what is over the operator's limit in all is refused"
server.config.files = { max_total = "300k" }
server.restart()
equal(http.put("/files/token/1.log", block, { key = false }).status, 201)
equal(http.put("/files/token/2.log", block:reverse(), { key = false }).status, 413)
equal(http.put("/files/token/3.log", "small", { key = false }).status, 201)
equal(stored(), 2)
log "but what has come may come again"
equal(http.put("/files/token/1.log", block, { key = false }).status, 200)
equal(http.put("/files/token/2.log", block:reverse(), { key = false }).status, 413)
equal(stored(), 2)

log "a base_url that is none stops the start"
server.stop()
server.config.files = { base_url = "csms.example" }
check(server.start_failing() ~= 0)
check(server.log():find("files.base_url is", 1, true))
server.config.files = {}
server.start()
