-- 30 MB up and twice down, while little of it is in the server's memory.
settings { asan = "quarantine_size_mb=1" }
if server.engine == "sqlite" then
  server.config.storage_sqlite.cache = "1m" -- of pages, for each connection
  server.restart()
end
local block = ("0123456789abcdef"):rep(16384) -- 256 KiB
local function resident()
  local text = io.open("/proc/" .. server.pid() .. "/status"):read "a"
  return tonumber(text:match "VmRSS:%s*(%d+) kB")
end
local before = resident()
local most = 0
local watching = true
spawn(function()
  while watching do
    most = math.max(most, resident())
    wait(0.02)
  end
end)
local size = 120 * #block
local key = http.post("/api/admin/keys", { name = "files", role = "operator" }).body.key
local up = tcp()
up:send("POST /api/admin/files?name=big.bin HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " .. key .. "\r\nContent-Length: " .. size .. "\r\n\r\n")
for _ = 1, 120 do
  up:send(block)
end
check(up:receive("^HTTP/1.1 201 ", 60))
up:close()
local big = http.get("/api/admin/files").body.items[1]
equal(big.size, size)
equal(big.sha256, crypto.digest(block:rep(120), "SHA256"))

local function get_big()
  local socket = tcp()
  socket:send("GET /api/admin/files/" .. big.id .. "/content HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " .. key .. "\r\n\r\n")
  check(socket:receive("^HTTP/1.1 200 .-\r\n\r\n"))
  return socket
end
local down = {}
parallel(function()
  down[1] = get_big():receive(size, 60)
end, function()
  down[2] = get_big():receive(size, 60)
end)
watching = false
check(down[1] == down[2] and down[1] == block:rep(120), "the same bytes come back")
log("resident: %d kB before, at most %d kB", before, most)
check(most - before < 16384, "it keeps files in memory")
