-- An admin changes a charger's registration while it has a session, while it is asked, and while commands wait for it; and
-- every message that a charger may send, in each state, before its boot and after.
local fields = require "fields"
seed.token "CHANGES"
seed.charger "CHANGES"
local path = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=CHANGES").body.items[1].id
local cp = charger { id = "CHANGES", silent = true }

local function command(action, payload, extra)
  local body = { action = action, payload = payload or {} }
  for key, value in pairs(extra or {}) do
    body[key] = value
  end
  return http.post(path .. "/commands", body)
end

local function queue(action, payload)
  local made = command(action, payload, { if_offline = "queue", wait_s = 0 })
  equal(made.status, 202)
  return made.body.id
end

local function ended(id)
  return eventually(function()
    local c = http.get("/api/admin/commands/" .. id).body
    return c.state ~= "queued" and c.state ~= "sent" and c
  end)
end

local function register(registration)
  equal(http.put(path, { registration = registration }).status, 200)
  if cp.connected then
    cp:wait_closed(5)
  end
end

-- What each message gets that is of the table of fields; `expected(action)` is the code of an error, or nil.
local function say_everything(expected)
  for _, action in ipairs(fields.from_charger) do
    local payload = fields.sample(fields.of(action), true)
    if action == "StopTransaction" then
      payload.transactionId = 2147480000 -- not that of the session
    end
    local id = cp:new_message_id()
    cp:send_raw(('[2,"%s","%s",%s]'):format(id, action, next(payload) and json.encode(payload) or "{}"))
    local answer = cp:expect { id = id }
    if answer.code ~= "NotSupported" then -- a profile that is not there
      equal(answer.code, expected(action), action)
    end
  end
end

local kept_of_rejected = { BootNotification = true, StartTransaction = true, MeterValues = true, StopTransaction = true }

log "a session, then pending in the midst of it: the session goes on, it is not to be stopped from here"
cp:connect()
equal(cp:boot().status, "Accepted")
local session = cp:start { id_tag = "CHANGES", meter_start = 0 }
equal(session.status, "Accepted")
cp:on("ClearCache", false)
local once = command("ClearCache", {}, { wait_s = 0 }).body.id
local again = queue "GetConfiguration"
cp:expect { action = "ClearCache" }
register "pending"
matches(ended(once), { state = "failed", error = { detail = "the charger disconnected before it answered" } })

log "pending, before its boot: served as after it, and what waited is sent"
cp:on "ClearCache"
cp:connect()
say_everything(function() end)
equal(ended(again).state, "accepted")
equal(command("RemoteStopTransaction", { transactionId = session.id }).status, 409)

log "pending: triggered to boot, it boots, and is pending still"
local before = http.get(path).body.last_boot_at
equal(command("TriggerMessage", { requestedMessage = "BootNotification" }).body.state, "accepted")
eventually(function()
  return http.get(path).body.last_boot_at ~= before
end)
eventually(function()
  local row = http.get(path .. "/messages?action=BootNotification&direction=out&limit=1").body.items[1]
  return row and row.payload.status == "Pending"
end)

log "pending: of many that are asked to start it is not one"
local bulk = http.post("/api/admin/bulk-commands", {
  action = "RemoteStartTransaction", payload = { idTag = "CHANGES" }, selection = { charge_point_ids = array { "CHANGES" } },
}).body.id
equal(eventually(function()
  return http.get("/api/admin/bulk-commands/" .. bulk .. "/chargers?state=failed").body.items[1]
end).detail, "the charger is pending")

log "what waited for an accepted charger is not sent to one that is pending, the rest is"
cp:disconnect()
register "accepted"
local start, stop, ask = queue("RemoteStartTransaction", { idTag = "CHANGES" }),
  queue("RemoteStopTransaction", { transactionId = session.id }), queue "GetConfiguration"
register "pending"
cp:connect()
equal(cp:boot().status, "Pending")
equal(ended(ask).state, "accepted")
for _, id in ipairs { start, stop } do
  matches(ended(id), { state = "failed", response = json.null, error = { code = json.null, detail = "the charger is pending" } })
end

log "accepted, before its boot: served, and commands go out"
register "accepted"
cp:connect()
say_everything(function() end)
equal(command("GetConfiguration").body.state, "accepted")

log "rejected: before its boot as after it"
register "rejected"
cp:connect()
local function expected(action)
  return not kept_of_rejected[action] and "SecurityError" or nil
end
say_everything(expected)
equal(cp:boot().status, "Rejected")
say_everything(expected)
bulk = http.post("/api/admin/bulk-commands", {
  action = "GetConfiguration", payload = {}, selection = { charge_point_ids = array { "CHANGES" } },
}).body.id
equal(eventually(function()
  return http.get("/api/admin/bulk-commands/" .. bulk .. "/chargers?state=failed").body.items[1]
end).detail, "the charger is rejected")

log "the session that was running all the while ends as it was"
cp:demand("StopTransaction", { transactionId = session.id, meterStop = 700, timestamp = now(0) })
matches(http.get("/api/admin/transactions/" .. session.id).body, { state = "completed", energy_wh = 700 })
