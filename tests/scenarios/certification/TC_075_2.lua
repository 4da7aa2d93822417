-- A root of central systems is installed on a charger.
local case = require "certification"
local cp = case.charger { insecure = true }

local root = crypto.ca "Central root"
local listed = case.install_root(cp, "CentralSystemRootCertificate", root.certificate)
equal(listed, { crypto.hash_data(root.certificate, nil, "SHA256") })
case.flow(cp, "[InstallCertificate] [GetInstalledCertificateIds]")
