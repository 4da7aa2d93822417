-- Months are those of the operator's clocks, session lines those of the station's, also on the days when clocks are changed.
local invoicing = require "invoicing"
server.sql "update operators set time_zone = 'Europe/Berlin' where id = 'default';"
local function charger_at(name, zone)
  local station = http.post("/api/admin/stations", { name = name, time_zone = zone }).body
  return http.post("/api/admin/chargers", { charge_point_id = name, station_id = station.id }).body.id
end
local berlin, lisbon = charger_at("BERLIN", "Europe/Berlin"), charger_at("LISBON", "Europe/Lisbon")
invoicing.issuer()

local function session(charger_id, user, from, to)
  invoicing.sessions { users = 1, sessions = 1, charger = charger_id, at = to, prefix = user }
  server.sql(string.format("update transactions set started_at = '%s' where user_id = '%s001' and stopped_at = '%s';", from, user, to))
end
local function issued(user, month)
  local response = http.post("/api/admin/invoices", { user_id = user .. "001", month = month })
  equal(response.status, 201, response.text)
  return response.body, http.get("/api/admin/invoices/" .. response.body.id .. "/html").text
end
local function has(text, ...)
  for _, wanted in ipairs { ... } do check(text:find(wanted, 1, true), wanted .. " is in\n" .. text) end
end

log "half past eleven in the evening is the next day in Berlin, and the next month"
session(berlin, "Late", "2025-10-31T22:00:00.000Z", "2025-10-31T23:30:00.000Z")
equal(http.post("/api/admin/invoices", { user_id = "Late001", month = "2025-10" }).status, 409)
local invoice, page = issued("Late", "2025-11")
matches(invoice, { from = "2025-10-31T23:00:00.000Z", to = "2025-11-30T23:00:00.000Z", time_zone = "Europe/Berlin" })
matches(invoice.sessions[1], { started_at = "2025-10-31T23:00:00+01:00", stopped_at = "2025-11-01T00:30:00+01:00" })
has(page, "31 October 2025, 23:00 – 1 November 2025, 00:30", "<td>November 2025</td>")

log "where clocks were put back, the offsets say which two o'clock it was"
session(berlin, "Back", "2025-10-26T00:30:00.000Z", "2025-10-26T01:10:00.000Z")
invoice, page = issued("Back", "2025-10")
matches(invoice, { from = "2025-09-30T22:00:00.000Z", to = "2025-10-31T23:00:00.000Z" })
has(page, "26 October 2025, 02:30 (+02:00) – 02:10 (+01:00)")
equal(http.put("/api/admin/invoices/recipients/Ahead001", { name = "A", address = { "B" }, language = "de" }).status, 200)
session(berlin, "Ahead", "2025-03-30T00:30:00.000Z", "2025-03-30T01:30:00.000Z")
invoice, page = issued("Ahead", "2025-03")
matches(invoice, { from = "2025-02-28T23:00:00.000Z", to = "2025-03-31T22:00:00.000Z" })
has(page, "30. März 2025, 01:30 (+01:00) – 03:30 (+02:00)", "<td>März 2025</td>")

log "a station elsewhere has its own clocks; the year's last minutes"
session(lisbon, "Lisbon", "2025-12-31T22:50:00.000Z", "2025-12-31T22:59:59.999Z")
invoice, page = issued("Lisbon", "2025-12")
matches(invoice, { to = "2025-12-31T23:00:00.000Z" })
has(page, "31 December 2025, 22:50 – 22:59", "LISBON, LISBON, connector 1")

log "the first moment of a month is not in the one before; nor is what came before invoices were made here"
session(berlin, "Edge", "2025-10-31T22:00:00.000Z", "2025-10-31T23:00:00.000Z")
equal(http.post("/api/admin/invoices", { user_id = "Edge001", month = "2025-10" }).status, 409)
equal(http.put("/api/admin/invoices/issuer", { first_session_at = "2025-11-01T01:00:00+02:00" }).status, 200)
session(berlin, "Edge", "2025-10-31T21:00:00.000Z", "2025-10-31T22:59:59.999Z")
invoice = issued("Edge", "2025-11")
equal(#invoice.sessions, 1)
equal(invoice.sessions[1].stopped_at, "2025-11-01T00:00:00+01:00")
