-- Firmware, diagnostics and logs as a charger deals with them, without a server: what it tells, in which order, and what it
-- keeps.
local told, boots
local function cp_with(more)
  more.id, more.silent = "CP1", true
  local cp = charger(more)
  told, boots = {}, 0
  -- In place of a line: what would be told of itself is kept.
  function cp:notify(_, payload)
    table.insert(told, payload.status or payload.type)
  end
  function cp:restart()
    boots = boots + 1
  end
  return cp
end
local function heard()
  local text = table.concat(told, " ")
  told = {}
  return text
end

-- A download that works the third time.
local fetched = 0
local function third_time()
  fetched = fetched + 1
  return fetched >= 3 and "image" or nil, "not yet"
end
local function update(cp, more)
  local payload = { location = "ftp://host/fw", retrieveDate = now(0), retries = 2, retryInterval = 0 }
  for key, value in pairs(more or {}) do
    payload[key] = value
  end
  return cp:ask("UpdateFirmware", payload)
end
local cp = cp_with { fetch = third_time, firmware = "1.0" }
equal(update(cp), {})
equal(heard(), "Downloading Downloaded Installing Installed")
equal(fetched, 3)
equal(boots, 1)
equal(cp.firmware_image, "image")
equal(cp.firmware, "fw-" .. crypto.sha256("image"):sub(1, 8))
fetched = 0
update(cp, { retries = 1 })
equal(heard(), "Downloading DownloadFailed")
equal(fetched, 2)

-- As the plan says.
for _, case in ipairs {
  { { fail = "DownloadFailed" }, "Downloading DownloadFailed", 0 },
  { { fail = "InstallationFailed" }, "Downloading Downloaded Installing InstallationFailed", 0 },
  { { failing = 2 }, "Downloading Downloaded Installing Installed", 1 },
  { { failing = 3 }, "Downloading DownloadFailed", 0 },
  { { reboot = false }, "Downloading Downloaded Installing Installed", 0 },
  { { after_boot = true, version = "2.0" }, "Downloading Downloaded Installing Installed", 1 },
} do
  cp = cp_with { firmware_plan = case[1], fetch = function()
    return "image"
  end }
  update(cp)
  equal(heard(), case[2], show(case[1]))
  equal(boots, case[3], show(case[1]))
end
equal(cp.firmware, "2.0")

-- Without a way to fetch there is no download: only HTTP is spoken.
cp = cp_with {}
update(cp, { retries = 0 })
equal(heard(), "Downloading DownloadFailed")

-- It waits for its time and for the session's end; a later request takes its place.
cp = cp_with { fetch = function(url)
  return url
end }
spawn(update, cp, { retrieveDate = now(60), location = "ftp://host/first" })
equal(heard(), "")
cp.connector[1].session = {}
spawn(update, cp, { location = "ftp://host/second" })
equal(heard(), "Downloading Downloaded")
equal(cp:ask("TriggerMessage", { requestedMessage = "Nonsense" }).status, "NotImplemented")
cp.connector[1].session = nil
cp.changed:notify()
eventually(function()
  return #told == 2
end)
equal(heard(), "Installing Installed")
equal(cp.firmware_image, "ftp://host/second")

-- Signed firmware: the signer's root, the signature, and what is wrong with them.
local root = crypto.ca "Makers"
local signer = crypto.issue(root, { subject = "Signer" })
local stranger = crypto.issue(crypto.ca "Strangers", { subject = "Signer" })
local function signed(more, options)
  options = options or {}
  options.manufacturer_ca = root.certificate
  options.fetch = function()
    return "image"
  end
  cp = cp_with(options)
  local firmware = {
    location = "ftp://host/fw",
    retrieveDateTime = now(0),
    signingCertificate = signer.certificate,
    signature = crypto.base64(crypto.sign(signer.key, "image", "SHA256")),
  }
  for key, value in pairs(more or {}) do
    firmware[key] = value
  end
  return cp:ask("SignedUpdateFirmware", { requestId = 7, firmware = firmware }).status
end
equal(signed(), "Accepted")
equal(heard(), "Downloading Downloaded SignatureVerified Installing Installed")
equal(signed({ retrieveDateTime = now(0.2), installDateTime = now(0.4) }), "Accepted")
equal(heard(), "DownloadScheduled Downloading Downloaded SignatureVerified InstallScheduled Installing Installed")
equal(signed({}, { firmware_plan = { after_boot = true } }), "Accepted")
equal(heard(), "Downloading Downloaded SignatureVerified Installing InstallRebooting Installed")
equal(signed({}, { firmware_plan = { fail = "InstallVerificationFailed" } }), "Accepted")
equal(heard(), "Downloading Downloaded SignatureVerified Installing InstallVerificationFailed")
equal(signed { signature = crypto.base64(crypto.sign(signer.key, "imagf", "SHA256")) }, "Accepted")
equal(heard(), "Downloading Downloaded InvalidSignature InvalidFirmwareSignature")
equal(boots, 0)
equal(signed { signature = "***" }, "Accepted")
equal(heard(), "Downloading Downloaded InvalidSignature InvalidFirmwareSignature")
equal(signed { signingCertificate = stranger.certificate }, "InvalidCertificate")
equal(heard(), "InvalidFirmwareSigningCertificate")
equal(signed { signingCertificate = "nonsense" }, "InvalidCertificate")
equal(signed({}, { revoked = { crypto.facts(signer.certificate).fingerprint } }), "RevokedCertificate")

-- Diagnostics and logs.
local sent = {}
local function log_with(options)
  sent = {}
  options.send = options.send or function(url, name, bytes)
    table.insert(sent, { url, name, bytes })
    return true
  end
  return cp_with(options)
end
cp = log_with {}
cp:say "something happened"
equal(cp:ask("GetDiagnostics", { location = "ftp://host/" }), { fileName = "diagnostics-CP1.log" })
equal(heard(), "Uploading Uploaded")
equal({ sent[1][1], sent[1][2] }, { "ftp://host/", "diagnostics-CP1.log" })
check(sent[1][3]:find("something happened", 1, true))
cp:ask("GetDiagnostics", { location = "ftp://host/", startTime = now(3600) })
equal(sent[2][3], "\n", "nothing of that time")
for _, case in ipairs {
  { { none = true }, "" },
  { { fail = true }, "Uploading UploadFailed" },
  { { failing = 1 }, "Uploading Uploaded" },
  { { failing = 2 }, "Uploading UploadFailed" },
} do
  cp = log_with { upload_plan = case[1] }
  local answer = cp:ask("GetDiagnostics", { location = "ftp://host/", retries = 1, retryInterval = 0 })
  equal(answer.fileName ~= nil, case[1].none == nil)
  equal(heard(), case[2], show(case[1]))
end

local function get_log(id, kind, more)
  local wanted = { remoteLocation = "ftp://host/" }
  for key, value in pairs(more or {}) do
    wanted[key] = value
  end
  return cp:ask("GetLog", { requestId = id, logType = kind, log = wanted })
end
cp = log_with {}
cp:security_event("TamperDetectionActivated", "the lid")
equal(heard(), "TamperDetectionActivated")
equal(get_log(3, "SecurityLog"), { status = "Accepted", filename = "security-3.log" })
equal(heard(), "Uploading Uploaded")
check(sent[1][3]:find "TamperDetectionActivated the lid\n$")
get_log(4, "SecurityLog", { latestTimestamp = now(-3600) })
equal(sent[2][3], "\n")
cp.upload_plan = { fail = "PermissionDenied" }
get_log(5, "DiagnosticsLog")
equal(heard(), "Uploading Uploaded Uploading PermissionDenied")
cp.upload_plan = { none = true }
equal(get_log(6, "DiagnosticsLog").status, "Rejected")
-- A second request cancels the first.
cp = log_with { send = function()
  wait(0.2)
  return true
end }
spawn(get_log, 7, "SecurityLog")
equal(get_log(8, "SecurityLog").status, "AcceptedCanceled")
equal(heard(), "Uploading Uploading Uploaded")
