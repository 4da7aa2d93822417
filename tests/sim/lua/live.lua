-- A charger that lives by itself: keeps its line, boots, sends heartbeats and meter values, until it is halted.
local task = require "task"

-- Once; what the server wants it to wait, if it is not accepted.
local function boot(self)
  local response = self:boot()
  return response.status ~= "Accepted" and math.max(response.interval, 1) or nil
end

-- What the cut of a line interrupts is done again on the next one.
local function unless_cut(self, fn)
  local link = self.link
  local ok, result = pcall(fn, self)
  if not ok and self.link == link then
    error(result, 0)
  end
  return ok, result
end

-- The next thing that the line needs; nothing while all is well, or while the charger itself renews it.
local function tend_line(self)
  if self.line_held then
    return self.changed:wait()
  elseif not self.connected then
    self.unreported = true
    return self:try_connect() or self:pause()
  elseif not self.accepted then
    local _, seconds = unless_cut(self, boot)
    return seconds and self.changed:wait_for(function()
      return not self.connected or not self.living
    end, seconds)
  elseif self.unreported then
    self.unreported = not unless_cut(self, self.report_connectors)
  else
    self.changed:wait()
  end
end

local function keep_line(self)
  while self.living do
    tend_line(self)
  end
end

-- Calls fn every so many seconds as the configuration key says, also when it is changed; 0: never.
local function every(self, key, fn)
  local waited = 0
  while self.living do
    task.sleep(0.25)
    waited = waited + 0.25
    local interval = tonumber(self.configuration[key]) or 0
    if interval > 0 and waited >= interval then
      if self.connected and self.accepted then
        fn(waited)
      end
      waited = 0
    end
  end
end

local function measure(self, connector, seconds)
  local session = self.connector[connector].session
  if session then
    local power = math.min(self.power_w or 7400, self:limit(connector, "W"))
    session:meter {
      energy_wh = session.meter_wh + math.floor(power * seconds / 3600 + 0.5),
      power_w = math.floor(power),
    }
  end
end

return function(Charger)
  -- Goes on by itself: the story only makes cars come and go.
  function Charger:live()
    self.living = true
    task.spawn(keep_line, self)
    task.spawn(every, self, "HeartbeatInterval", function()
      local _, err = self:call("Heartbeat", {})
      if err and err.code ~= "Closed" then
        self:fail("Heartbeat was answered %s: %s", err.code, err.description)
      end
    end)
    task.spawn(every, self, "MeterValueSampleInterval", function(seconds)
      for connector = 1, self.connectors do
        measure(self, connector, seconds)
      end
    end)
    return self
  end

  -- Stops doing so, and disconnects.
  function Charger:halt()
    self.living = false
    self:disconnect()
    self.changed:notify()
  end
end
