-- A simulated charge point: its link, its calls, and what it received.
local core = require "core"
local check = require "check"
local net = require "net"
local story = require "story"
local task = require "task"

local Charger = {}
Charger.__index = Charger

local defaults = {
  subprotocol = "ocpp1.6",
  connectors = 1,
  vendor = "Busbar",
  model = "Simulator",
  timeout = 30,
  time_offset = 0,
}

-- The URL's base, "/ocpp" where it names no path, and the identity.
local function link_target(self)
  local url = net.parse_url(self.url or net.base)
  local path = self.path or (url.path:gsub("/$", ""))
  if not self.path then
    path = (path == "" and "/ocpp" or path) .. "/" .. net.escape(self.id)
  end
  return {
    host = url.host,
    port = url.port,
    tls = url.tls,
    path = path,
    subprotocols = self.subprotocol or nil,
    authorization = self.authorization
      or self.password and "Basic " .. core.base64(self.id .. ":" .. self.password)
      or nil,
  }
end

-- charger{id=, password=, url=, subprotocol= (false: none), connectors=, vendor=, model=, timeout=,
-- time_offset=, silent=}
function Charger.new(options)
  local self = setmetatable({}, Charger)
  for key, value in pairs(defaults) do
    self[key] = value
  end
  for key, value in pairs(options) do
    self[key] = value
  end
  self.changed = task.condition()
  self.unlocked = task.condition()
  self.inbox = {}
  self.pending = {}
  self.handlers = {}
  self.queue = {}
  self.id_prefix = string.format("%s-%d", core.base64(core.random(6)):gsub("[+/=]", "x"), core.now_ms() % 100000)
  self.last_id = 0
  self:init_behaviour()
  return self
end

function Charger:say(format, ...)
  if not self.silent then
    story.say("%-10s %s", self.id, string.format(format, ...))
  end
end

function Charger:fail(format, ...)
  story.fail("%s: %s", self.id, string.format(format, ...))
end

-- The charger's own clock.
function Charger:now(offset)
  return core.format_time(core.now_ms() + math.floor((self.time_offset + (offset or 0)) * 1000))
end

function Charger:new_message_id()
  self.last_id = self.last_id + 1
  return self.id_prefix .. "-" .. self.last_id
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
      self.connected, self.chosen_subprotocol = true, first
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

-- Tries until it is let in, as a charger does while its server is away.
function Charger:reconnect(seconds)
  local deadline = core.mono_us() + (seconds or 30) * 1e6
  while not self.connected do
    local ok, refused = self:try_connect()
    if not ok and core.mono_us() > deadline then
      self:fail("cannot reconnect: HTTP %d, %s", refused.status, refused.reason)
    elseif not ok then
      task.sleep(0.1)
    end
  end
  return self
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

-- send_raw(bytes, {binary=, fragment= (bytes per frame), opcode= ("ping", "continuation"), final=})
function Charger:send_raw(bytes, options)
  options = options or {}
  if not self.link then
    self:fail "it is not connected"
  end
  local kind = options.opcode or options.binary and "binary" or "text"
  story.trace(self.id, "->", bytes)
  local size = options.fragment or math.max(#bytes, 1)
  for at = 1, math.max(#bytes, 1), size do
    local last = at + size > #bytes
    if not self.link or not self.link:send(bytes:sub(at, at + size - 1), kind, last and options.final ~= false) then
      return nil
    end
    kind = "continuation"
  end
  return true
end

local function wait_answer(self, id, timeout)
  local waiting, link = {}, self.link
  self.pending[id] = waiting
  self.changed:wait_for(function()
    return waiting.frame or self.link ~= link
  end, timeout or self.timeout)
  self.pending[id] = nil
  if waiting.frame then
    return waiting.frame
  end
  local why = self.link ~= link and "Closed" or "Timeout"
  return { kind = "error", code = why, description = "no answer", details = {} }
end

local function lock_calls(self)
  while self.calling do
    self.unlocked:wait()
  end
  self.calling = true
end

local function unlock_calls(self)
  self.calling = false
  self.unlocked:notify()
end

-- The response's payload; or nil and {code, description, details}, with the codes "Closed" and
-- "Timeout" when no answer came. options: id, timeout. One call at a time, as OCPP wants it.
function Charger:call(action, payload, options)
  options = options or {}
  lock_calls(self)
  if not self.connected then
    unlock_calls(self)
    return nil, { code = "Closed", description = "not connected", details = {} }
  end
  local id = options.id or self:new_message_id()
  local sent = core.mono_us()
  self:send_raw(core.json_encode { 2, id, action, payload or {} })
  local frame = wait_answer(self, id, options.timeout)
  unlock_calls(self)
  local took = (core.mono_us() - sent) / 1000
  if frame.kind == "error" then
    self:say("%-20s %s: %s", action, frame.code, frame.description)
    return nil, { code = frame.code, description = frame.description, details = frame.details }
  end
  self:say("%-20s %s  (%.1f ms)", action, check.show(frame.payload), took)
  return frame.payload
end

-- The same, but an error ends the story.
function Charger:demand(action, payload, options)
  local response, err = self:call(action, payload, options)
  if not response then
    self:fail("%s was answered %s: %s", action, err.code, err.description)
  end
  return response
end

local function take(self, pattern)
  for i, frame in ipairs(self.inbox) do
    if not check.mismatch(frame, pattern) then
      return table.remove(self.inbox, i)
    end
  end
end

-- Waits for something from the server that matches; returns it as {kind, id, action, payload, code,
-- description, details, text, close_code}. What came since the connection was made counts too, once.
--   cp:expect{action="Reset", payload={type="Soft"}}   a CALL
--   cp:expect{code="FormationViolation"}               a CALLERROR to something sent raw
--   cp:expect{closed=1001}                             the end of the connection (true: whatever code)
function Charger:expect(pattern, payload, timeout)
  local wanted = {}
  if type(pattern) == "string" then
    pattern = { action = pattern, payload = payload, timeout = timeout }
  end
  for key, value in pairs(pattern) do
    wanted[key] = value
  end
  wanted.timeout = nil
  if wanted.closed then
    wanted.kind = "closed"
    wanted.close_code = wanted.closed ~= true and wanted.closed or nil
    wanted.closed = nil
  end
  local found
  self.changed:wait_for(function()
    found = found or take(self, wanted)
    return found
  end, pattern.timeout or self.timeout)
  if not found then
    self:fail("expected %s, got %s", check.show(wanted), #self.inbox > 0 and check.show(self.inbox) or "nothing")
  end
  return found
end

-- The next thing from the server, or nil after `timeout` seconds.
function Charger:receive(timeout)
  self.changed:wait_for(function()
    return #self.inbox > 0
  end, timeout or self.timeout)
  return table.remove(self.inbox, 1)
end

-- Sees to it that nothing comes for that long.
function Charger:expect_nothing(seconds)
  local frame = self:receive(seconds)
  if frame then
    self:fail("expected nothing, got %s", check.show(frame))
  end
end

return Charger
