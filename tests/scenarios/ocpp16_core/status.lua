-- Connectors' states: the latest of each, and what a charger says of itself.
seed.charger "C16-STATUS"
local cp = charger { id = "C16-STATUS", connectors = 2 }
cp:connect()
cp:boot()

local id
for _, c in ipairs(http.get("/api/admin/chargers?charge_point_id=C16-STATUS").body.items) do
  id = c.id
end

local function connector(number)
  for _, c in ipairs(http.get("/api/admin/chargers/" .. id).body.connectors) do
    if c.connector_id == number then
      return c
    end
  end
end

for number = 0, 2 do
  equal(cp:demand("StatusNotification", { connectorId = number, status = "Available", errorCode = "NoError" }), {})
  equal(connector(number).status, "Available")
end

-- With all that it may say; twice.
for _ = 1, 2 do
  cp:demand("StatusNotification", {
    connectorId = 1,
    status = "Faulted",
    errorCode = "ConnectorLockFailure",
    info = "jammed",
    vendorId = "Acme",
    vendorErrorCode = "E-7",
    timestamp = "2026-01-01T00:00:00Z",
  })
end
local c = connector(1)
equal(c.status, "Faulted")
equal(c.error_code, "ConnectorLockFailure")
equal(c.info, "jammed")
equal(c.vendor_id, "Acme")
equal(c.vendor_error_code, "E-7")
equal(c.status_at, "2026-01-01T00:00:00.000Z")
equal(connector(2).status, "Available")

-- A later status without them has none.
cp:demand("StatusNotification", { connectorId = 1, status = "Available", errorCode = "NoError" })
equal(connector(1).info, json.null)
