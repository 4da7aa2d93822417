-- A charger rejects its new certificate, and tells so as a security event.
local case = require "certification"
local cp = case.charger { certificate_roots = crypto.ca("Another root").certificate }

case.post(cp, "extended-trigger", { requested_message = "SignChargePointCertificate" })
equal(case.sent(cp, "ExtendedTriggerMessage"), { requestedMessage = "SignChargePointCertificate" })
case.sent(cp, "CertificateSigned")
case.flow(cp, "[ExtendedTriggerMessage] SignCertificate [CertificateSigned] SecurityEventNotification")
matches(http.get("/api/admin/certificates?charge_point_id=" .. cp.id).body.items, { { state = "rejected" } })
matches(case.security_events(cp, "InvalidChargePointCertificate"), { { source = "charger" } })
