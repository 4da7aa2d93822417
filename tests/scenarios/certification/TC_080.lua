-- A charger gets signed firmware, finds the signature good, installs it and boots with it.
local case = require "certification"
local cp = case.charger { firmware_plan = { version = "2.0" }, manufacturer_ca = server.root.certificate }

local asked = case.watch(cp, "SignedUpdateFirmware")
local image = "image of 2.0"
local file = http.post("/api/admin/files?name=" .. case.id .. ".bin", image).body
local job = case.security_job(cp, "signed-update-firmware", { file_id = file.id }, "installed",
  "Downloading Downloaded SignatureVerified Installing Installed")
matches(asked[1], { requestId = job.request_id })
local firmware = asked[1].firmware
check(firmware.location:find "^https?://" and firmware.retrieveDateTime, show(firmware))
check(crypto.verify(firmware.signingCertificate, server.root.certificate))
check(crypto.signed_by(firmware.signingCertificate, image, crypto.unbase64(firmware.signature), "SHA256"), "not its signature")
equal(cp.firmware_image, image)
local told = "SignedFirmwareStatusNotification "
case.flow(cp, "[SignedUpdateFirmware] " .. told:rep(5) .. "BootNotification StatusNotification StatusNotification")
equal(case.answer(cp, "BootNotification").status, "Accepted")
