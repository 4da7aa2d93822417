-- A client that hangs up while it is looked up who calls: what it asked for is done as it was asked, with its Idempotency-Key, its
-- If-Match and its query.
settings { config = { transfer = { allow = "127.0.0.1" }, http = { keep_alive = false } } }
local waiting, let_go
local desk = http_server {
  answer = function()
    waiting = (waiting or 0) + 1
    eventually(function()
      return let_go
    end)
  end,
}
server.reload { scripts = { { hook = "caller", order = 10, file = server.write_file("callers.lua", ([[
function caller(q)
  if q.authorization ~= "Bearer slow" then return nil end
  busbar.transfer.http { url = "%s/who" }
  return { kind = "jwt", name = "Slow", role = "admin", user_id = "u-slow" }
end
]]):format(desk.url)) } } }

-- Asks, hangs up once it is being looked up who asks, and is looked up when that has been seen.
local function hang_up(method, path, body, headers)
  waiting, let_go = nil, false
  local text = json.encode(body)
  local lines = { method .. " " .. path .. " HTTP/1.1", "Host: x", "Authorization: Bearer slow", "Content-Length: " .. #text }
  for name, value in pairs(headers) do
    lines[#lines + 1] = name .. ": " .. value
  end
  local socket = tcp()
  socket:send(table.concat(lines, "\r\n") .. "\r\n\r\n" .. text)
  eventually(function()
    return waiting
  end)
  socket:close()
  wait(2.5) -- it is looked once a second whether a client is there
  let_go = true
end

local function again(method, path, body, headers)
  let_go = true
  return http { method = method, path = path, key = "slow", body = body, headers = headers }
end

log "a POST is done once, whoever has seen its answer"
local run = { selection = { all = true }, action = "ClearCache" }
local key = { ["Idempotency-Key"] = "once" }
hang_up("POST", "/api/admin/bulk-commands", run, key)
local function runs()
  return #http.get("/api/admin/bulk-commands").body.items
end
eventually(function()
  return runs() == 1
end)
local replay = eventually(function()
  local answer = again("POST", "/api/admin/bulk-commands", run, key)
  return answer.status ~= 409 and answer
end)
equal(replay.headers["idempotent-replay"], "true")
equal(runs(), 1)

log "a PUT changes only what it has seen"
local tag = http.post("/api/admin/stations", { name = "North" })
local path = tag.headers.location
equal(http.put(path, { name = "South" }).status, 200)
hang_up("PUT", path, { name = "East" }, { ["If-Match"] = tag.headers.etag })
hang_up("PUT", path, { address = "1 Street" }, { ["If-Match"] = http.get(path).headers.etag })
eventually(function()
  return http.get(path).body.address == "1 Street"
end)
equal(http.get(path).body.name, "South")

log "a DELETE takes what its query names"
http.post("/api/admin/operators", { id = "other", name = "Other", time_zone = "UTC", currency = "EUR" })
http.post("/api/admin/tokens", { id_tag = "HUNG" })
http.post("/api/admin/tokens", { id_tag = "GONE", operator_id = "other" })
hang_up("DELETE", "/api/admin/tokens/HUNG?operator_id=other", {}, {})
hang_up("DELETE", "/api/admin/tokens/GONE?operator_id=other", {}, {})
eventually(function()
  return http.get("/api/admin/tokens/GONE").status == 404
end)
equal(http.get("/api/admin/tokens/HUNG").status, 200)
