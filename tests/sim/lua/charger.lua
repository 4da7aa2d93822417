-- A simulated charge point: its calls, and what it received.
local core = require "core"
local check = require "check"
local story = require "story"
local task = require "task"

local Charger = {}
Charger.__index = Charger

local HISTORY = 1000 -- lines of what it did, for its logs

local defaults = {
  subprotocol = "ocpp1.6",
  connectors = 1,
  vendor = "Busbar",
  model = "Simulator",
  timeout = 30,
  time_offset = 0,
  attempts = 0, -- failed ones to connect, in a row
  backoff = { first = 0.1, most = 1, spread = 0.5 },
}

-- charger{id=, password=, url=, subprotocol= (false: none), connectors=, vendor=, model=, timeout=,
-- time_offset=, silent=, ...}: see docs/simulator.md.
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
  self.history = {}
  self.id_prefix = string.format("%s-%d", core.base64(core.random(6)):gsub("[+/=]", "x"), core.now_ms() % 100000)
  self.last_id = 0
  self:init_behaviour()
  return self
end

function Charger:say(format, ...)
  local text = string.format(format, ...)
  self.history[#self.history + 1] = { at_ms = self:clock_ms(), text = text }
  if #self.history > HISTORY then
    table.remove(self.history, 1)
  end
  if not self.silent then
    story.say("%-10s %s", self.id, text)
  end
end

function Charger:fail(format, ...)
  story.fail("%s: %s", self.id, string.format(format, ...))
end

-- The charger's own clock.
function Charger:now(offset)
  return core.format_time(self:clock_ms() + math.floor((offset or 0) * 1000))
end

function Charger:new_message_id()
  self.last_id = self.last_id + 1
  return self.id_prefix .. "-" .. self.last_id
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
