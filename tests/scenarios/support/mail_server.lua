-- A mail server of the story's own (Debian's python3-aiosmtpd): mail_server{mode =, user =, password =, names =}. It has `port`,
-- `url`, `ca` (the file of its root), mails() and stop().
local core = require "core"

local here = debug.getinfo(1, "S").source:match "^@(.*)/[^/]+$"

local function write(path, text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
  return path
end

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read "a"
  if file then
    file:close()
  end
  return text
end

-- Header names in lower case, unfolded; the body as it came.
local function parse(text)
  local head, body = text:match "^(.-\r\n)\r\n(.*)$"
  local mail = { raw = text, head = head, body = body, headers = {} }
  for name, value in head:gsub("\r\n[ \t]", " "):gmatch "([^:\r\n]+): ?([^\r\n]*)\r\n" do
    mail.headers[name:lower()] = value
  end
  return mail
end

local count = 0

return function(options)
  options = options or {}
  count = count + 1
  local mode = options.mode or "starttls"
  local folder = server.folder .. "/mail" .. count
  os.execute("mkdir '" .. folder .. "'")
  local root = crypto.ca "Mail root"
  local issued = crypto.issue(root, { subject = "localhost", names = options.names or "DNS:localhost,IP:127.0.0.1" })
  local certificate = write(folder .. "/certificate.pem", issued.certificate)
  local key = write(folder .. "/key.pem", issued.key)
  local self = { ca = write(folder .. "/root.pem", root.certificate) }
  local process = core.process({
    "setpriv", "--pdeathsig", "KILL",
    here .. "/mail_server.py", folder, certificate, key, mode, options.user or "-", options.password or "-",
    stdout = folder .. "/log", stderr = folder .. "/log",
  }, function() end)
  self.port = eventually(function()
    return read(folder .. "/port")
  end, 30)
  self.url = (mode == "tls" and "smtps" or "smtp") .. "://127.0.0.1:" .. self.port

  function self.mails()
    local list = {}
    while true do
      local text = read(folder .. "/" .. (#list + 1) .. ".eml")
      if not text then
        return list
      end
      list[#list + 1] = parse(text)
    end
  end

  function self.stop()
    process:kill(9)
  end

  return self
end
