-- A stranger who is refused again and again leaves a line in ten seconds, with their number, and the first one at once.
settings { config = { users = { scrypt_log_n = 10, account_failures = 0, address_failures = 0 } } }
local signing_in = require "signing_in"

local function upgrade()
  local socket = tcp()
  socket:send(ws_handshake("/ocpp/NOBODY", { subprotocol = "ocpp1.6" }))
  check(socket:receive("\r\n\r\n", 10):find "^HTTP/1.1 404 ")
  socket:reset()
end

for _, case in ipairs {
  { "upgrade refused: status=404 identity=NOBODY", upgrade },
  { "unknown or expired URL refused", function() equal(http { method = "GET", path = "/files/nothing/a.bin", key = false }.status, 404) end },
  { "a sign%-in of anna@example.org from 127.0.0.1 failed",
    function() equal(signing_in.browser().login({ email = "anna@example.org", password = "wrong password" }).status, 401) end },
} do
  local text, ask = case[1], case[2]
  log("%s", text)
  local began = os.time()
  ask()
  check(server.log():find(text .. "[^\n]*%(1 since the last line%)"), "the first at once")
  for _ = 1, 30 do
    ask()
  end
  local _, lines = server.log():gsub(text, "")
  check(lines <= 1 + (os.time() - began) // 10 + 1, lines .. " lines")
end
