-- A month's invoices of all users: by hand, by themselves, again, and with kill -9 in the middle.
local invoicing = require "invoicing"
settings { config = { invoices = { run_after = "0s" } } }

local month, at = invoicing.last_month()
local charger_id = seed.charger("CP").id
local USERS, SESSIONS = 200, 3

log "without an issuer there is no run"
equal(http.post("/api/admin/invoices/run").status, 409)
invoicing.issuer()
equal(http.post("/api/admin/invoices/run", { month = os.date "!%Y-%m" }).status, 422, "the month is not over")
equal(http.post("/api/admin/invoices/run", { month = "2026-00" }).status, 422)

invoicing.sessions { users = USERS, sessions = SESSIONS, charger = charger_id, at = at }
invoicing.sessions { users = 3, sessions = 1, charger = charger_id, at = at, prefix = "Nameless", nameless = true }

log "killed in the middle, twice"
local response = http.post("/api/admin/invoices/run", {})
equal(response.status, 202, response.text)
matches(response.body, { month = month, state = "running", operator_id = "default" })
for _, count in ipairs { 7, 93 } do
  local issued
  eventually(function()
    issued = #http.get("/api/admin/invoices?limit=500").body.items
    return issued >= count
  end, 60)
  check(issued < USERS, "it is in the middle: " .. issued)
  server.kill()
  server.sql "update tasks set claimed_until = null where state = 'waiting';" -- PostgreSQL's claims lapse after five minutes
  server.start()
end
local run = invoicing.run_ended(month)
matches(run, { issued = USERS, skipped = 3 })

local list = invoicing.all("month=" .. month)
equal(#list, USERS)
local seen, numbers = {}, {}
for _, invoice in ipairs(list) do
  check(not seen[invoice.user_id], invoice.user_id .. " is invoiced once")
  seen[invoice.user_id] = true
  numbers[tonumber(invoice.number:match "(%d+)$")] = true
  equal(invoice.total_minor, SESSIONS * 119 + SESSIONS * (SESSIONS + 1) // 2)
end
equal(#numbers, USERS, "numbers from 1 on, without a gap")
local proof = http.get("/api/admin/invoices/check").body
check(proof.sound, show(proof))
equal(proof.series[1].last_number, USERS)

log "who was left out, and why"
local skipped = http.get("/api/admin/invoices/runs/skipped?month=" .. month).body.items
equal(#skipped, 3)
check(skipped[1].reason:find("recipient.name", 1, true), skipped[1].reason)

log "again: only what is left"
equal(http.put("/api/admin/invoices/recipients/" .. skipped[1].user_id, { name = "X", address = { "Y" } }).status, 200)
equal(http.post("/api/admin/invoices/run", { month = month }).status, 202)
eventually(function() return invoicing.run_ended(month).started_at ~= run.started_at end)
matches(invoicing.run_ended(month), { issued = 1, skipped = 2 })
equal(#invoicing.all("month=" .. month), USERS + 1)

log "two currencies are two invoices; a late session is on the next month's"
invoicing.sessions { users = 1, sessions = 2, charger = charger_id, at = at, currency = "JPY", prefix = "Two" }
invoicing.sessions { users = 1, sessions = 1, charger = charger_id, at = at, currency = "KWD", prefix = "Two" }
response = http.post("/api/admin/invoices", { user_id = "Two001", month = os.date "!%Y-%m" })
equal(response.status, 201, response.text)
matches(response.body, { currency = "JPY", decimals = 0, total_minor = 241 })
equal(http.post("/api/admin/invoices/run", { month = month }).status, 202)
eventually(function() return #invoicing.all "user_id=Two001" == 2 end)
local kwd = http.get("/api/admin/invoices/" .. invoicing.all("user_id=Two001&month=" .. month)[1].id).body
matches(kwd, { currency = "KWD", decimals = 3, total_minor = 120 })
check(http.get("/api/admin/invoices/" .. kwd.id .. "/html").text:find("<td>0.120 KWD</td>", 1, true))
check(http.get("/api/admin/invoices/" .. response.body.id .. "/html").text:find("<td>241 JPY</td>", 1, true))

log "by itself, for an operator who wants that; sessions of before are left alone"
server.sql "insert into operators (id, name, time_zone, created_at) values ('other', 'Other', 'Europe/Berlin', '2026-01-01T00:00:00.000Z');"
local theirs = http.post("/api/admin/chargers", { charge_point_id = "CP2", operator_id = "other" }).body.id
invoicing.sessions { users = 5, sessions = 1, charger = theirs, at = at, operator_id = "other", prefix = "O" }
invoicing.sessions { users = 5, sessions = 1, charger = theirs, at = "2025-01-10T08:00:00.000Z", operator_id = "other", prefix = "O" }
invoicing.issuer "other"
equal(http.put("/api/admin/invoices/issuer?operator_id=other", { monthly = true, first_session_at = "2025-02-01T00:00:00Z" }).status, 200)
server.restart()
matches(invoicing.run_ended(month, "other"), { issued = 5, skipped = 0 })
local other = { key = http.post("/api/admin/keys", { name = "o", role = "operator", operator_id = "other" }).body.key }
local theirs_list = http.get("/api/admin/invoices", nil, other).body.items
equal(#theirs_list, 5)
equal(theirs_list[1].total_minor, 120)
equal(theirs_list[5].number, os.date "!%Y" .. "-000001", "numbers are an operator's own")
equal(#http.get("/api/admin/invoices/runs", nil, other).body.items, 1)
equal(http.post("/api/admin/invoices/run", { operator_id = "default" }, other).status, 403)
check(http.get("/api/admin/invoices/check").body.sound)
check(http.get("/api/admin/invoices/check?operator_id=other").body.sound)
