-- URLs and headers that somebody means ill with: each is answered or its connection closed at once, and none is taken for another.
settings { config = { http = { keep_alive = false } } }
seed.charger "CP1"
local charger_id = http.get("/api/admin/chargers").body.items[1].id
server.sql(string.format(
  "insert into file_links (operator_id, token_hash, direction, charger_id, purpose, valid_until, created_at)"
    .. " values ('default', '%s', 'receive', %d, 'log', '2099-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');",
  crypto.digest("token", "SHA256"),
  charger_id
))

local function answer(method, path, body)
  local socket = tcp()
  socket:send(method .. " " .. path .. " HTTP/1.1\r\nHost: x\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body)
  local head = socket:receive("\r\n\r\n", 5)
  if not head then
    socket:wait_closed(5)
    return nil
  end
  socket:close()
  return tonumber(head:match "^HTTP/1.1 (%d+) ")
end

log "what is not UTF-8 is 400, in a path and in a query"
for _, part in ipairs { "%ff", "%c0%af", "%e0%80%af", "%ed%a0%80", "%f5%80%80%80", "%80" } do
  equal(answer("PUT", "/files/token/a" .. part .. "b", ""), 400, part)
  equal(answer("GET", "/health?a=" .. part, ""), 400, part)
  equal(answer("GET", "/health?" .. part .. "=a", ""), 400, part)
end

log "U+0000 ends the connection"
for _, path in ipairs { "/files/token/a%00b", "/health%00", "/health?a=%00", "/health?%00=a" } do
  equal(answer("PUT", path, "x"), nil, path)
end

log "of a file's name control characters are left out"
equal(answer("PUT", "/files/token/a%01b%7f.log", "x"), 201)
equal(http.get("/api/admin/files").body.items[1].name, "ab.log")

log "a line break ends no line"
for _, line_break in ipairs { "%0d", "%0a", "%0d%0a" } do
  for _, path in ipairs { "/files/token/a%sb", "/health%sX-Other:a", "/health?a=%sb" } do
    equal(answer("PUT", path:format(line_break), ""), 400)
    equal(answer("GET", path:format(line_break), ""), 400)
  end
end
local socket = tcp()
socket:send((ws_handshake("/ocpp/CP1%0aX-Other:a", { subprotocol = "ocpp1.6" })))
check(socket:receive("\r\n\r\n", 5):find "^HTTP/1.1 400 ")
socket:wait_closed(5)

log "a body whose length was swallowed is no second request"
local hidden = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
local socket = tcp()
socket:send("GET /health HTTP/1.1\r\nHost: x\r\nX: 1\r\nContent-Length: " .. #hidden .. "\r\n\r\n" .. hidden)
local head = socket:receive("\r\n\r\n", 5)
check(head:find "^HTTP/1.1 200 ")
check(head:find("Connection: close", 1, true))
check(not socket:receive("HTTP/1.1", 1))
socket:wait_closed(5)

log "a proxy's headers make nobody local"
server.sql "delete from api_keys;"
for _, name in ipairs { "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP" } do
  equal(http.post("/api/admin/bootstrap", {}, { key = false, headers = { [name] = "1.1 proxy" } }).status, 403, name)
end
equal(http.post("/api/admin/bootstrap", {}, { key = false }).status, 201)
