-- Signed firmware: signed here and fetched from the server, or signed by the operator; installed only if the signature holds.
local maker = crypto.ca "Firmware maker"
local signer = crypto.issue(maker, { subject = "Firmware signing", key = crypto.key { type = "rsa" } })
settings { config = { ocpp16_security = { check_every = "200ms" } } }
seed.charger "SFW1"
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=SFW1").body.items[1].id
local image = ("signed image "):rep(20000)
local file = http.post("/api/admin/files?name=fw-2.0.bin", image).body
local cp = charger { id = "SFW1", firmware = "1.0", manufacturer_ca = maker.certificate, silent = true }
cp:connect()
cp:boot()

local function update(body)
  return http.post(base .. "/signed-update-firmware", body)
end

local function becomes(answer, state)
  matches(answer, { status = 200, body = { state = "accepted" } })
  return eventually(function()
    local job = http.get("/api/admin/security-jobs?command_id=" .. answer.body.id).body.items[1]
    return job and job.state == state and http.get("/api/admin/security-jobs/" .. job.id).body
  end)
end

log "nothing to sign with, no URL for chargers"
equal(update({ file_id = file.id }).status, 409)
local key = server.write_file("signing.key", signer.key)
os.execute("chmod 600 '" .. key .. "'")
server.reload { ocpp16_security = { signing_certificate = server.write_file("signing.pem", signer.certificate), signing_key = key } }
equal(update({ file_id = file.id }).status, 409)
server.reload { files = { base_url = server.base } }

log "signed here, fetched, verified, installed"
cp.firmware_plan = { version = "2.0" }
local events = require "sse".open "/api/events?kind=firmware&charger=SFW1"
local job = becomes(update { file_id = file.id }, "installed")
equal(cp.firmware_image, image)
matches(job, { kind = "firmware", file_id = file.id, location = json.null })
local statuses = {}
for i, entry in ipairs(job.history) do
  statuses[i] = entry.status
end
equal(table.concat(statuses, " "):match "Downloading Downloaded SignatureVerified Installing", "Downloading Downloaded SignatureVerified Installing")

for _, state in ipairs { "downloading", "signature_verified", "installed" } do
  local e = events:find(function(e)
    return e.data.data.state == state
  end)
  equal(e.data.event, state == "installed" and "firmware.ended" or "firmware.status")
end
events:close()

log "the whitepaper's padding, or that which some chargers want"
local seen
cp:on("SignedUpdateFirmware", function(payload)
  seen = payload.firmware.signature
  return cp.behaviour.actions.SignedUpdateFirmware(cp, payload)
end)
for _, padding in ipairs { "pkcs1", "pss" } do
  server.reload { ocpp16_security = { signature = padding } }
  becomes(update { file_id = file.id }, "installed")
  local bytes = crypto.unbase64(seen)
  local pkcs1 = crypto.sign(signer.key, image, "SHA256", "pkcs1")
  equal(bytes == pkcs1, padding == "pkcs1")
  check(crypto.signed_by(signer.certificate, image, bytes, "SHA256"))
end

cp:on "SignedUpdateFirmware"

log "its URL lives as long as the command waits, and then its time"
cp:disconnect()
server.reload { ocpp16_security = { url_validity = "60s" } }
local patient = update { file_id = file.id, if_offline = "queue", wait_s = 0, deadline_s = 7200 }
equal(patient.status, 202)
server.sql("delete from file_links where valid_until < '" .. now(7200) .. "'")
cp:reconnect()
cp:boot()
patient.status, patient.body.state = 200, "accepted"
becomes(patient, "installed")

log "signed by others"
local stranger = crypto.issue(crypto.ca "Strangers", { subject = "Firmware signing", key = crypto.key { type = "rsa" } })
local function signed(by, bytes, certificate)
  return {
    location = server.base .. "/nothing", signing_certificate = certificate or by.certificate,
    signature = crypto.base64(crypto.sign(by.key, bytes, "SHA256")),
  }
end
cp.fetch = function()
  return image
end
matches(update(signed(stranger, image)).body, { state = "rejected", response = { status = "InvalidCertificate" } })
becomes(update(signed(signer, image .. "!")), "invalid_signature")
becomes(update(signed(signer, image)), "installed")
cp.revoked = { crypto.facts(signer.certificate).fingerprint }
matches(update(signed(signer, image)).body, { state = "rejected", response = { status = "RevokedCertificate" } })
cp.revoked = nil
cp.fetch = nil

log "what fails on the way, and is told at once"
server.reload { transfer = { allow = "127.0.0.1" } }
local receiver = http_server {}
equal(http.post("/api/admin/subscriptions", { channel = "webhook", target = receiver.url .. "/", events = { "firmware.failed" } }).status, 201)
local told = 0
for status, state in pairs {
  DownloadFailed = "download_failed", InstallVerificationFailed = "install_verification_failed", InstallationFailed = "installation_failed",
} do
  cp.firmware_plan = { fail = status }
  check(becomes(update { file_id = file.id }, state).ended_at ~= json.null)
  told = told + 1
  eventually(function()
    local got = receiver:got "/"
    return #got == told and json.decode(got[told].body).data.state == state
  end, 4)
end

log "refused before it is asked"
local function wrong(body, path)
  local answer = update(body)
  equal(answer.status, 422, answer.text)
  equal(answer.body.errors[1].path, path)
end
wrong({}, "file_id")
wrong({ file_id = 9999 }, "file_id")
wrong({ location = "http://a.example/b" }, "file_id")

local expired = crypto.issue(maker, { subject = "Old", not_before_s = -200, not_after_s = -100 })
for path, change in pairs {
  ["firmware.signingCertificate"] = { signing_certificate = "not a certificate" },
  ["firmware.signature"] = { signature = "!!! not base64" },
} do
  local body = signed(signer, image)
  for key, value in pairs(change) do
    body[key] = value
  end
  wrong(body, path)
end
wrong(signed(signer, image, expired.certificate), "firmware.signingCertificate")
local early = crypto.issue(maker, { subject = "Early", not_before_s = 3600, not_after_s = 7200 })
wrong(signed(signer, image, early.certificate), "firmware.signingCertificate")
local brief = crypto.issue(maker, { subject = "Brief", not_before_s = -60, not_after_s = 3600 })
local late = signed(signer, image, brief.certificate)
late.retrieve_at = now(7200)
wrong(late, "firmware.signingCertificate")

local by_hand = { requestId = 5, firmware = { location = "http://a.example/b", retrieveDateTime = now(0), signingCertificate = "none", signature = "AAAA" } }
local refused = http.post(base .. "/commands", { action = "SignedUpdateFirmware", payload = by_hand })
equal(refused.status, 422, refused.text)
equal(refused.body.errors[1].path, "firmware.signingCertificate")

log "sent by hand: a job all the same"
cp:on("SignedUpdateFirmware", { status = "Accepted" })
local raw = http.post(base .. "/commands", { action = "SignedUpdateFirmware", payload = { requestId = 5, firmware = {
  location = "http://a.example/b", retrieveDateTime = now(0), signingCertificate = signer.certificate, signature = "AAAA",
} } })
matches(becomes(raw, "accepted"), { request_id = 5, location = "http://a.example/b" })

log "no news: it times out; its time runs from when it may be fetched and installed"
server.reload { files = { base_url = server.base }, ocpp16_security = { firmware_timeout = "1s" } }
local silent = becomes(update(signed(signer, image)), "timed_out")
check(silent.ended_at >= silent.deadline_at)
cp:demand("SignedFirmwareStatusNotification", { status = "Installed", requestId = silent.request_id })
matches(http.get("/api/admin/security-jobs/" .. silent.id).body, { state = "installed", history = { { status = "Installed" } } })
local patient_one = signed(signer, image)
patient_one.retrieve_at, patient_one.install_at = now(600), now(1200)
check(becomes(update(patient_one), "accepted").deadline_at > now(1190))
