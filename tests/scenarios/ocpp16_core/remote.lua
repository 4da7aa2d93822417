-- An admin starts and stops sessions, and takes connectors out of service.
seed.charger "C16-REMOTE"
seed.charger "C16-ELSEWHERE"
seed.token "C16-ADMIN"
local cp = charger { id = "C16-REMOTE", connectors = 2 }

local function id_of(name)
  return http.get("/api/admin/chargers?charge_point_id=" .. name).body.items[1].id
end
local base = "/api/admin/chargers/" .. id_of "C16-REMOTE"

local function newest()
  return http.get("/api/admin/transactions?charger=C16-REMOTE").body.items[1]
end

-- Not connected.
equal(http.post(base .. "/remote-start", { id_tag = "C16-ADMIN" }).status, 409)
cp:connect()
cp:boot()

-- Wrong bodies and wrong things.
equal(http.post(base .. "/remote-start", {}).status, 422)
equal(http.post(base .. "/remote-start", { id_tag = "C16-ADMIN", colour = "red" }).status, 422)
equal(http.post(base .. "/remote-start", { id_tag = "C16-ADMIN", charging_profile = { stackLevel = 1 } }).status, 422)
equal(http.post(base .. "/remote-stop", {}).status, 422)
equal(http.post(base .. "/remote-stop", { transaction_id = 1, connector_id = 1 }).status, 422)
equal(http.post(base .. "/remote-stop", { transaction_id = 424242 }).status, 404)
equal(http.post(base .. "/remote-stop", { connector_id = 1 }).status, 409)
equal(http.post("/api/admin/chargers/424242/remote-start", { id_tag = "X" }).status, 404)
equal(http.post("/api/admin/chargers/none/remote-start", { id_tag = "X" }).status, 404)
equal(http.post(base .. "/change-availability", { connector_id = 0, type = "Broken" }).status, 422)

-- Start, and stop by the transaction.
local answer = http.post(base .. "/remote-start", { id_tag = "C16-ADMIN", connector_id = 2 })
equal(answer.status, 200, answer.text)
equal(answer.body.state, "accepted")
equal(answer.body.response.status, "Accepted")
local t = eventually(function()
  local now = newest()
  return now and now.state == "active" and now
end)
equal(t.connector_id, 2)
equal(t.id_tag, "C16-ADMIN")
equal(http.post("/api/admin/chargers/" .. id_of "C16-ELSEWHERE" .. "/remote-stop", { transaction_id = t.id }).status, 404)
answer = http.post(base .. "/remote-stop", { transaction_id = t.id })
equal(answer.body.state, "accepted", answer.text)
t = eventually(function()
  local now = newest()
  return now.state == "completed" and now
end)
equal(t.stop_reason, "Remote")
equal(http.post(base .. "/remote-stop", { transaction_id = t.id }).status, 409)

-- Stop by the connector.
http.post(base .. "/remote-start", { id_tag = "C16-ADMIN", connector_id = 1 })
eventually(function()
  return newest().state == "active"
end)
equal(http.post(base .. "/remote-stop", { connector_id = 1 }).body.state, "accepted")
eventually(function()
  return newest().state == "completed"
end)

-- The charger says no; the charger says nothing in time.
cp:on("RemoteStartTransaction", { status = "Rejected" })
answer = http.post(base .. "/remote-start", { id_tag = "C16-ADMIN" })
equal(answer.status, 200)
equal(answer.body.state, "rejected")
cp:on("ChangeAvailability", false)
answer = http.post(base .. "/change-availability", { connector_id = 1, type = "Inoperative", wait_s = 0 })
equal(answer.status, 202, answer.text)
equal(answer.body.state, "sent")
equal(answer.body.response, json.null)
local call = cp:expect { action = "ChangeAvailability" }
equal(call.payload.connectorId, 1)
cp:answer(call, { status = "Scheduled" })
answer = eventually(function()
  local c = http.get("/api/admin/commands/" .. answer.body.id)
  return c.body.response ~= json.null and c
end)
equal(answer.body.response.status, "Scheduled")
cp:on("ChangeAvailability")
answer = http.post(base .. "/change-availability", { connector_id = 1, type = "Operative" })
equal(answer.body.state, "accepted", answer.text)
