-- An operator takes a connector, then the whole charger out of service and back.
local id = arg[1] or "STORY-AVAILABILITY"
local registered = seed.charger(id)
seed.token "STORY-AVAILABILITY"
local api = "/api/admin/chargers/" .. registered.id

local cp = charger { id = id, connectors = 2 }
cp:connect()
cp:boot()
cp:report_connectors()

local function statuses()
  local found = {}
  for _, connector in ipairs(http.get(api).body.connectors) do
    found[connector.connector_id] = connector.status
  end
  return found
end

local function expect_statuses(wanted)
  eventually(function()
    local seen = statuses()
    for connector, status in pairs(wanted) do
      if seen[connector] ~= status then
        return false
      end
    end
    return true
  end)
end

local function change(connector, kind)
  local answer = http.post(api .. "/change-availability", { connector_id = connector, type = kind })
  equal(answer.status, 200)
  return answer.body.response.status
end

equal(change(1, "Inoperative"), "Accepted")
expect_statuses { [1] = "Unavailable", [2] = "Available" }
local refused = http.post(api .. "/remote-start", { connector_id = 1, id_tag = "STORY-AVAILABILITY" })
equal(refused.body.state, "rejected")

-- A session on connector 2 makes the charger wait for its end.
local session = cp:start { connector = 2, id_tag = "STORY-AVAILABILITY" }
cp:status(2, "Charging")
equal(change(0, "Inoperative"), "Scheduled")
session:stop { meter_stop = 100 }
cp:status(2, "Unavailable")
expect_statuses { [0] = "Unavailable", [1] = "Unavailable", [2] = "Unavailable" }

equal(change(0, "Operative"), "Accepted")
expect_statuses { [0] = "Available", [1] = "Available", [2] = "Available" }
cp:disconnect()
