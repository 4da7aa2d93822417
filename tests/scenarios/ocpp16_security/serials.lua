-- Where certificates bear serial numbers, which chargers tell themselves, nobody gains by telling another's.
settings { tls = true, config = { chargers = { certificate_name = "serial" } } }
local ca = crypto.ca "Charger CA"
local key = server.write_file("ca.key", ca.key)
os.execute("chmod 600 '" .. key .. "'")
server.reload { ocpp16_security = { ca_certificate = server.write_file("ca.pem", ca.certificate), ca_key = key } }

local function make(id, profile)
  seed.charger { charge_point_id = id, password = "a-long-password", security_profile = profile }
  return charger {
    id = id, password = "a-long-password", url = server.tls_base, tls_url = server.tls_base, security_profile = profile, silent = true,
    certificate_roots = ca.certificate, csr_subject = { CN = "SN-1" },
  }
end

local function boots_as(cp, serial)
  return cp:demand("BootNotification", { chargePointVendor = "V", chargePointModel = "M", chargePointSerialNumber = serial }).status
end

log "its own serial number is its name"
local cp = make("SERIAL1", 2)
cp:connect()
equal(boots_as(cp, "SN-1"), "Accepted")
equal(cp:sign_certificate().status, "Accepted")
eventually(function()
  return cp.certificate
end)

log "another's is not"
local thief = make("SERIAL2", 2)
thief:connect()
equal(boots_as(thief, "SN-1"), "Accepted")
equal(thief:sign_certificate().status, "Rejected")

log "nor is one that two have"
cp.security_profile = 3
http.put("/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=SERIAL1").body.items[1].id, { security_profile = 3 })
cp:disconnect()
matches({ cp:try_connect() }, { nil, { status = 403 } })
equal(boots_as(thief, "SN-2"), "Accepted")
cp:reconnect()
equal(boots_as(cp, "SN-1"), "Accepted")
