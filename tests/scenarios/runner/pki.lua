-- A root of the story's own, the server's certificate, and the files of both that busbard reads.
local core = require "core"
local crypto = require "crypto"

-- options: key ({type=, ...} as crypto.key takes them). Returns the configuration's section `tls`, and the root.
return function(folder, options)
  local root = crypto.ca "Scenario root"
  local server = crypto.issue(root, {
    subject = "localhost",
    names = "DNS:localhost,IP:127.0.0.1",
    key = crypto.key(options.key),
  })
  local files = { root = root.certificate, server = server.certificate, key = server.key }
  for name, text in pairs(files) do
    local path = string.format("%s/%s.pem", folder, name)
    local file = assert(io.open(path, "w"))
    file:write(text)
    file:close()
    files[name] = path
  end
  os.execute(string.format("chmod 600 '%s'", files.key))
  core.args.ca = files.root
  return { listen = "127.0.0.1:0", certificate = files.server, key = files.key, client_ca = files.root }, root
end
