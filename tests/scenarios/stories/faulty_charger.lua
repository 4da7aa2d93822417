-- A charger with a bad day: faults, a power cut in the middle of a session, requests that it refuses or does not
-- know. The server keeps calm and keeps the books.
local id = arg[1] or "STORY-FAULTY"
local registered = seed.charger(id)
seed.token "STORY-FAULTY"
local api = "/api/admin/chargers/" .. registered.id

local cp = charger { id = id }
cp:connect()
cp:boot()
cp:status { connector = 1, status = "Faulted", error = "GroundFailure", info = "RCD tripped", vendor_error = "E42" }
local connector = http.get(api).body.connectors[1]
matches(connector, { connector_id = 1, status = "Faulted", error_code = "GroundFailure" })
cp:status(1, "Available")

-- The power goes in the middle of a session. The charger boots again, and stops it late.
local session = cp:start { id_tag = "STORY-FAULTY", meter_start = 0 }
session:meter { energy_wh = 400 }
cp:drop()
cp:connect()
equal(cp:boot().status, "Accepted")
local path = "/api/admin/transactions?charger=" .. escape(id)
equal(http.get(path).body.items[1].state, "pending_reconciliation")
session:stop { meter_stop = 450, reason = "PowerLoss" }
matches(http.get(path).body.items[1], { state = "completed", energy_wh = 450, stop_reason = "PowerLoss", estimated = false })

-- Commands that end badly end clearly.
local function command(action, payload)
  return http.post(api .. "/commands", { action = action, payload = payload, wait_s = 5 })
end
cp:on("Reset", { status = "Rejected" })
matches(command("Reset", { type = "Soft" }).body, { state = "rejected" })
cp:on("ClearCache", function()
  return nil, "InternalError", "the cache is on fire"
end)
matches(command("ClearCache", json.decode "{}").body, { state = "failed", error = { code = "InternalError" } })
equal(command("Reset", { type = "Sideways" }).status, 422)

-- It asks for something that does not exist, and is told so.
local response, err = cp:call("MakeCoffee", { sugar = true })
equal(response, nil)
equal(err.code, "NotImplemented")
equal(cp:heartbeat().currentTime ~= nil, true)
cp:disconnect()
