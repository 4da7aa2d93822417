-- Roots on chargers: installed, listed, deleted, and what is remembered of them.
seed.charger "ROOT1"
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=ROOT1").body.items[1].id
local cp = charger { id = "ROOT1", silent = true }
cp:connect()
cp:boot()
local CENTRAL, MANUFACTURER = "CentralSystemRootCertificate", "ManufacturerRootCertificate"
local one, two = crypto.ca "Root one", crypto.ca "Root two"

local function known()
  return http.get("/api/admin/installed-certificates").body.items
end

local function install(certificate, kind)
  return http.post(base .. "/install-certificate", { certificate_type = kind or CENTRAL, certificate = certificate })
end

log "installed"
matches(install(one.certificate), { status = 200, body = { state = "accepted" } })
matches(install(two.certificate, MANUFACTURER), { status = 200, body = { state = "accepted" } })
matches(known(), {
  { subject = "CN=Root one", certificate_type = CENTRAL, hash_algorithm = "SHA256" },
  { subject = "CN=Root two", certificate_type = MANUFACTURER },
})

log "only roots are"
local leaf = crypto.issue(one, { subject = "a leaf" })
local below = crypto.ca("Below", { issuer = one })
for _, text in ipairs { leaf.certificate, below.certificate, "-----BEGIN CERTIFICATE-----", "nonsense" } do
  local answer = install(text)
  equal(answer.status, 422)
  equal(answer.body.errors[1].path, "certificate")
end
cp:on("InstallCertificate", { status = "Rejected" })
equal(install(crypto.ca("Root three").certificate).body.state, "rejected")
equal(#known(), 2)
cp:on "InstallCertificate"

log "what the charger says is what there is, by whatever hash it names it"
for _, algorithm in ipairs { "SHA384", "SHA512", "SHA256" } do
  cp.hash_algorithm = algorithm
  matches(http.post(base .. "/list-certificates", { certificate_type = CENTRAL }), { body = { state = "accepted" } })
  matches(known()[2], { subject = "CN=Root one", hash_algorithm = algorithm })
  equal(#known(), 2)
end
cp.certificates = {}
http.post(base .. "/list-certificates", { certificate_type = MANUFACTURER })
equal(#known(), 1)

log "deleted"
cp:install(CENTRAL, one.certificate)
equal(http.post(base .. "/delete-certificate", { id = known()[1].id }).body.state, "accepted")
equal(#known(), 0)
equal(#cp.certificates, 0)
local hash = crypto.hash_data(two.certificate, nil, "SHA256")
local by_hash = { hash_algorithm = "SHA256", issuer_name_hash = hash.issuerNameHash, issuer_key_hash = hash.issuerKeyHash, serial_number = hash.serialNumber }
equal(http.post(base .. "/delete-certificate", by_hash).body.response.status, "NotFound")
equal(http.post(base .. "/delete-certificate", { id = 9999 }).status, 404)
by_hash.serial_number = nil
equal(http.post(base .. "/delete-certificate", by_hash).body.errors[1].path, "serial_number")

log "for a charger that is away, over a kill"
cp:disconnect()
equal(install(one.certificate).status, 409)
local waiting = http.post(base .. "/install-certificate", { certificate_type = CENTRAL, certificate = one.certificate, if_offline = "queue", wait_s = 0 })
equal(waiting.status, 202)
server.kill()
server.start()
cp:reconnect()
cp:boot()
eventually(function()
  return #known() == 1 and #cp.certificates == 1
end)

log "another operator's key sees nothing of it"
server.sql "insert into operators (id, name, created_at) values ('two', 'Two', '2026-01-01T00:00:00.000Z')"
local key = http.post("/api/admin/keys", { name = "two", role = "operator", operator_id = "two" }).body.key
equal(#http { method = "GET", path = "/api/admin/installed-certificates", key = key }.body.items, 0)
