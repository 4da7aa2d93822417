-- Certificates, passwords and security profiles as a charger deals with them, without a server.
local events
local function cp_with(more)
  more.id, more.silent = "CP1", true
  local cp = charger(more)
  events = {}
  function cp:notify(action, payload)
    table.insert(events, payload.type or action)
    return { status = "Accepted" }
  end
  return cp
end
local function status(cp, action, payload)
  return cp:ask(action, payload).status
end

-- Roots: installed, listed, deleted.
local CENTRAL, MANUFACTURER = "CentralSystemRootCertificate", "ManufacturerRootCertificate"
local first, second = crypto.ca "First", crypto.ca "Second"
local cp = cp_with {}
local function install(kind, pem)
  return status(cp, "InstallCertificate", { certificateType = kind, certificate = pem })
end
local function listed(kind)
  return cp:ask("GetInstalledCertificateIds", { certificateType = kind })
end
equal(listed(CENTRAL), { status = "NotFound" })
equal(install(CENTRAL, first.certificate), "Accepted")
equal(listed(CENTRAL), { status = "Accepted", certificateHashData = { crypto.hash_data(first.certificate) } })
equal(listed(MANUFACTURER), { status = "NotFound" })
equal(install(CENTRAL, "nonsense"), "Rejected")
equal(install(CENTRAL, crypto.issue(first, { subject = "CP1" }).certificate), "Rejected", "not a CA")
equal(install(CENTRAL, crypto.ca("Old", { not_before_s = -60, not_after_s = -1 }).certificate), "Rejected", "expired")
equal(install(MANUFACTURER, "nonsense"), "Rejected")
equal(events, { "InvalidCentralSystemCertificate", "InvalidCentralSystemCertificate", "InvalidCentralSystemCertificate" })
cp.configuration.AdditionalRootCertificateCheck = "true"
equal(install(CENTRAL, second.certificate), "Rejected", "not signed by the one before it")
cp.configuration.AdditionalRootCertificateCheck = "false"
cp.configuration.CertificateStoreMaxLength = "1"
equal(install(CENTRAL, second.certificate), "Failed", "no room")
local hash = crypto.hash_data(first.certificate)
equal(status(cp, "DeleteCertificate", { certificateHashData = crypto.hash_data(second.certificate) }), "NotFound")
hash.issuerNameHash, hash.serialNumber = hash.issuerNameHash:upper(), "00" .. hash.serialNumber:upper()
equal(status(cp, "DeleteCertificate", { certificateHashData = hash }), "Accepted", "capitals and leading zeros are nothing")
equal(listed(CENTRAL).status, "NotFound")

-- Its own certificate: of the key and name it asked for, good now, signed by who may.
cp = cp_with { ca = first.certificate }
local csr
function cp:notify(action, payload)
  csr = payload.csr
  table.insert(events, payload.type or action)
  return { status = "Accepted" }
end
local function signed(chain)
  return status(cp, "CertificateSigned", { certificateChain = chain })
end
equal(signed(crypto.issue(first, { subject = "CP1" }).certificate), "Rejected", "none was asked for")
equal(cp:sign_certificate().status, "Accepted")
matches(crypto.facts(csr), { common_name = "CP1", subject = "CN=CP1,O=Busbar", signed = true })
local asked = csr
for what, chain in pairs {
  ["no certificate"] = "nonsense",
  ["another key"] = crypto.issue(first, { subject = "CP1" }).certificate,
  ["another signer"] = crypto.issue(second, { csr = asked }).certificate,
  ["expired"] = crypto.issue(first, { csr = asked, not_before_s = -60, not_after_s = -1 }).certificate,
} do
  events = {}
  equal(signed(chain), "Rejected", what)
  equal(events, { "InvalidChargePointCertificate" }, what)
end
local good = crypto.issue(first, { csr = asked })
equal(signed(good.certificate), "Accepted")
equal(cp.certificate, good.certificate)
equal(crypto.facts(cp.certificate).key_id, crypto.facts(asked).key_id)
equal(signed(good.certificate), "Rejected", "once is enough")

-- Passwords: hex of 16 to 20 bytes.
local reconnected = 0
cp = cp_with { password = "old" }
function cp:disconnect() end
function cp:reconnect_after_change()
  reconnected = reconnected + 1
end
local function change(key, value)
  return status(cp, "ChangeConfiguration", { key = key, value = value })
end
for _, value in ipairs { "", "no hex at all, but thirty-two of them!", ("ab"):rep(15), ("ab"):rep(21), ("ab"):rep(16) .. "c" } do
  equal(change("AuthorizationKey", value), "Rejected", value)
end
equal(cp.password, "old")
equal(change("AuthorizationKey", ("4142"):rep(8)), "Accepted")
equal(cp.password, ("AB"):rep(8))
equal(reconnected, 1)
cp.password_as = "hex"
equal(change("AuthorizationKey", ("4142"):rep(10)), "Accepted")
equal(cp.password, ("4142"):rep(10))

-- Security profiles: upwards only, and with what they need.
cp = cp_with { ca = first.certificate, security_profile = 1, password = "p" }
cp.disconnect = function() end
cp.reconnect_after_change = function()
  reconnected = reconnected + 1
end
equal(cp.configuration.SecurityProfile, "1")
for _, case in ipairs { { "0", "Rejected" }, { "4", "Rejected" }, { "3", "Rejected" }, { "2", "Accepted" } } do
  equal(change("SecurityProfile", case[1]), case[2], case[1])
end
equal({ cp.security_profile, cp.next_profile }, { 1, 2 }, "with the next reset")
cp.certificate, cp.key = good.certificate, crypto.key {}
cp.apply_profile, reconnected = "at once", 0
equal(change("SecurityProfile", "3"), "Accepted")
equal(reconnected, 1)

-- Where nobody lets it in with the new profile it goes back to the old one.
cp = cp_with { ca = first.certificate, security_profile = 1, password = "p", profile_patience = 0.1, backoff = { first = 0.01, most = 0.01, spread = 0 } }
local tried = {}
function cp:try_connect()
  table.insert(tried, self.security_profile)
  self.connected = self.security_profile == 1
  return self.connected or nil
end
change("SecurityProfile", "2")
cp:reconnect_after_change()
check(#tried > 2)
equal({ tried[1], tried[#tried], cp.security_profile, cp.configuration.SecurityProfile }, { 2, 1, 1, "1" })
