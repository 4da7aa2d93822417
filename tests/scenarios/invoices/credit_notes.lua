-- What was invoiced is corrected by credit notes only: parts, all of it, a cancelled invoice; tax rate by rate. And the proof
-- that numbers and figures are right, which sees what was tampered with.
seed.charger "CP"
seed.token { id_tag = "ANNA", user_id = "anna" }
local source = [[
function price(session)
  local lines = {}
  tariff.add(lines, "energy", "Energy", session.energy_wh / 1000, "kWh", 40)
  tariff.add(lines, "flat", "Parking", 1, "session", 300)
  tariff.add(lines, "tax", "Tax 19 %", 19, "%", lines[1].amount_minor / 100)
  tariff.add(lines, "tax", "Tax 7 %", 7, "%", 3)
  return { currency = session.currency, lines = busbar.array(lines), total_minor = tariff.sum(lines) }
end]]
local tariff = seed.tariff { name = "T", currency = "EUR", source = source }
equal(http.put("/api/admin/tariffs/" .. tariff.id .. "/assignment", json.decode "{}").status, 200)
local issuer = { legal_name = "ACME", address = { "Here" }, tax_id = "DE1" }
equal(http.put("/api/admin/invoices/issuer", issuer).status, 200)
equal(http.put("/api/admin/invoices/recipients/anna", { name = "Anna", address = { "There" } }).status, 200)

local cp = charger { id = "CP" }
cp:connect()
cp:boot()
local ids = {}
for i = 1, 2 do
  cp:start({ connector = 1, id_tag = "ANNA", meter_start = 0 }):stop { meter_stop = i * 10000 }
  eventually(function()
    local item = http.get("/api/admin/transactions?limit=1").body.items[1]
    ids[i] = item.id
    return item.price_state == "priced"
  end)
end
cp:disconnect()

local month, year = os.date "!%Y-%m", os.date "!%Y"
local invoice = http.post("/api/admin/invoices", { user_id = "anna", month = month }).body
-- 4.00 and 8.00 EUR of energy at 19 %, twice 3.00 EUR of parking at 7 %.
matches(invoice, {
  number = year .. "-000001", net_minor = 1800, tax_minor = 270, total_minor = 2070,
  taxes = { { percent = 19, net_minor = 1200, tax_minor = 228 }, { percent = 7, net_minor = 600, tax_minor = 42 } },
})
local notes = "/api/admin/invoices/" .. invoice.id .. "/credit-notes"
local function refused(body, status, path)
  local response = http.post(notes, body)
  equal(response.status, status, response.text)
  equal(response.body.errors[1].path, path, response.text)
end

log "a part"
refused({ reason = "x", amount_minor = 2071 }, 409, "amount_minor")
refused({ reason = "x", amount_minor = 0 }, 422, "amount_minor")
refused({ amount_minor = 1 }, 422, "reason")
refused({ reason = "x", transaction_id = 99 }, 409, "transaction_id")
refused({ reason = "x", cancel = true, amount_minor = 5 }, 422, "cancel")
local response = http.post(notes, { reason = "Broken <display>", amount_minor = 500, reference = "case-1" })
equal(response.status, 201, response.text)
local note = response.body
matches(note, {
  kind = "credit_note", number = "C" .. year .. "-000001", refers_to = invoice.id, refers_to_number = invoice.number,
  total_minor = -500, reason = "Broken <display>", recipient = { name = "Anna" }, user_id = "anna",
})
equal(note.taxes[1].gross_minor + note.taxes[2].gross_minor, -500)
equal(note.taxes[1].gross_minor, -345) -- 1428 of 2070
matches(http.get("/api/admin/invoices/" .. invoice.id).body, { credited_minor = 500, total_minor = 2070, cancelled = false })

log "the same reference is the same credit note"
response = http.post(notes, { reason = "again", amount_minor = 500, reference = "case-1" })
equal(response.status, 200, response.text)
equal(response.body.id, note.id)
equal(http.post(notes, { reason = "again", amount_minor = 501, reference = "case-1" }).status, 409)
equal(#http.get("/api/admin/invoices?kind=credit_note").body.items, 1)

log "many at once: never more than there is, and no number twice"
local made, late = 0, 0
local at_once = {}
for i = 1, 8 do
  at_once[i] = function()
    local answer = http.post(notes, { reason = "at once", amount_minor = 400 })
    if answer.status == 201 then made = made + 1 else equal(answer.status, 409, answer.text) late = late + 1 end
  end
end
parallel(table.unpack(at_once))
check(made >= 1 and made <= 3, made .. " of 4.00 EUR are in 15.70 EUR")
local left = 1570 - made * 400
matches(http.get("/api/admin/invoices/" .. invoice.id).body, { credited_minor = 2070 - left })

log "all that is left, to the last cent of each rate"
equal(http.post(notes, { reason = "x", cancel = true }).status, 409)
response = http.post(notes, { reason = "The rest" })
equal(response.status, 201, response.text)
equal(response.body.total_minor, -left)
local sums = {}
for _, item in ipairs(http.get("/api/admin/invoices?refers_to=" .. invoice.id).body.items) do
  for _, rate in ipairs(http.get("/api/admin/invoices/" .. item.id).body.taxes) do
    sums[rate.percent] = sums[rate.percent] or { net = 0, tax = 0 }
    sums[rate.percent].net, sums[rate.percent].tax = sums[rate.percent].net + rate.net_minor, sums[rate.percent].tax + rate.tax_minor
  end
end
matches(sums, { [19] = { net = -1200, tax = -228 }, [7] = { net = -600, tax = -42 } })
refused({ reason = "x" }, 409, "amount_minor")
equal(http.post("/api/admin/invoices/" .. note.id .. "/credit-notes", { reason = "x" }).status, 409, "a credit note is not credited")
local page = http.get("/api/admin/invoices/" .. note.id .. "/html").text
for _, text in ipairs { "Credit note C" .. year .. "-000001", "Credit for invoice " .. invoice.number, "Broken &lt;display&gt;", "<td>-5.00</td>" } do
  check(page:find(text, 1, true), text .. " is on\n" .. page)
end
equal(http.post("/api/admin/invoices", { user_id = "anna", month = month }).status, 409, "its sessions stay on it")

log "cancelled: its sessions may stand on another"
cp:reconnect()
cp:boot()
cp:start({ connector = 1, id_tag = "ANNA", meter_start = 0 }):stop { meter_stop = 1000 }
cp:disconnect()
local wrong
eventually(function()
  local answer = http.post("/api/admin/invoices", { user_id = "anna", month = month })
  wrong = answer.body
  return answer.status == 201
end)
response = http.post("/api/admin/invoices/" .. wrong.id .. "/credit-notes", { reason = "Wrong address", cancel = true })
equal(response.status, 201, response.text)
matches(response.body, { total_minor = -wrong.total_minor })
matches(http.get("/api/admin/invoices/" .. wrong.id).body, { cancelled = true, credited_minor = wrong.total_minor })
response = http.post("/api/admin/invoices", { user_id = "anna", month = month })
equal(response.status, 201, response.text)
matches(response.body, { number = year .. "-000003", total_minor = wrong.total_minor })
local session = response.body.sessions[1].transaction_id
response = http.post("/api/admin/invoices/" .. response.body.id .. "/credit-notes", { reason = "One session", transaction_id = session, amount_minor = 1 })
equal(response.status, 201, response.text)
matches(response.body, { transaction_id = session, total_minor = -1 })

log "the proof"
local proof = http.get("/api/admin/invoices/check").body
check(proof.sound, show(proof))
equal(proof.documents, 3 + 1 + made + 1 + 1 + 1)
equal(proof.series[1].last_number, 3)
local function finds(sql, what, pattern)
  server.sql(sql)
  local found = http.get("/api/admin/invoices/check").body
  equal(found.sound, false)
  for _, item in ipairs(found.problems) do
    if item.problem == what and item.detail:find(pattern) then return end
  end
  check(false, what .. " is in " .. show(found))
end
finds("update invoices set total_minor = total_minor + 1, net_minor = net_minor + 1 where id = '" .. invoice.id .. "';", "sum", "its document says 2070, not 2071")
server.sql("update invoices set total_minor = total_minor - 1, net_minor = net_minor - 1 where id = '" .. invoice.id .. "';")
finds("update transactions set price_minor = price_minor + 1 where id = " .. ids[1] .. ";", "repriced", "1 of its sessions")
server.sql("update transactions set price_minor = price_minor - 1 where id = " .. ids[1] .. ";")
finds("update invoices set credited_minor = credited_minor - 1 where id = '" .. invoice.id .. "';", "credit", "2070, not 2069")
server.sql("update invoices set credited_minor = credited_minor + 1 where id = '" .. invoice.id .. "';")
check(http.get("/api/admin/invoices/check").body.sound)
finds("delete from invoices where number = 'C" .. year .. "-000001';", "gap", "number 1 is missing")
check(http.get("/api/admin/invoices/check?operator_id=other").body.sound, "the other operator has nothing")
