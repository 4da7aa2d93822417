-- A charger that lives by itself: keeps its line, boots, sends heartbeats and meter values, until it is halted.
local task = require "task"

-- Boots until it is accepted, as often as the server wants to be asked.
local function boot(self)
  while self.living and self.connected do
    local response = self:boot()
    if response.status == "Accepted" then
      return self:report_connectors()
    end
    task.sleep(math.max(response.interval, 1))
  end
end

local function keep_line(self)
  while self.living do
    if not self.connected then
      if not self:try_connect() then
        self:pause()
      end
    elseif not self.accepted then
      boot(self)
    elseif self.away then
      self:report_connectors()
    end
    self.away = not self.connected
    while self.living and self.connected and self.accepted do
      self.changed:wait(1)
    end
    self.away = not self.connected
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
  end
end
