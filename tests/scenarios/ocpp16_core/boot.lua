-- A charger boots: it is answered by its registration, and what it says of itself is kept.
local made = http.post("/api/admin/chargers", { charge_point_id = "C16-BOOT" }).body
local where = "/api/admin/chargers/" .. made.id
local cp = charger { id = "C16-BOOT", firmware = "1.2.3", serial = "S-77" }

local function register(as)
  local answer = http.put(where, { registration = as })
  equal(answer.status, 200, answer.text)
  cp:reconnect() -- it shall come back under the new registration
end

local function boot()
  return cp:demand("BootNotification", {
    chargePointVendor = "Acme",
    chargePointModel = "Wall 1",
    chargePointSerialNumber = "S-77",
    firmwareVersion = "1.2.3",
    meterType = "M-3",
  })
end

-- StatusNotification before the boot is taken as well.
cp:connect()
equal(cp:call("StatusNotification", { connectorId = 1, status = "Available", errorCode = "NoError" }), {})

local answer = boot()
equal(answer.status, "Accepted")
equal(answer.interval, 300)
check(answer.currentTime:match "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$", "whole seconds")

local stored = http.get(where).body
equal(stored.vendor, "Acme")
equal(stored.model, "Wall 1")
equal(stored.serial_number, "S-77")
equal(stored.firmware_version, "1.2.3")
equal(stored.meter_type, "M-3")
check(stored.last_boot_at)
equal(stored.connectors[1].connector_id, 1)

-- A boot that leaves something out keeps what was known.
cp:demand("BootNotification", { chargePointVendor = "Acme", chargePointModel = "Wall 2" })
stored = http.get(where).body
equal(stored.model, "Wall 2")
equal(stored.firmware_version, "1.2.3")

register "pending"
answer = boot()
equal(answer.status, "Pending")
equal(answer.interval, 60)
register "rejected"
equal(boot().status, "Rejected")
register "accepted"
equal(boot().status, "Accepted")
check(cp:heartbeat().currentTime:match "Z$")
