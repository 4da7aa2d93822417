-- The operator does not wait for a charger to tell: it is asked for its status, its meter and a new boot.
local id = arg[1] or "STORY-TRIGGER"
local registered = seed.charger(id)
local api = "/api/admin/chargers/" .. registered.id

local cp = charger { id = id, connectors = 2 }
cp:connect()
cp:boot()

local function trigger(message, connector)
  local answer = http.post(api .. "/trigger", { message = message, connector_id = connector })
  equal(answer.status, 200, answer.text)
  return answer.body.state
end

local function came(action)
  return #http.get(api .. "/messages?action=" .. action .. "&direction=in&limit=500").body.items
end

-- Each is agreed to, and then comes by itself.
for _, wanted in ipairs { { "StatusNotification", 2 }, { "MeterValues", 1 }, { "Heartbeat" }, { "BootNotification" }, { "FirmwareStatusNotification" } } do
  local message, connector = table.unpack(wanted)
  local before = came(message)
  equal(trigger(message, connector), "accepted")
  eventually(function()
    return came(message) > before
  end)
end
local connectors = http.get(api).body.connectors
matches(connectors[#connectors], { connector_id = 2, status = "Available" })

-- What this charger has not got, and what makes no sense.
cp.trigger_answers = { DiagnosticsStatusNotification = "NotImplemented" }
equal(trigger "DiagnosticsStatusNotification", "rejected")
equal(trigger("MeterValues", 9), "rejected")
equal(http.post(api .. "/trigger", { message = "Heartbeat", connector_id = 1 }).status, 422)
cp:disconnect()
