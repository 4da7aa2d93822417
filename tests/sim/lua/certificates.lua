-- The charger's certificates: the roots that it trusts, and its own.
--   cp.hash_algorithm = "SHA256"     of GetInstalledCertificateIds
--   cp.key_options = {type=, ...}    of a new key, as crypto.key takes them
--   cp.certificate_roots             who may sign its certificate; default: the CentralSystemRootCertificates
local core = require "core"
local crypto = require "crypto"

local actions, methods, extended = {}, {}, {}

local CENTRAL, MANUFACTURER = "CentralSystemRootCertificate", "ManufacturerRootCertificate"

local function read(text)
  if not text or text:find("-----BEGIN", 1, true) then
    return text
  end
  local file = io.open(text)
  local pem = file and file:read "a"
  if file then
    file:close()
  end
  return pem
end

-- The certificates of a kind in one text, or nil.
function methods.roots(cp, kind)
  local found = {}
  for _, entry in ipairs(cp.certificates) do
    if entry.kind == kind then
      found[#found + 1] = entry.pem
    end
  end
  return #found > 0 and table.concat(found) or nil
end

-- What the server's certificate is checked with: what is installed, or `ca` as it was given.
function methods.trusted_roots(cp)
  return cp:roots(CENTRAL) or cp.ca
end

-- Puts certificates into the store.
function methods.install(cp, kind, text)
  for _, pem in ipairs(crypto.split(read(text) or "")) do
    cp.certificates[#cp.certificates + 1] = { kind = kind, pem = pem }
  end
end

local function expired(cp, facts)
  return core.parse_time(facts.not_after) <= cp:clock_ms()
end

-- Why a root is not taken, or nil.
local function objection(cp, kind, pem)
  local facts = crypto.facts(pem)
  if not facts or facts.signed ~= nil then
    return "not a certificate"
  elseif not facts.ca then
    return "not a CA"
  elseif expired(cp, facts) then
    return "expired"
  elseif kind == CENTRAL and cp.configuration.AdditionalRootCertificateCheck == "true" then
    local old = cp:roots(CENTRAL)
    return old and not crypto.verify(pem, old) and "not signed by the root before it" or nil
  end
end

function actions.InstallCertificate(cp, payload)
  local kind, pem = payload.certificateType, payload.certificate
  local why = objection(cp, kind, pem)
  if why then
    return { status = "Rejected" }, kind == CENTRAL and function()
      cp:security_event("InvalidCentralSystemCertificate", why)
    end or nil
  elseif #cp.certificates >= tonumber(cp.configuration.CertificateStoreMaxLength) then
    return { status = "Failed" }
  end
  cp:install(kind, pem)
  return { status = "Accepted" }
end

local function same(a, b)
  return a.issuerNameHash == b.issuerNameHash:lower()
    and a.issuerKeyHash == b.issuerKeyHash:lower()
    and a.serialNumber == b.serialNumber:lower():gsub("^0+(.)", "%1")
end

function actions.DeleteCertificate(cp, payload)
  local wanted, status = payload.certificateHashData, "NotFound"
  for i = #cp.certificates, 1, -1 do -- the hash does not say which type
    if same(crypto.hash_data(cp.certificates[i].pem, nil, wanted.hashAlgorithm), wanted) then
      table.remove(cp.certificates, i)
      status = "Accepted"
    end
  end
  return { status = status }
end

function actions.GetInstalledCertificateIds(cp, payload)
  local found = {}
  for _, entry in ipairs(cp.certificates) do
    if entry.kind == payload.certificateType then
      found[#found + 1] = crypto.hash_data(entry.pem, nil, cp.hash_algorithm)
    end
  end
  return { status = #found > 0 and "Accepted" or "NotFound", certificateHashData = #found > 0 and found or nil }
end

-- Asks for a certificate of a new key. The response.
function methods.sign_certificate(cp)
  local key = crypto.key(cp.key_options)
  local subject = cp.csr_subject or { CN = cp.id, O = cp.configuration.CpoName }
  local csr = crypto.csr(key, subject)
  cp.pending_key = { key = key, facts = crypto.facts(csr) }
  return cp:notify("SignCertificate", { csr = csr })
end

function extended.SignChargePointCertificate(cp)
  cp:sign_certificate()
end

-- Why a chain is not our certificate, or nil.
local function fault(cp, chain)
  local facts, pending = crypto.facts(chain), cp.pending_key
  if not facts or facts.signed ~= nil then
    return "not a certificate"
  elseif not pending then
    return "none was asked for"
  elseif facts.key_id ~= pending.facts.key_id then
    return "of another key"
  elseif facts.common_name ~= pending.facts.common_name then
    return "of another name"
  elseif expired(cp, facts) then
    return "expired"
  end
  local roots = cp.certificate_roots or cp:roots(CENTRAL)
  if roots then
    local ok, why = crypto.verify(chain, roots)
    return not ok and why or nil
  end
end

function actions.CertificateSigned(cp, payload)
  local chain = payload.certificateChain
  local why = fault(cp, chain)
  if why then
    cp:say("%-20s %s", "certificate refused", why)
    return { status = "Rejected" }, function()
      cp:security_event("InvalidChargePointCertificate", why)
    end
  end
  local in_use = cp.security_profile == 3 or not cp.security_profile and cp.certificate ~= nil
  cp.certificate, cp.key, cp.pending_key = chain, cp.pending_key.key, nil
  return { status = "Accepted" },
    function()
      if in_use and cp.connected then
        cp:hold_line(function()
          cp:disconnect { reason = "a new certificate" }
          cp:reconnect()
        end)
      end
    end
end

return {
  feature = "Security",
  init = function(cp)
    cp.certificates = {}
    cp.ca = cp.ca or not cp.insecure and core.args.ca or nil
    cp:install(CENTRAL, cp.ca)
    cp:install(MANUFACTURER, cp.manufacturer_ca)
    if cp:roots(CENTRAL) then
      cp.ca = nil -- the store has it now, and may lose it
    end
  end,
  actions = actions,
  extended = extended,
  methods = methods,
}
