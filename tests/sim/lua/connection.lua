-- A charger's connection to its server.
local core = require "core"
local net = require "net"
local story = require "story"
local task = require "task"

-- Made once for what it consists of: libwebsockets keeps what belongs to it for good.
local made = {}

local function tls_of(self, host)
  local parts = {}
  local own = not self.security_profile or self.security_profile == 3
  local options = {
    ca = self:trusted_roots(),
    certificate = own and self.certificate or nil,
    key = own and self.key or nil,
    tls_version = self.tls_version,
    ciphers = self.ciphers,
    insecure = self.insecure,
  }
  for _, name in ipairs { "ca", "certificate", "key", "tls_version", "ciphers", "insecure" } do
    parts[#parts + 1] = tostring(options[name])
  end
  local id = host .. "\0" .. table.concat(parts, "\0")
  made[id] = made[id] or net.tls(host, options)
  return made[id]
end

-- The URL's base, "/ocpp" where it names no path, and the identity.
local function link_target(self)
  local over_tls = (self.security_profile or 0) >= 2 and self.tls_url
  local url = net.parse_url(over_tls or self.url or net.base)
  local path = self.path or (url.path:gsub("/$", ""))
  if not self.path then
    path = (path == "" and "/ocpp" or path) .. "/" .. net.escape(self.id)
  end
  return {
    host = url.host,
    port = url.port,
    tls = url.tls and tls_of(self, url.host) or nil,
    path = path,
    subprotocols = self.subprotocol or nil,
    authorization = self.authorization
      or self.password and self.security_profile ~= 3 and "Basic " .. core.base64(self.id .. ":" .. self.password)
      or nil,
  }
end

local function describe(text, binary)
  local frame = { text = text, binary = binary or nil, kind = "other" }
  local message = core.json_decode(text)
  if type(message) ~= "table" then
    return frame
  end
  frame.id = message[2]
  if message[1] == 2 then
    frame.kind, frame.action, frame.payload = "call", message[3], message[4]
  elseif message[1] == 3 then
    frame.kind, frame.payload = "result", message[3]
  elseif message[1] == 4 then
    frame.kind, frame.code, frame.description, frame.details = "error", message[3], message[4], message[5]
  end
  return frame
end

local function on_message(self, text, binary)
  story.trace(self.id, "<-", text)
  local frame = describe(text, binary)
  local waiting = (frame.kind == "result" or frame.kind == "error") and self.pending[frame.id]
  if waiting then
    self.pending[frame.id] = nil
    waiting.frame = frame
  else
    self.inbox[#self.inbox + 1] = frame
    if frame.kind == "call" then
      task.spawn(self.answer_call, self, frame)
    end
  end
  self.changed:notify()
end

local function on_closed(self, code, reason)
  self.connected = false
  self.link = nil
  self.close_code, self.close_reason = code, reason
  self.inbox[#self.inbox + 1] = { kind = "closed", close_code = code, reason = reason }
  story.trace(self.id, "--", "closed " .. code)
  self.changed:notify()
end

return function(Charger)
  -- True, or nil and {status, reason} of the refused handshake.
  function Charger:try_connect()
    if self.connected then
      self:fail "it is connected already"
    end
    local refused
    self.inbox = {}
    local link
    link = core.link(link_target(self), function(event, first, second)
      if self.link ~= link then
        return -- a connection that this charger has given up
      elseif event == "open" then
        self.connected, self.chosen_subprotocol, self.peer = true, first, link:peer()
      elseif event == "fail" then
        refused = { status = first, reason = second }
      elseif event == "message" then
        return on_message(self, first, second)
      elseif event == "pong" then
        self.inbox[#self.inbox + 1] = { kind = "pong", text = first }
      elseif event == "close" then
        return on_closed(self, first, second)
      end
      self.changed:notify()
    end)
    self.link = link
    self.changed:wait_for(function()
      return self.connected or refused or self.link ~= link
    end, self.timeout)
    if self.connected then
      self.attempts = 0
      self:resume_queue()
      return true
    end
    self.link = nil
    return nil, refused or { status = 0, reason = "timeout" }
  end

  function Charger:connect()
    local ok, refused = self:try_connect()
    if not ok then
      self:fail("cannot connect: HTTP %d, %s", refused.status, refused.reason)
    end
    self:say "connected"
    return self
  end

  -- Waits before the next attempt, longer each time, with some chance in it, so that a server that comes
  -- back does not meet all at once: cp.backoff = { first, most (seconds), spread (share) }.
  function Charger:pause()
    local backoff = self.backoff
    local wait = math.min(backoff.first * 2 ^ self.attempts, backoff.most)
    self.attempts = self.attempts + 1
    task.sleep(wait * (1 + math.random() * backoff.spread))
  end

  -- After the end of the line, which may be on its way: tries until it is let in, as a charger does while its server is away.
  function Charger:reconnect(seconds)
    if not self:wait_closed() then
      self:fail "cannot reconnect: the line has not ended"
    end
    local deadline = core.mono_us() + (seconds or 30) * 1e6
    while not self.connected do
      local ok, refused = self:try_connect()
      if not ok and core.mono_us() > deadline then
        self:fail("cannot reconnect: HTTP %d, %s", refused.status, refused.reason)
      elseif not ok then
        self:pause()
      end
    end
    return self
  end

  -- Runs fn, which ends the line and makes a new one; a charger that lives by itself leaves the line alone meanwhile.
  function Charger:hold_line(fn)
    self.line_held = true
    local ok, err = pcall(fn)
    self.line_held = false
    self.changed:notify()
    if not ok then
      error(err, 0)
    end
  end

  function Charger:wait_closed(timeout)
    return self.changed:wait_for(function()
      return not self.link
    end, timeout or self.timeout)
  end

  -- disconnect{code=, reason=}: an orderly close.
  function Charger:disconnect(options)
    options = options or {}
    if self.link then
      self.link:close(options.code or 1000, options.reason or "")
      self:wait_closed()
      self:say "disconnected"
    end
  end

  -- The line is cut: a TCP reset.
  function Charger:drop()
    if self.link then
      self.link:drop()
      self:wait_closed()
      self:say "dropped"
    end
  end

  -- Leaves the connection as it is, half-open for the server, and forgets it.
  function Charger:abandon()
    if self.link then
      self.link:pause(true)
      self.link, self.connected = nil, false
    end
  end
end
