-- A charger's certificate store and its own certificate, without a server.
local root, other = crypto.ca "Root", crypto.ca "Other"
local cp = charger { id = "CP1", silent = true, ca = root.certificate }
local events = {}
function cp:security_event(kind)
  events[#events + 1] = kind
end
local function event()
  return table.remove(events, 1)
end
local function install(kind, pem)
  return cp:ask("InstallCertificate", { certificateType = kind .. "RootCertificate", certificate = pem }).status
end
local function ids(kind)
  return cp:ask("GetInstalledCertificateIds", { certificateType = kind .. "RootCertificate" })
end

equal(ids "CentralSystem", { status = "Accepted", certificateHashData = { crypto.hash_data(root.certificate) } })
equal(ids "Manufacturer", { status = "NotFound" })
equal(install("Manufacturer", other.certificate), "Accepted")
for _, algorithm in ipairs { "SHA256", "SHA384", "SHA512" } do
  cp.hash_algorithm = algorithm
  local found = ids("Manufacturer").certificateHashData[1]
  equal(found.hashAlgorithm, algorithm)
  equal(cp:ask("DeleteCertificate", { certificateHashData = found }).status, "Accepted")
  equal(cp:ask("DeleteCertificate", { certificateHashData = found }).status, "NotFound")
  equal(install("Manufacturer", other.certificate), "Accepted")
end
equal(install("CentralSystem", "nonsense"), "Rejected")
equal(event(), "InvalidCentralSystemCertificate")
equal(install("CentralSystem", crypto.issue(root, { subject = "leaf" }).certificate), "Rejected")
equal(event(), "InvalidCentralSystemCertificate")
equal(install("CentralSystem", crypto.ca("Old", { not_before_s = -10, not_after_s = -5 }).certificate), "Rejected")
event()
cp.configuration.AdditionalRootCertificateCheck = "true"
equal(install("CentralSystem", other.certificate), "Rejected")
equal(install("CentralSystem", crypto.ca("Next", { issuer = root }).certificate), "Accepted")
event()
cp.configuration.CertificateStoreMaxLength = "3"
equal(install("Manufacturer", root.certificate), "Failed")

-- Its own: the request, and what comes of it.
local csr
function cp:notify(action, payload)
  equal(action, "SignCertificate")
  csr = payload.csr
  return { status = "Accepted" }
end
local function signed(chain)
  return cp:ask("CertificateSigned", { certificateChain = chain }).status
end
equal(signed(root.certificate), "Rejected", "none was asked for")
event()
for _, options in ipairs { { type = "ec" }, { type = "rsa" } } do
  cp.key_options = options
  cp:sign_certificate()
  matches(crypto.facts(csr), { subject = "CN=CP1,O=Busbar", key_type = options.type, signed = true })
  equal(signed(crypto.issue(root, { subject = "CP1" }).certificate), "Rejected", "of another key")
  equal(signed(crypto.issue(root, { csr = csr, subject = "CP2" }).certificate), "Rejected", "of another name")
  equal(signed(crypto.issue(other, { csr = csr }).certificate), "Rejected", "of another CA")
  equal(signed(crypto.issue(root, { csr = csr, not_after_s = -5 }).certificate), "Rejected", "expired")
  equal(#events, 4)
  events = {}
  local own = crypto.issue(root, { csr = csr }).certificate
  equal(signed(own), "Accepted")
  equal(cp.certificate, own)
  equal(crypto.facts(cp.certificate).key_id, crypto.facts(crypto.csr(cp.key, "x")).key_id)
end

-- A firmware signer must be known and not be revoked; the signature is checked against the file.
local maker = crypto.issue(other, { subject = "Maker" })
local told = {}
function cp:notify(_, payload)
  told[#told + 1] = payload.status
  return {}
end
cp.fetch = function()
  return "the firmware"
end
cp.restart = function() end
local function update(certificate, signature)
  return cp:ask("SignedUpdateFirmware", {
    requestId = 1,
    firmware = {
      location = "ftp://host/file",
      retrieveDateTime = now(),
      signingCertificate = certificate,
      signature = crypto.base64(signature),
    },
  }).status
end
local signature = crypto.sign(maker.key, "the firmware")
equal(update(crypto.issue(root, { subject = "Maker" }).certificate, signature), "InvalidCertificate")
equal(event(), "InvalidFirmwareSigningCertificate")
equal(update(maker.certificate, signature), "Accepted")
equal(told, { "Downloading", "Downloaded", "SignatureVerified", "Installing", "Installed" })
told = {}
equal(update(maker.certificate, crypto.sign(maker.key, "another")), "Accepted")
equal(told, { "Downloading", "Downloaded", "InvalidSignature" })
equal(event(), "InvalidFirmwareSignature")
told = {}
cp.firmware_plan = { fail = "DownloadFailed" }
update(maker.certificate, signature)
equal(told, { "Downloading", "DownloadFailed" })
told = {}
cp.firmware_plan = { fail = "InstallationFailed" }
update(maker.certificate, signature)
equal(told[#told], "InstallationFailed")
cp.revoked = { crypto.facts(maker.certificate).fingerprint }
equal(update(maker.certificate, signature), "RevokedCertificate")
