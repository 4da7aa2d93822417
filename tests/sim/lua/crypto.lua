-- Keys, certificates and hashes: what a story needs to have a PKI of its own. Keys and certificates are
-- PEM text everywhere.
local core = require "core"

local c = core.crypto
local crypto = { public_key = c.public_key, facts = c.facts, verify = c.verify, unhex = c.unhex }
crypto.base64, crypto.unbase64 = core.base64, c.unbase64
crypto.sign, crypto.signed_by, crypto.random = c.sign, c.signed_by, core.random

function crypto.hex(bytes)
  return (bytes:gsub(".", function(byte)
    return string.format("%02x", byte:byte())
  end))
end

-- digest(bytes, "SHA256" | "SHA384" | "SHA512" | "MD5" ...): as hex.
function crypto.digest(bytes, name)
  return crypto.hex(c.digest(bytes, name))
end

function crypto.sha256(bytes)
  return crypto.digest(bytes, "SHA256")
end

-- HMAC of SHA256, or of another digest whose blocks have 64 bytes, as hex.
function crypto.hmac(key, bytes, name)
  name = name or "SHA256"
  key = #key > 64 and c.digest(key, name) or key
  key = key .. string.rep("\0", 64 - #key)
  local function mixed(with)
    return (key:gsub(".", function(byte)
      return string.char(byte:byte() ~ with)
    end))
  end
  return crypto.digest(mixed(0x5c) .. c.digest(mixed(0x36) .. bytes, name), name)
end

-- key{type="rsa", bits=2048} or key{type="ec", curve="P-256"}, the default.
function crypto.key(options)
  options = options or {}
  return c.key(options.type or "ec", options.type == "rsa" and options.bits or options.curve)
end

-- csr(key, subject): `subject` is a common name, or {CN=, O=, OU=, C=}.
function crypto.csr(key, subject)
  return c.request { key = key, subject = subject }
end

-- The certificates in a text, in order.
function crypto.split(text)
  local list = {}
  for pem in text:gmatch "%-%-%-%-%-BEGIN CERTIFICATE%-%-%-%-%-.-%-%-%-%-%-END CERTIFICATE%-%-%-%-%-\n?" do
    list[#list + 1] = pem
  end
  return list
end

-- ca(subject, {key=, issuer= (a CA above it), days=, ...}): a CA with `certificate`, `key`, and `chain`, it and those
-- above it but for the root.
function crypto.ca(subject, options)
  options = options or {}
  local issuer = options.issuer
  local key = options.key or crypto.key()
  local certificate = c.certificate {
    issuer = issuer and issuer.certificate,
    issuer_key = issuer and issuer.key or key,
    public_key = key,
    subject = subject,
    ca = true,
    not_before_s = options.not_before_s,
    not_after_s = options.not_after_s,
    serial = options.serial,
  }
  return { certificate = certificate, key = key, chain = issuer and certificate .. issuer.chain or "" }
end

-- issue(ca, {subject=, csr= or key= (default: a new one), names="DNS:a.example,IP:127.0.0.1", usage="clientAuth",
-- not_before_s=, not_after_s=, serial=}): {certificate=, key=, chain= (the certificate and the CAs below the root)}.
function crypto.issue(ca, options)
  local key = options.key or not options.csr and crypto.key() or nil
  local certificate = c.certificate {
    issuer = ca.certificate,
    issuer_key = ca.key,
    public_key = options.csr or key,
    subject = options.subject,
    names = options.names,
    usage = options.usage,
    not_before_s = options.not_before_s,
    not_after_s = options.not_after_s,
    serial = options.serial,
  }
  return { certificate = certificate, key = key, chain = certificate .. ca.chain }
end

-- OCPP's certificateHashData; a root is its own issuer.
function crypto.hash_data(certificate, issuer, algorithm)
  algorithm = algorithm or "SHA256"
  local name, key = c.issuer_hashes(certificate, issuer or certificate, algorithm)
  return {
    hashAlgorithm = algorithm,
    issuerNameHash = crypto.hex(name),
    issuerKeyHash = crypto.hex(key),
    serialNumber = c.facts(certificate).serial:lower(),
  }
end

return crypto
