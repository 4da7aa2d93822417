-- An identity provider: its keys, its discovery document, its tokens, good and bad, and its webhooks.
local M = { secret = "whsec_" .. crypto.base64 "the secret of this story", old_secret = "whsec_" .. crypto.base64 "the secret of before it" }

function M.base64url(bytes)
  return (crypto.base64(bytes):gsub("=", ""):gsub("+", "-"):gsub("/", "_"))
end

local function der_of(pem)
  return crypto.unbase64((pem:gsub("%-%-%-%-%-[^\n]*\n", ""):gsub("%s", "")))
end

-- The content of the item of DER at `at`, and where the next one is.
local function der_item(der, at)
  local len, from = der:byte(at + 1), at + 2
  if len >= 128 then
    local n = len - 128
    len, from = string.unpack(">I" .. n, der, from), from + n
  end
  return der:sub(from, from + len - 1), from + len
end

local function number(bytes)
  return (bytes:gsub("^\0+", ""))
end

-- A key pair {kid, type, pem, jwk}; `type` is "rsa" or "ec".
function M.key(kid, type, detail)
  local pem = crypto.key(type == "rsa" and { type = "rsa", bits = detail } or { curve = detail })
  local der = der_of(crypto.public_key(pem))
  local jwk = { kid = kid, use = "sig" }
  local outer = der_item(der, 1)
  local _, at = der_item(outer, 1)
  local bits = der_item(outer, at):sub(2)
  if type == "rsa" then
    local pair = der_item(bits, 1)
    local n, next = der_item(pair, 1)
    jwk.kty, jwk.n, jwk.e = "RSA", M.base64url(number(n)), M.base64url(number((der_item(pair, next))))
  else
    local half = (#bits - 1) // 2
    jwk.kty, jwk.crv = "EC", detail or "P-256"
    jwk.x, jwk.y = M.base64url(bits:sub(2, 1 + half)), M.base64url(bits:sub(2 + half))
  end
  return { kid = kid, type = type, pem = pem, jwk = jwk }
end

local DIGESTS = { RS256 = "SHA256", RS384 = "SHA384", PS256 = "SHA256", ES256 = "SHA256", ES384 = "SHA384" }

-- r and s side by side.
local function flat(der, half)
  local pair = der_item(der, 1)
  local r, next = der_item(pair, 1)
  local s = der_item(pair, next)
  r, s = number(r), number((s))
  return ("\0"):rep(half - #r) .. r .. ("\0"):rep(half - #s) .. s
end

function M.sign(key, alg, text)
  local bytes = crypto.sign(key.pem, text, DIGESTS[alg], alg:sub(1, 2) == "PS" and "pss" or "pkcs1")
  return key.type == "ec" and flat(bytes, alg == "ES384" and 48 or 32) or bytes
end

-- A token of these claims, which may be a text. `with`: alg, header (members that are added, or a text), signature (bytes),
-- sign(text) in place of the key's.
function M.token(key, claims, with)
  with = with or {}
  local alg = with.alg or (key.type == "ec" and "ES256" or "RS256")
  local header = { alg = alg, kid = key.kid, typ = "JWT" }
  for k, v in pairs(type(with.header) == "table" and with.header or {}) do
    header[k] = v ~= json.null and v or nil
  end
  header = type(with.header) == "string" and with.header or json.encode(header)
  local text = M.base64url(header) .. "." .. M.base64url(type(claims) == "table" and json.encode(claims) or claims)
  local signature = with.signature or (with.sign or function(t) return M.sign(key, alg, t) end)(text)
  return text .. "." .. M.base64url(signature)
end

local Issuer = {}
Issuer.__index = Issuer

function Issuer:document(request)
  if request.path == "/.well-known/openid-configuration" then
    return { body = { issuer = self.told or self.url, jwks_uri = self.jwks_uri or self.url .. "/keys" } }
  elseif request.path == "/keys" then
    local set = {}
    for i, key in ipairs(self.keys) do
      set[i] = key.jwk
    end
    return { body = { keys = array(set) }, headers = self.headers }
  end
  return { status = 404 }
end

-- Good for five minutes, for `sub`.
function Issuer:claims(sub, more)
  local now = math.floor(os.time())
  local claims = { iss = self.url, aud = "busbar", sub = sub, exp = now + 300, iat = now, nbf = now }
  for k, v in pairs(more or {}) do
    claims[k] = v ~= json.null and v or nil
  end
  return claims
end

function Issuer:token(sub, more, with)
  return M.token(self.keys[1], self:claims(sub, more), with)
end

function Issuer:fetches()
  return #self.server:got "/keys"
end

-- Its entry in oidc.issuers.
function Issuer:entry(more)
  local entry = {
    name = "acme", issuer = self.url, audience = { "busbar" },
    roles = { claim = "realm_access.roles", map = { ["csms-admin"] = "admin", ["csms-op"] = "operator", ["csms-see"] = "readonly" }, default = "user" },
    operator = { claim = "https://acme.example/org", default = "default" },
    webhook = { subject = "id", disabled = "banned", roles = { claim = "public_metadata.role", default = "user" },
      operator = { claim = "public_metadata.operator", default = "default" }, name_claims = { "first_name", "last_name" },
      email_claim = "email_addresses.0.email_address", email_trusted = true },
  }
  for k, v in pairs(more or {}) do
    entry[k] = v
  end
  return entry
end

-- A provider at work, with one RSA key. `meddle(request, issuer)` may answer in its place, or return nothing.
function M.start(more)
  local issuer = setmetatable({ keys = { M.key("first", "rsa") } }, Issuer)
  issuer.server = http_server {
    answer = function(request)
      local instead
      if issuer.meddle then
        instead = issuer.meddle(request, issuer)
      end
      if instead ~= nil then
        return instead
      end
      return issuer:document(request)
    end,
  }
  issuer.url = issuer.server.url
  issuer.options = { issuers = json.encode(array { issuer:entry(more) }), webhook_secrets = "acme:" .. M.secret }
  return issuer
end

function M.ask(token, method, path, body)
  return http { method = method or "GET", path = path or "/auth/profile", body = body, key = token }
end

function M.signature(id, time, body, secret)
  local key = crypto.unbase64(((secret or M.secret):sub(7)))
  return "v1," .. crypto.base64(crypto.unhex(crypto.hmac(key, id .. "." .. time .. "." .. body)))
end

-- Tells an event. `with`: id, time, signature, secret, body, name.
function M.tell(event, with)
  with = with or {}
  local body = with.body or json.encode(event)
  local id, time = with.id or "msg_" .. crypto.hex(crypto.random(8)), math.floor(with.time or os.time())
  local headers = { ["svix-id"] = id, ["svix-timestamp"] = tostring(time),
    ["svix-signature"] = with.signature or M.signature(id, time, body, with.secret) }
  for name in pairs(with.without or {}) do
    headers[name] = nil
  end
  return http { method = "POST", path = "/webhooks/identity/" .. (with.name or "acme"), body = body, key = false, headers = headers }
end

return M
