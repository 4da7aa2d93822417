-- Simulated chargers over TLS: whom they trust, what they see of the server, how failures look, and load over it.
settings { tls = true, config = { chargers = { password_iterations = 1000 } } }

seed.charger { charge_point_id = "SIM-TLS", password = "a-long-password" }
local function cp_with(more)
  local options = { id = "SIM-TLS", password = "a-long-password", url = server.tls_base, silent = true }
  for key, value in pairs(more or {}) do
    options[key] = value
  end
  return charger(options)
end

local cp = cp_with()
cp:connect()
equal(cp:boot().status, "Accepted")
matches(cp.peer, { version = "TLSv1.3", common_name = "localhost", issuer = "CN=Scenario root", key_type = "ec" })
cp:send_raw(json.encode { 2, "long", "DataTransfer", { vendorId = "V", data = ("x"):rep(100000) } }, { fragment = 7000 })
equal(cp:expect({ id = "long" }).kind, "result")
cp:disconnect()

cp = cp_with { tls_version = "1.2", ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256" }
cp:connect()
matches(cp.peer, { version = "TLSv1.2", cipher = "ECDHE-ECDSA-AES128-GCM-SHA256" })
cp:drop()

-- What must not work, and what is said then.
local function refused(why, more)
  local ok, failure = cp_with(more):try_connect()
  equal(ok, nil, why)
  equal(failure.status, 0)
  check(failure.reason:find(why, 1, true), failure.reason)
end
refused("tls: its certificate: unable to get local issuer certificate", { ca = crypto.ca("Another").certificate })
refused("tls: its certificate: hostname mismatch", { url = server.tls_base:gsub("127.0.0.1", "127.1") })
refused("tls: ", { tls_version = "1.1" })
refused("tls: the server says: handshake failure", { tls_version = "1.2", ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305" })
cp = cp_with { insecure = true, ca = nil, url = server.tls_base:gsub("127.0.0.1", "127.1") }
cp:connect()
cp:disconnect()

-- HTTPS, with the key to our own server.
local net = require "net"
matches(http.get(server.tls_base .. "/api/admin/chargers?charge_point_id=SIM-TLS"), {
  status = 200,
  body = { items = { { charge_point_id = "SIM-TLS" } } },
  peer = { common_name = "localhost" },
})
local response, why = try_http { path = server.tls_base .. "/health", tls = { ca = crypto.ca("Another").certificate } }
equal(response, nil)
check(why:find "^tls: its certificate", why)

-- Load.
local result = server.folder .. "/result.json"
local status = program {
  stdout = result,
  server.bin .. "/busbar-sim", "--url", server.tls_base, "--ca", server.folder .. "/root.pem", "--key", net.key, "--provision",
  "--prefix", "LOAD", "--password", "a-long-password", "--chargers", "10", "--duration", "0.5", "--warmup", "0.1", "--json",
}
local file = assert(io.open(result))
matches(json.decode(file:read "a"), { connected = 10, connect_errors = 0, lost = 0, errors = 0 })
file:close()
equal(status, 0)
