-- A root of the story's own, what it has signed, and the files of them that busbard reads.
local core = require "core"
local crypto = require "crypto"

local pki = {}

-- Writes PEM texts by the names of the configuration; the paths by these names. Keys are nobody else's to read.
local function write(folder, texts)
  local paths = {}
  for name, text in pairs(texts) do
    local path = string.format("%s/%s.pem", folder, name)
    local file = assert(io.open(path, "w"))
    assert(os.execute(string.format("chmod 600 '%s'", path)))
    file:write(text)
    file:close()
    paths[name] = path
  end
  return paths
end

-- options: key ({type=, ...} as crypto.key takes them). The configuration's section `tls`, and the root.
function pki.listener(folder, options)
  local root = crypto.ca "Scenario root"
  local server = crypto.issue(root, {
    subject = "localhost",
    names = "DNS:localhost,IP:127.0.0.1",
    key = crypto.key(options.key),
  })
  local files = write(folder, { root = root.certificate, server = server.certificate, key = server.key })
  core.args.ca = files.root
  return { listen = "127.0.0.1:0", certificate = files.server, key = files.key, client_ca = files.root }, root
end

-- The configuration's section `ocpp16_security`: the root signs chargers' certificates, and vouches for who signs firmware.
function pki.authorities(folder, root)
  local signer = crypto.issue(root, { subject = "Firmware signing", key = crypto.key { type = "rsa" } })
  return write(folder, {
    ca_certificate = root.certificate,
    ca_key = root.key,
    signing_certificate = signer.certificate,
    signing_key = signer.key,
  })
end

return pki
