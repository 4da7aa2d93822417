-- Roots are installed on a charger and deleted, named by each of the hash algorithms, as the charger has named them.
local case = require "certification"
local cp = case.charger { insecure = true }

for _, algorithm in ipairs { "SHA256", "SHA384", "SHA512" } do
  cp.hash_algorithm = algorithm
  local root = crypto.ca("Central root " .. algorithm)
  local listed = case.install_root(cp, "CentralSystemRootCertificate", root.certificate)
  equal(#listed, 1)
  equal(listed[1].hashAlgorithm, algorithm)
  local known = http.get("/api/admin/installed-certificates?charger_id=" .. cp.rest:match "%d+$").body.items
  matches(known, { { hash_algorithm = algorithm } })
  case.post(cp, "delete-certificate", { id = known[1].id })
  equal(case.sent(cp, "DeleteCertificate"), { certificateHashData = listed[1] })
  equal(#cp.certificates, 0)
end
local one = "[InstallCertificate] [GetInstalledCertificateIds] [DeleteCertificate]"
case.flow(cp, one .. " " .. one .. " " .. one)
