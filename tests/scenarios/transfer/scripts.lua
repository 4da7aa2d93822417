-- Scripts reach the hosts on their operator's list, and no others.
settings { config = { transfer = { timeout = "2s" } } }
local ask = require "asks_out" "TRANSFER-1"

local stand_in = http_server {
  answer = function(request)
    if request.path == "/json" then
      return { body = { word = "hello" } }
    elseif request.path == "/moved" then
      return { status = 302, headers = { Location = "http://127.0.0.1:" .. server.base:match "%d+$" .. "/health" } }
    elseif request.path == "/bytes" then
      return { body = "\xff\xfe" }
    end
    return { status = 201, body = "it is " .. request.method }
  end,
}
local function says(text, pattern)
  check(text:find(pattern), text .. "; expected " .. pattern)
end
local function list(body)
  return http.post("/api/admin/transfer/hosts", body)
end

-- Not on the list.
says(ask { url = stand_in.url }, "^refused: .*127%.0%.0%.1:" .. stand_in.port .. " is not on the list of hosts")
-- On it, but in a private network.
local listed = list { host = "127.0.0.1" }
equal(listed.status, 201)
says(ask { url = stand_in.url }, "^refused: .*address is not a public one")
equal(#stand_in.requests, 0)
equal(list({ host = "127.0.0.1" }).status, 409)
equal(http.delete("/api/admin/transfer/hosts/" .. listed.body.id).status, 204)
equal(list({ host = "127.0.0.1", private = true, port = stand_in.port }).status, 201)

equal(ask { url = stand_in.url }, "201 9 it is GET")
equal(ask { url = stand_in.url, method = "DELETE" }, "201 12 it is DELETE")
equal(ask { url = stand_in.url .. "/a?b=c", body = "some text", header = "X-Own: yes" }, "201 10 it is POST")
local sent = stand_in.requests[#stand_in.requests]
equal(sent.path, "/a?b=c")
equal(sent.body, "some text")
equal(sent.headers["x-own"], "yes")
equal(sent.headers["content-type"], nil)
equal(sent.headers.expect, nil)
equal(ask { url = stand_in.url, json = "word" }, "201 10 it is POST")
sent = stand_in.requests[#stand_in.requests]
equal(sent.headers["content-type"], "application/json")
matches(sent.json, { value = "word" })
equal(ask { url = stand_in.url .. "/json" }, "json: hello")
-- One connection served them all.
equal(stand_in.connections, 1)

-- Redirects are told, not followed.
equal(ask { url = stand_in.url .. "/moved" }, "302 0 ")
says(ask { url = stand_in.url .. "/bytes" }, "^error: the answer is not text")

-- What cannot be sent.
local before = #stand_in.requests
for _, case in ipairs {
  { { url = "ftp://127.0.0.1/" }, "neither http:// nor https://" },
  { { url = "file:///etc/passwd" }, "neither http:// nor https://" },
  { { url = "no url at all" }, "the URL is none" },
  { { url = stand_in.url, method = "GET / HTTP/1.1" }, "the method is none" },
  { { url = stand_in.url, header = "X-Own: a\\nX-Evil: b" }, "the value of the header X%-Own has control characters" },
  { { url = stand_in.url, header = "X Own: a" }, "the name of a header is not one" },
  { { url = stand_in.url, header = "Host: elsewhere" }, "the header Host is not for the asker to set" },
  { { url = stand_in.url, header = "Content-Length: 0" }, "is not for the asker to set" },
  { { url = stand_in.url, timeout = "1000" }, "timeout_s" },
  { { url = stand_in.url:gsub("//", "//127.0.0.1@elsewhere.example:1/?") }, "is not on the list" },
} do
  says(ask(case[1]), "^refused: .*" .. case[2])
end
equal(#stand_in.requests, before)

-- The list over REST.
matches(http.get("/api/admin/transfer/hosts").body.items, { { host = "127.0.0.1", private = true, port = stand_in.port, operator_id = "default" } })
for _, bad in ipairs { "http://example.com", "Example.com", "a b", "*", "*.*.com", "", "exa..mple", "[::1", "-a.example" } do
  equal(list({ host = bad }).status, 422, bad)
end
equal(list({ host = "example.com", operator_id = "nobody" }).status, 422)
equal(http.delete("/api/admin/transfer/hosts/99999").status, 404)

-- An operator's own key: its own list, and no private networks.
server.sql "insert into operators (id, name, created_at) values ('northern', 'Northern', '2026-01-01T00:00:00.000Z');"
local key = http.post("/api/admin/keys", { name = "north", role = "operator", operator_id = "northern" }).body.key
equal(http.post("/api/admin/transfer/hosts", { host = "*.example.com" }, { key = key }).status, 201)
equal(http.post("/api/admin/transfer/hosts", { host = "10.0.0.1", private = true }, { key = key }).status, 403)
local own = http.get("/api/admin/transfer/hosts", nil, { key = key }).body.items
equal(#own, 1)
matches(own[1], { host = "*.example.com", port = json.null, private = false, operator_id = "northern" })
local others = http.get("/api/admin/transfer/hosts").body.items[1]
equal(http.delete("/api/admin/transfer/hosts/" .. others.id, nil, { key = key }).status, 404)

-- The configuration's list is everybody's, private networks included; names are checked by the address they have.
server.reload { transfer = { allow = "localhost:" .. stand_in.port } }
equal(ask { url = "http://localhost:" .. stand_in.port }, "201 9 it is GET")
server.reload { transfer = { allow = "" } }
equal(list({ host = "localhost" }).status, 201)
says(ask { url = "http://localhost:" .. stand_in.port }, "^refused: .*address is not a public one")
