-- A charger rejects a root of central systems, and tells so as a security event.
local case = require "certification"
local cp = case.charger()

cp.configuration.AdditionalRootCertificateCheck = "true"
local root = crypto.ca("Another root").certificate
case.post(cp, "install-certificate", { certificate_type = "CentralSystemRootCertificate", certificate = root }, "Rejected")
case.sent(cp, "InstallCertificate", { certificateType = "CentralSystemRootCertificate", certificate = root })
case.flow(cp, "[InstallCertificate] SecurityEventNotification")
matches(case.security_events(cp, "InvalidCentralSystemCertificate"), { { source = "charger" } })
