-- HTTP as no client should write it, by bare sockets: smuggled lengths, targets and methods of other servers, headers without end,
-- clients that are slow. Each is told what is wrong where the parser leaves that to us, nothing is changed, and the server goes on.
settings { config = { http = { timeout = "2s", header_timeout = "1s", max_header = "12k" } } }
seed.charger "RAW"
local KEY = require("net").key
local HOST = "Host: x\r\n"
local BROWSER = { "x-content-type-options: nosniff", "x-frame-options: deny", "referrer-policy: no-referrer",
  "content-security-policy: default-src 'none'" }
local BODY = '{"id_tag":"SMUGGLED"}'

local function request(line, headers, body)
  return line .. "\r\n" .. (headers or HOST) .. "\r\n" .. (body or "")
end

local function keyed(headers)
  return HOST .. "Authorization: Bearer " .. KEY .. "\r\nContent-Type: application/json\r\n" .. (headers or "")
end

local function post(headers, body)
  return request("POST /api/admin/tokens HTTP/1.1", keyed(headers), body)
end

local function length(n)
  return "Content-Length: " .. n .. "\r\n"
end

local function state()
  return #http.get("/api/admin/tokens").body.items .. " " .. #http.get("/api/admin/audit?limit=500").body.items
end
local before = state()

-- What comes back for the bytes: status, head, body; nil if the connection just ends.
local function answer(bytes, seconds)
  local socket = tcp()
  socket:send(bytes)
  local head = socket:receive("\r\n\r\n", seconds or 5)
  local size = head and tonumber(head:lower():match "content%-length: (%d+)") or 0
  local body = size > 0 and socket:receive(size, 5) or ""
  check(head or socket:wait_closed(5), "it neither answers nor ends: " .. bytes:sub(1, 60))
  socket:close()
  return head and tonumber(head:match "^HTTP/1%.[01] (%d%d%d) "), head, body
end

local function refused(what, bytes, status, text)
  local code, head, body = answer(bytes)
  equal(code, status, what)
  for _, line in ipairs(BROWSER) do
    check(head:lower():find(line, 1, true), what .. " lacks " .. line .. ": " .. head)
  end
  if text then
    check(head:lower():find("content-type: application/problem+json", 1, true), what .. ": " .. head)
    local problem = json.decode(body)
    equal(problem.status, status, what)
    check(problem.detail:find(text, 1, true), what .. ": " .. problem.detail)
  end
end

log "bodies whose end can be understood in two ways"
refused("two lengths", post(length(2) .. length(21), BODY), 400, "Content-Length")
refused("the same length twice", post(length(21) .. length(21), BODY), 400, "Content-Length")
refused("a list of lengths", post(length "21, 21", BODY), 400, "Content-Length")
refused("a length and chunks", post(length(21) .. "Transfer-Encoding: chunked\r\n", BODY), 400, "exclude each other")
refused("chunks and a length", post("Transfer-Encoding: chunked\r\n" .. length(21), BODY), 400, "exclude each other")
refused("chunks, twice said", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", BODY), 501, "chunked")
refused("another coding", post("Transfer-Encoding: xchunked\r\n", BODY), 501, "chunked")
refused("a coding of a GET", request("GET /health HTTP/1.1", HOST .. "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), 411, "Content-Length")
refused("a blank behind the name of the length", post("Content-Length : 21\r\n", BODY), 400, "blank")
refused("a blank behind the name of the coding", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400, "blank")
for _, bad in ipairs { "-1", "+21", "0x15", "21 21", "2e1", "21;", "" } do
  local code = answer(post(length(bad), BODY), 6)
  check(code == nil or code >= 400 and code < 500, ("length %q: %s"):format(bad, code))
end
for _, padded in ipairs { "2\t", "2 ", "2 \t ", "\t2" } do
  refused(("length %q"):format(padded), post(length(padded), "{}"), 422, "schema")
end
refused("chunks and a tab", post("Transfer-Encoding: chunked\t\r\n", "2\r\n{}\r\n0\r\n\r\n"), 422, "schema")
refused("a length that no number holds", post(length(("9"):rep(40)), BODY), 413, "too large")
for _, chunk in ipairs { "-15", "fffffffff", "0x15", "zz", "" } do
  refused("a chunk of size " .. chunk, post("Transfer-Encoding: chunked\r\n", chunk .. "\r\n" .. BODY .. "\r\n0\r\n\r\n"), 400, "chunks")
end
refused("a chunk that goes on", post("Transfer-Encoding: chunked\r\n", "2\r\n" .. BODY .. "\r\n0\r\n\r\n"), 400, "chunks")

log "a second request in the body of the first is none"
local inner = post(length(#BODY), BODY)
local socket = tcp()
socket:send(request("GET /health HTTP/1.1", HOST .. length(#inner), inner))
check(socket:receive("\r\n\r\n", 5):find "^HTTP/1.1 200 ")
socket:close()

log "whom it is for"
refused("no Host", request("GET /health HTTP/1.1", ""), 400, "Host")
refused("two Hosts", request("GET /health HTTP/1.1", HOST .. "Host: y\r\n"), 400, "Host")
equal(answer(request("GET /health HTTP/1.0", "")), 200)

log "methods and targets"
refused("a target with a blank", request "GET /hea lth HTTP/1.1", 400)
refused("no version", request "GET /health", 400, "version")
for _, method in ipairs { "TRACE", "BREW", "PROPFIND" } do
  refused(method, request(method .. " /health HTTP/1.1"), 403)
end
refused("a whole URL", request "GET http://x/health HTTP/1.1", 403)
refused("an asterisk", request "OPTIONS * HTTP/1.1", 403)
refused("half an escape", request "GET /health%z HTTP/1.1", 403)
refused("no request at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" .. ("\0"):rep(100), 403)
refused("a line break", request "GET /health%0d%0aX-A:%20b HTTP/1.1", 400, "line break")
refused("PATCH", request "PATCH /health HTTP/1.1", 405, "GET")
refused("DELETE", request "DELETE /health HTTP/1.1", 405, "GET")
refused("OPTIONS", request "OPTIONS /health HTTP/1.1", 405, "GET")
for _, path in ipairs { "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/%252e%252e/etc/passwd", "/api/admin/files/..%2f..%2fetc%2fpasswd",
  "/docs/..%5c..%5cetc", "/....//....//etc/passwd", "//etc/passwd", "/api/../etc" } do
  local code, _, body = answer(request("GET " .. path .. " HTTP/1.1"))
  check(code == 401 or code == 404, path .. ": " .. tostring(code))
  check(not body:find("root:", 1, true))
end
for _, path in ipairs { "/health%00", "/health%00.html", "/api/admin/tokens/a%00b", "/health?x=%00" } do
  local code = answer(request("GET " .. path .. " HTTP/1.1", keyed()))
  check(code == nil or code >= 400, path .. ": " .. tostring(code))
end

log "query parameters: none that the route does not name, empty ones are none"
for _, target in ipairs { "/health?", "/health?&", "/health?&&&", "/api/admin/tokens?limit=1&", "/api/admin/tokens?&&limit=1&&status=accepted&&" } do
  local code, _, body = answer(request("GET " .. target .. " HTTP/1.1", keyed()))
  equal(code, 200, target .. ": " .. tostring(body))
end
refused("a parameter of a route without any", request "GET /health?x=1 HTTP/1.1", 400, 'no parameter "x" here; this route takes none')
refused("one without a name", request "GET /health?=1 HTTP/1.1", 400, 'no parameter ""')
refused("one behind an empty one", request("GET /api/admin/tokens?limit=1&&x HTTP/1.1", keyed()), 400, 'no parameter "x" here; known are: limit')
refused("a value behind an empty one", request("GET /api/admin/tokens?&limit=0& HTTP/1.1", keyed()), 400, "limit")
refused("a parameter of a change", request("DELETE /api/admin/tokens/NONE?force=1 HTTP/1.1", keyed()), 400, "force")

log "headers: as large as allowed, and larger"
equal(answer(request("GET /health HTTP/1.1", HOST .. "Cookie: " .. ("a"):rep(11000) .. "\r\n")), 200)
refused("a cookie", request("GET /health HTTP/1.1", HOST .. "Cookie: " .. ("a"):rep(13000) .. "\r\n"), 431, "http.max_header")
refused("a URL", request("GET /" .. ("a"):rep(13000) .. " HTTP/1.1"), 431, "http.max_header")
refused("a handshake", ws_handshake("/ocpp/RAW?x=" .. ("a"):rep(13000), { subprotocol = "ocpp1.6" }), 431, "http.max_header")
equal(answer(request("GET /health HTTP/1.1", HOST .. "Cookie: " .. ("a"):rep(25000) .. "\r\n")), nil)
equal(answer(request("GET /" .. ("a"):rep(25000) .. " HTTP/1.1")), nil)
equal(answer(request("GET /health HTTP/1.1", HOST .. ("X-Request-Id: 1\r\n"):rep(2000))), nil)

log "slow clients: headers, then a body, byte by byte"
local function drip(bytes, seconds)
  local slow, at = tcp(), 0
  for byte in bytes:gmatch "." do
    if not pcall(slow.send, slow, byte) or slow:wait_closed(0.001) then break end
    wait(0.1)
    at = at + 0.1
    check(at < seconds, "it still listens")
  end
  local told = slow:receive("\r\n\r\n", 0.1)
  slow:close()
  return told
end
drip(request("GET /health HTTP/1.1", HOST .. "Cookie: " .. ("a"):rep(200) .. "\r\n"), 6)
drip(post(length(500), ("x"):rep(500)), 8)
local half = tcp()
half:send "GET /health HTTP/1.1\r\nHost: x\r\n"
check(half:receive("\r\n\r\n", 6):find "^HTTP/1.1 408 ")
check(half:wait_closed(5))
half = tcp()
half:send(post(length(500), "{"))
check(half:receive("\r\n\r\n", 6):find "^HTTP/1.1 408 ")
check(half:wait_closed(5))

log "as it was"
equal(state(), before)
equal(http.get("/health").status, 200)
