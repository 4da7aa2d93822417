-- Links on which nothing comes: pings in both directions, chargers that do not answer them, lines that are dead without a word.
settings { tls = true, config = { http = { ping = "1s", idle = "4s" } } }
for _, id in ipairs { "PONGS", "PINGS", "TALKS", "MUTE", "DEAD", "TLS-PONGS", "TLS-DEAD" } do
  seed.charger(id)
end
local handshake = { subprotocol = "ocpp1.6" }

local function opened(id)
  local socket = tcp()
  socket:send(ws_handshake("/ocpp/" .. id, handshake))
  check(socket:receive("\r\n\r\n", 10):find "^HTTP/1.1 101 ")
  return socket
end

local function connected(id)
  return http.get("/connections/" .. id).status == 200
end

-- A library's client answers pings; bare sockets do no more than they are told.
local pongs, pings, talks, mute = charger { id = "PONGS", silent = true }, opened "PINGS", opened "TALKS", opened "MUTE"
local tls_pongs = charger { id = "TLS-PONGS", url = server.tls_base, silent = true }
pongs:connect()
tls_pongs:connect()
local dead, tls_dead = charger { id = "DEAD", silent = true }, charger { id = "TLS-DEAD", url = server.tls_base, silent = true }
for _, cp in ipairs { dead, tls_dead } do
  cp:connect()
  cp:boot()
  cp:abandon()
end

log "each of them is pinged; two say something else, three nothing at all"
local seen = http.get("/connections/PINGS").body.last_seen
for i = 1, 10 do
  pings:send(ws_frame(9, "are you there"))
  talks:send(ws_frame(1, string.format('[2,"%d","Heartbeat",{}]', i)))
  wait(1)
end
for id, alive in pairs { PONGS = true, PINGS = true, TALKS = true, MUTE = false, DEAD = false, ["TLS-PONGS"] = true, ["TLS-DEAD"] = false } do
  equal(connected(id), alive, id)
end
check(http.get("/connections/PINGS").body.last_seen > seen)
check(pings:receive():find("\x8a\x0dare you there", 1, true), "pongs have what the pings had")
check(mute:wait_closed(1), "its connection is closed")
check(mute:joined():sub(1, 2) == "\x89\0", "after a ping")
local _, told = server.log():gsub("link silent for %d+ s, hung up remote=127.0.0.1", "")
equal(told, 3)

log "a silent line holds no charger up: it comes back, and only its new link counts"
dead:connect()
equal(dead:boot().status, "Accepted")
dead:abandon()
dead:connect()
equal(dead:boot().status, "Accepted")
wait(1.5)
check(connected "DEAD", "the end of the old link does not end the new one")
dead:heartbeat()
dead:disconnect()
pongs:disconnect()
tls_pongs:disconnect()
