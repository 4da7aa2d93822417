-- The examples of the documentation do what they say; all of them together are a set that loads.
settings { config = {
  sessions = { every = "1s", silent_every = "1s" },
  notifications = { offline_after = "1s" },
  transfer = { allow = "127.0.0.1" },
} }
local scripts, wallets = require "scripts", require "wallets"

local folder = debug.getinfo(1, "S").source:match "^@(.-)tests/scenarios/.*$" .. "scripts/examples/"
local function text(name)
  local file = assert(io.open(folder .. name .. ".lua"))
  local source = file:read "a"
  file:close()
  return source
end
local function push(name)
  local set = scripts.push({ main = text(name) }, {}, 201)
  equal(set.hooks[1], name)
  equal(#set.hooks, 1)
end
local function charger_of(id, fields)
  fields = fields or {}
  fields.charge_point_id = id
  seed.charger(fields)
  local cp = charger { id = id }
  cp:connect()
  return cp
end
local function authorized(cp, tag)
  return cp:call("Authorize", { idTag = tag }).idTagInfo.status
end
local function booted(cp, fields)
  fields.chargePointVendor = fields.chargePointVendor or "Acme"
  fields.chargePointModel = fields.chargePointModel or "Acme One"
  return cp:call("BootNotification", fields)
end

local cp = charger_of "CP"
cp:boot()
seed.token "FLEET"
seed.token { id_tag = "VAN", parent_id_tag = "FLEET" }
seed.token "TAG"

push "authorize"
equal(authorized(cp, "FAIR-1"), "Accepted")
equal(authorized(cp, "TAG"), "Accepted")
equal(authorized(cp, "NOBODY"), "Invalid")
local depot = charger_of "DEPOT-1"
depot:boot()
local function started(tag, time)
  local start = { connectorId = 1, idTag = tag, meterStart = 0, timestamp = depot:now():sub(1, 4) - 1 .. "-06-15T" .. time }
  return depot:call("StartTransaction", start).idTagInfo.status
end
equal(started("TAG", "12:00:00Z"), "Accepted")
equal(started("TAG", "21:30:00Z"), "Blocked")
equal(started("VAN", "21:30:00Z"), "Accepted")

push "boot"
local waiting = charger_of("NEW", { registration = "pending" })
matches(booted(waiting, {}), { status = "Accepted", interval = 300 })
matches(booted(waiting, { iccid = "8949" }), { status = "Accepted", interval = 900 })
local foreign = charger_of("FOREIGN", { registration = "pending" })
matches(booted(foreign, { chargePointVendor = "Other" }), { status = "Pending" })

push "admit"
booted(waiting, { firmwareVersion = "1.0.3" })
waiting:disconnect()
local ok, refusal = waiting:try_connect()
check(not ok, "let in")
equal(refusal.status, 503)

push "normalize"
cp:reconnect()
local session = cp:start { connector = 1, id_tag = "TAG", meter_start = 0 }
cp:call("MeterValues", { connectorId = 1, transactionId = session.transaction_id,
  meterValue = { { timestamp = cp:now(), sampledValue = { { value = "1520 Wh" } } } } })
local id = http.get("/api/admin/transactions?charger=CP").body.items[1].id
eventually(function() return http.get("/api/admin/transactions/" .. id).body.meter_last_wh == 1520 end)

push "stop"
session:stop { meter_stop = 2000 }
equal(#http.get("/api/admin/transactions/" .. id).body.flags, 0)
cp:start({ connector = 1, id_tag = "TAG", meter_start = 0 }):stop { meter_stop = 0 }
equal(http.get("/api/admin/transactions?charger=CP").body.items[1].flags[1], "no_energy")

push "price"
cp:start({ connector = 1, id_tag = "TAG", meter_start = 0 }):stop { meter_stop = 99 }
id = http.get("/api/admin/transactions?charger=CP").body.items[1].id
eventually(function() return http.get("/api/admin/transactions/" .. id).body.price_state == "priced" end)
matches(http.get("/api/admin/transactions/" .. id).body.price, { amount_minor = 0 })

push "data_transfer"
local function told(message, data)
  return cp:call("DataTransfer", { vendorId = "com.acme", messageId = message, data = data })
end
matches(told "Brightness", { status = "Accepted", data = "100" })
matches(told("Temperature", "61"), { status = "Accepted" })
matches(told "Brightness", { status = "Accepted", data = "30" })
equal(told("Colour").status, "UnknownMessageId")
equal(cp:call("DataTransfer", { vendorId = "other" }).status, "UnknownVendorId")

push "tick"
wallets.tariff { price_per_kwh_minor = 100 }
session = cp:start { connector = 1, id_tag = "TAG", meter_start = 0 }
session:meter { energy_wh = 51000, power_w = 11000 }
cp:expect { action = "RemoteStopTransaction" }

push "notify"
local receiver = http_server {}
local heard = http.post("/api/admin/subscriptions", {
  channel = "webhook", target = receiver.url .. "/", events = { "session.started", "charger.offline" },
  filter = { charge_point_id = { "YARD", "WORKSHOP-1" } },
})
equal(heard.status, 201, heard.text)
local workshop, yard = charger_of "WORKSHOP-1", charger_of "YARD"
workshop:boot()
workshop:disconnect()
yard:boot()
yard:start { connector = 1, id_tag = "TAG", meter_start = 0 }
yard:disconnect()
local function outcome(event, charge_point_id)
  return eventually(function()
    for _, d in ipairs(http.get("/api/admin/deliveries?event=" .. event .. "&subscription_id=" .. heard.body.id).body.items) do
      d = http.get("/api/admin/deliveries/" .. d.id).body
      if d.data.charge_point_id == charge_point_id and d.state ~= "waiting" then return d.state end
    end
  end, 20)
end
equal(outcome("session.started", "YARD"), "delivered")
equal(outcome("charger.offline", "YARD"), "delivered")
equal(outcome("charger.offline", "WORKSHOP-1"), "suppressed")
local told_of = receiver:got("/")[1].json
matches(told_of, { event = "session.started", data = { charge_point_id = "YARD" } })
equal(told_of.data.id_tag, nil)
