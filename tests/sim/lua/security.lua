-- Security profiles, the password, and security events.
--   cp.security_profile = 0 to 3   1: password, 2: password over TLS, 3: TLS with a certificate of its own. nil: whatever
--                                  the story has given, `url`, `password`, `certificate`
--   cp.tls_url                     the server for profiles 2 and 3
--   cp.password_as = "hex"         the password is the key's hex text, not the bytes
--   cp.apply_profile = "at once"   a new profile is used without waiting for a reset
local core = require "core"
local crypto = require "crypto"

local changing, methods = {}, {}

-- Reconnects with what has changed.
local function renew(cp)
  cp:hold_line(function()
    cp:disconnect { reason = "reconnecting" }
    cp:reconnect_after_change()
  end)
end

function changing.AuthorizationKey(cp, value)
  local bytes = #value >= 32 and #value <= 40 and crypto.unhex(value)
  if not bytes then
    return false
  end
  cp.password = cp.password_as == "hex" and value or bytes
  return function()
    renew(cp)
  end
end

local function has_means(cp, profile)
  if profile >= 2 and not (cp.insecure or cp:trusted_roots()) then
    return false
  elseif profile == 3 then
    return cp.certificate ~= nil and cp.key ~= nil
  end
  return cp.password ~= nil
end

function changing.SecurityProfile(cp, value)
  local profile = tonumber(value)
  if profile > 3 or profile < tonumber(cp.configuration.SecurityProfile) or not has_means(cp, profile) then
    return false
  end
  cp.next_profile = profile
  if cp.apply_profile == "at once" then
    return function()
      renew(cp)
    end
  end
end

-- Takes the profile that was set; where the server does not let it in, the old one again.
function methods.reconnect_after_change(cp)
  local old, patience = cp.security_profile, cp.profile_patience or 10
  if not cp.next_profile then
    return cp:reconnect()
  end
  cp.security_profile, cp.next_profile = cp.next_profile, nil
  local deadline = core.mono_us() + patience * 1e6
  while not cp:try_connect() do
    if core.mono_us() > deadline then
      cp.security_profile = old
      cp.configuration.SecurityProfile = tostring(old or 0)
      return cp:reconnect()
    end
    cp:pause()
  end
end

-- Keeps it for the security log, and tells the server when there is a line.
function methods.security_event(cp, kind, detail)
  local event = { type = kind, timestamp = cp:now(), techInfo = detail and detail:sub(1, 255) or nil }
  cp.security_log[#cp.security_log + 1] = event
  cp:notify("SecurityEventNotification", event)
end

return {
  feature = "Security",
  configuration = {
    AdditionalRootCertificateCheck = "false",
    AuthorizationKey = "",
    CertificateSignedMaxChainSize = "10000",
    CertificateStoreMaxLength = "10",
    CpoName = "Busbar",
    SecurityProfile = "0",
  },
  readonly = { "CertificateSignedMaxChainSize", "CertificateStoreMaxLength" },
  writeonly = { "AuthorizationKey" },
  init = function(cp)
    cp.security_log = {}
    if cp.configuration.SecurityProfile then
      cp.configuration.SecurityProfile = tostring(cp.security_profile or 0)
    end
  end,
  changing = changing,
  methods = methods,
}
