-- A charger is asked to ask for a new certificate, gets it, and comes back with it.
local case = require "certification"
local issued = crypto.issue(server.root, { subject = case.id, usage = "clientAuth" })
local cp = case.charger {
  security_profile = 3, url = server.tls_base, tls_url = server.tls_base, certificate = issued.chain, key = issued.key,
  serial = case.id, registered = { security_profile = 3 },
}

local asked, sent = case.watch(cp, "ExtendedTriggerMessage"), case.watch(cp, "CertificateSigned")
case.post(cp, "renew-certificate", {})
eventually(function()
  return cp.certificate ~= issued.chain and cp.connected
end)
equal(asked, { { requestedMessage = "SignChargePointCertificate" } })
equal(case.answer(cp, "SignCertificate").status, "Accepted")
equal(#sent, 1)
local facts = crypto.facts(sent[1].certificateChain)
matches(facts, { common_name = cp.serial, key_id = crypto.facts(cp.certificate).key_id, ca = false })
check(facts.key_bits >= (facts.key_type == "rsa" and 2048 or 224), "a weak key")
check(crypto.verify(sent[1].certificateChain, server.root.certificate))

eventually(function()
  local link = http.try { path = "/connections/" .. cp.id }
  return link and link.body.client_cn == cp.id
end)
cp:heartbeat()
matches(http.get("/api/admin/certificates?charge_point_id=" .. cp.id).body.items,
  { { state = "accepted", fingerprint = facts.fingerprint } })
case.flow(cp, "[ExtendedTriggerMessage] SignCertificate [CertificateSigned] Heartbeat")
