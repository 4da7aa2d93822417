-- SignedUpdateFirmware: UpdateFirmware with the signer and the signature checked. cp.firmware_plan counts here too;
-- cp.revoked is a list of fingerprints of signing certificates that are not trusted any more.
local crypto = require "crypto"
local transfer = require "transfer"

local actions, extended = {}, {}

local function is_revoked(cp, facts)
  for _, fingerprint in ipairs(cp.revoked or {}) do
    if fingerprint == facts.fingerprint then
      return true
    end
  end
  return false
end

-- The status to refuse a signing certificate with, and why; nil if it is good.
local function refusal(cp, certificate)
  local facts = crypto.facts(certificate)
  if not facts or facts.signed ~= nil then
    return "InvalidCertificate", "not a certificate"
  elseif is_revoked(cp, facts) then
    return "RevokedCertificate", "revoked"
  end
  local roots = cp:roots "ManufacturerRootCertificate"
  local ok, why = nil, "no ManufacturerRootCertificate"
  if roots then
    ok, why = crypto.verify(certificate, roots)
  end
  if not ok then
    return "InvalidCertificate", why
  end
end

local function check_signature(cp, job, firmware, bytes)
  local signature = crypto.unbase64((firmware.signature:gsub("%s", "")))
  if signature and crypto.signed_by(firmware.signingCertificate, bytes, signature) then
    job.tell "SignatureVerified"
    return true
  end
  job.tell "InvalidSignature"
  cp:security_event("InvalidFirmwareSignature", firmware.location)
  return false
end

local function job_of(cp, payload)
  local firmware = payload.firmware
  local job = {
    id = payload.requestId,
    location = firmware.location,
    retries = payload.retries,
    interval = payload.retryInterval,
    retrieve = firmware.retrieveDateTime,
    install = firmware.installDateTime,
    tells_schedule = true,
    before_reboot = "InstallRebooting",
  }
  function job.tell(status)
    job.status = status
    cp:notify("SignedFirmwareStatusNotification", { status = status, requestId = job.id })
  end
  function job.checks(bytes)
    return check_signature(cp, job, firmware, bytes)
  end
  return job
end

function actions.SignedUpdateFirmware(cp, payload)
  local status, why = refusal(cp, payload.firmware.signingCertificate)
  if status then
    return { status = status }, function()
      cp:security_event("InvalidFirmwareSigningCertificate", why)
    end
  end
  local replaced, run = transfer.begin(cp, "firmware", job_of(cp, payload), cp.update_firmware)
  return { status = replaced and "AcceptedCanceled" or "Accepted" }, run
end

function extended.FirmwareStatusNotification(cp)
  local status, job = transfer.status(cp, "firmware")
  cp:demand("SignedFirmwareStatusNotification", { status = status, requestId = status ~= "Idle" and job.id or nil })
end

return { feature = "Security", actions = actions, extended = extended }
