-- An authority made on the command line: what is in its files, and a charger that lives by it.
settings { tls = true }
local pipe = io.popen("realpath '" .. server.folder .. "'")
local dir = pipe:read "l" .. "/authority"
pipe:close()

local function read(path)
  local file = io.open(path)
  local text = file and file:read "a"
  return file and file:close() and text
end

local runs = 0
local function ctl(...)
  runs = runs + 1
  local out, err = server.folder .. "/out" .. runs, server.folder .. "/err" .. runs
  -- No server is asked: this one would not answer.
  local status = program { stdout = out, stderr = err, env = { HOME = server.folder, XDG_CONFIG_HOME = "", BUSBAR_URL = "http://127.0.0.1:1" }, ... }
  return status, read(out), read(err)
end
local busbarctl = server.bin .. "/busbarctl"

log "what cannot be finished is not begun: the last of the files is longer than one may be"
local status, _, why = ctl("sh", "-c", [[trap '' XFSZ; ulimit -f 4; exec "$0" "$@"]], busbarctl, "ca", "init", dir)
equal(status, 1, why)
check(why:find("firmware.key: ", 1, true), why)
equal(os.rename(dir, dir), nil, "the folder is gone")

log "made"
local output
status, output, why = ctl(busbarctl, "ca", "init", dir, "Busbar")
equal(status, 0, why)
local lines = output:match "\nocpp16_security = (%b{})\n"
local options = load("return " .. lines, "lines", "t", {})()
matches(options, {
  ca_certificate = dir .. "/ca.pem", ca_key = dir .. "/ca.key",
  signing_certificate = dir .. "/firmware.pem", signing_key = dir .. "/firmware.key",
})
local root, signer = read(options.ca_certificate), read(options.signing_certificate)
local ten_years = 3652 * 86400
matches(crypto.facts(root), { subject = "CN=Busbar charger CA,O=Busbar", issuer = "CN=Busbar charger CA,O=Busbar", key_type = "ec", key_bits = 256, ca = true })
matches(crypto.facts(signer), { subject = "CN=Busbar firmware signing,O=Busbar", issuer = "CN=Busbar charger CA,O=Busbar", key_type = "rsa", key_bits = 3072, ca = false })
check(crypto.verify(root, root, ten_years))
check(crypto.verify(signer, root, ten_years))
equal(crypto.verify(signer, root, ten_years + 2 * 86400), nil)
for _, pair in ipairs { { root, options.ca_key }, { signer, options.signing_key } } do
  check(crypto.signed_by(pair[1], "text", crypto.sign(read(pair[2]), "text", "SHA256"), "SHA256"))
end
equal(program { "sh", "-c", [[test "$(stat -c %a "$0" "$0"/*.key | tr '\n' ' ')" = "700 600 600 "]], dir }, 0)

log "and never again"
status, _, why = ctl(busbarctl, "ca", "init", dir)
equal(status, 1)
check(why:find(dir .. "/ca.key is there already", 1, true), why)
equal(read(options.ca_certificate), root)
os.remove(options.ca_certificate)
equal(ctl(busbarctl, "ca", "init", dir), 1)
equal(read(options.ca_certificate), nil, "nothing is added to what is there")
server.write_file("authority/ca.pem", root)
equal(ctl(busbarctl, "ca"), 2)
equal(ctl(busbarctl, "ca", "init"), 2)
equal(ctl(busbarctl, "ca", "list", dir), 2)
equal(ctl(busbarctl, "ca", "init", dir, "a", "b"), 2)
equal(ctl(busbarctl, "ca", "init", dir .. "2", ("x"):rep(65)), 2)
status, output = ctl(busbarctl, "--json", "ca", "init", dir .. "2")
equal(status, 0)
equal(json.decode(output).signing_key, dir .. "2/firmware.key")

log "the server takes it, and the charger whose certificate it has signed is let in by that alone"
server.reload { ocpp16_security = options, files = { base_url = server.base } }
seed.charger { charge_point_id = "CA1", password = "a-long-password", security_profile = 2 }
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=CA1").body.items[1].id
local cp = charger { id = "CA1", password = "a-long-password", url = server.tls_base, tls_url = server.tls_base, security_profile = 2, silent = true }
cp:connect()
cp:boot()
for _, kind in ipairs { "CentralSystemRootCertificate", "ManufacturerRootCertificate" } do
  local answer = http.post(base .. "/install-certificate", { certificate_type = kind, certificate = root })
  matches(answer, { status = 200, body = { state = "accepted" } }, answer.text)
end
equal(cp:sign_certificate().status, "Accepted")
-- The charger has it before the server has its answer, without which the profile is not raised.
eventually(function()
  local first = http.get("/api/admin/certificates?charge_point_id=CA1").body.items[1]
  return first and first.state == "accepted"
end)
check(crypto.verify(cp.certificate, root))
equal(http.post(base .. "/raise-security-profile", { security_profile = 3 }).body.state, "accepted")
equal(http.post(base .. "/commands", { action = "Reset", payload = { type = "Soft" } }).body.state, "accepted")
eventually(function()
  return http.get(base).body.security_profile == 3 and cp.connected
end)
cp:boot()

log "firmware that is signed here is installed"
cp.firmware_plan = { version = "2.0" }
local file = http.post("/api/admin/files?name=fw-2.0.bin", ("image "):rep(1000)).body
equal(http.post(base .. "/signed-update-firmware", { file_id = file.id }).body.state, "accepted")
eventually(function()
  local job = http.get("/api/admin/security-jobs?kind=firmware").body.items[1]
  return job and job.state == "installed"
end)
