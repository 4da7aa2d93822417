-- Servers that are slow, endless, huge, rude or somebody else: each is an error in time, and everything else goes on.
settings { config = { transfer = { allow = "127.0.0.1 localhost", max_answer = "64k", timeout = "1s", connect_timeout = "1s" } } }
local ask = require "asks_out" "HOSTILE-1"

local stubborn = {}
local behaviours = {
  ["/slow"] = function(socket)
    socket:send "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
    for _ = 1, 100 do
      if socket.closed or not socket:send "x" then
        return
      end
      wait(0.1)
    end
  end,
  ["/silent"] = function(socket)
    socket:wait_closed(20)
  end,
  ["/endless"] = function(socket)
    socket:send "HTTP/1.1 200 OK\r\n\r\n"
    while not socket.closed and socket:send(string.rep("x", 8192)) do
      wait(0.001)
    end
    stubborn[#stubborn + 1] = "endless"
  end,
  ["/huge"] = function(socket)
    socket:send "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx"
    socket:wait_closed(20)
  end,
  ["/headers"] = function(socket)
    socket:send "HTTP/1.1 200 OK\r\n"
    for i = 1, 10000 do
      if socket.closed or not socket:send("X-" .. i .. ": " .. string.rep("y", 100) .. "\r\n") then
        return
      end
    end
  end,
  ["/header"] = function(socket)
    socket:send("HTTP/1.1 200 OK\r\nX: " .. string.rep("y", 300000) .. "\r\n\r\n")
  end,
  ["/short"] = function(socket)
    socket:send "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    socket:close()
  end,
  ["/hangup"] = function(socket)
    socket:close()
  end,
  ["/reset"] = function(socket)
    socket:reset()
  end,
  ["/garbage"] = function(socket)
    socket:send "220 mail.example ESMTP\r\n"
    socket:close()
  end,
  ["/interim"] = function(socket)
    socket:send "HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
  end,
  ["/chunks"] = function(socket)
    socket:send "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nffffffffffffffffff\r\n"
  end,
  ["/packed"] = function(socket)
    socket:send "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\nContent-Length: 4\r\n\r\nraw!"
  end,
}
local rude = http_server {
  answer = function(request)
    local behaviour = behaviours[request.path]
    if behaviour then
      request.taken = true
      behaviour(request.socket)
    end
  end,
}

local function says(path, pattern)
  local began = os.time()
  local text = ask { url = rude.url .. path }
  check(text:find(pattern), path .. ": " .. text)
  check(os.time() - began <= 3, path .. " took too long")
end
says("/silent", "^error: there was no answer within 1000 ms")
says("/slow", "^error: there was no answer within 1000 ms")
says("/endless", "^error: the answer is larger than it may be")
says("/huge", "^error: .*exceed")
says("/headers", "^error: the answer's headers are too large")
says("/header", "^error: ")
says("/short", "^error: transfer closed with 96 bytes remaining")
says("/hangup", "^error: .*[Ee]mpty reply")
says("/reset", "^error: ")
says("/garbage", "^error: ")
says("/chunks", "^error: ")
says("/interim", "^200 2 ok$")
says("/packed", "^200 4 raw!$")
eventually(function()
  return stubborn[1]
end)

log "nobody there"
local gone = http_server {}
gone:close()
check(ask({ url = gone.url }):find "^error: ")
server.reload { transfer = { allow = "127.0.0.1 localhost nowhere.invalid" } }
check(ask({ url = "http://nowhere.invalid/" }):find "^error: .*resolve")

log "TLS: only with a certificate of the name, by somebody trusted, in force"
local root = crypto.ca "Trusted root"
local function serving(options, by)
  local issued = crypto.issue(by or root, options)
  return http_server { tls = { certificate = issued.certificate, key = issued.key } }
end
server.reload { transfer = { ca = server.write_file("root.pem", root.certificate) } }
local good = serving { subject = "localhost", names = "DNS:localhost,IP:127.0.0.1" }
equal(ask { url = good.url }, "200 0 ")
equal(ask { url = "https://localhost:" .. good.port }, "200 0 ")
for name, bad in pairs {
  ["another name"] = serving { subject = "elsewhere.example", names = "DNS:elsewhere.example" },
  ["another root"] = serving({ subject = "localhost", names = "IP:127.0.0.1" }, crypto.ca "Stranger"),
  ["expired"] = serving { subject = "localhost", names = "IP:127.0.0.1", not_before_s = -7200, not_after_s = -3600 },
} do
  local text = ask { url = bad.url }
  check(text:find "^error: .*[Cc]ertificate" or text:find "^error: .*subject name", name .. ": " .. text)
  equal(#bad.requests, 0, name)
end
check(ask({ url = rude.url:gsub("^http:", "https:") }):find "^error: ")

log "many slow ones at once delay nobody else"
local asked = 0
for i = 1, 12 do
  spawn(function()
    local other = charger { id = "HOSTILE-1" .. i, silent = true }
    seed.charger("HOSTILE-1" .. i)
    other:connect()
    other:boot()
    other:demand("DataTransfer", { vendorId = "v", data = "url=" .. rude.url .. "/silent\n" })
    asked = asked + 1
  end)
end
equal(ask { url = good.url }, "200 0 ")
eventually(function()
  return asked == 12
end)
