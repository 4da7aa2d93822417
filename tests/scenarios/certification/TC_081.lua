-- A charger finds that the signature is not of the firmware that it has fetched, and tells so as a security event.
local case = require "certification"
local cp = case.charger { manufacturer_ca = server.root.certificate }

function cp.fetch()
  return "tampered with"
end
local file = http.post("/api/admin/files?name=" .. case.id .. ".bin", "image of 2.0").body
local job = case.security_job(cp, "signed-update-firmware", { file_id = file.id }, "invalid_signature",
  "Downloading Downloaded InvalidSignature")
case.sent(cp, "SignedUpdateFirmware", { requestId = job.request_id })
equal(cp.firmware_image, nil)
local told = "SignedFirmwareStatusNotification "
case.flow(cp, "[SignedUpdateFirmware] " .. told:rep(3) .. "SecurityEventNotification")
matches(case.security_events(cp, "InvalidFirmwareSignature"), { { source = "charger" } })
