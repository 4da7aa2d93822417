-- A session is charged, priced and invoiced: who it is from and for, its figures, and what is refused.
seed.charger "CP"
seed.token { id_tag = "ANNA", user_id = "anna" }
seed.token { id_tag = "BERT", user_id = "bert" }
local tariff = seed.tariff {
  name = "T", currency = "EUR", bundled = "flat",
  settings = { price_per_kwh_minor = 45.5, session_fee_minor = 100, tax_percent = 19 },
}
equal(http.put("/api/admin/tariffs/" .. tariff.id .. "/assignment", json.decode "{}").status, 200)

local cp = charger { id = "CP" }
cp:connect()
cp:boot()
local meter = 0
local function charge(id_tag, wh, start, stop)
  local session = cp:start { connector = 1, id_tag = id_tag, meter_start = meter, timestamp = now(start or -3600) }
  meter = meter + wh
  session:stop { meter_stop = meter, timestamp = now(stop or -60) }
  local item
  eventually(function()
    item = http.get("/api/admin/transactions?limit=1").body.items[1]
    return item.price_state == "priced"
  end)
  return item.id
end
local function refused(response, status, path, rule)
  equal(response.status, status, response.text)
  if path then
    equal(response.body.errors[1].path, path, response.text)
    check(response.body.errors[1].rule:find(rule, 1, true), response.text)
  end
end

local first = charge("ANNA", 12345)

log "without an issuer and a recipient nothing is issued, and what is missing is said"
refused(http.get "/api/admin/invoices/issuer", 404)
local response = http.post("/api/admin/invoices", { transaction_id = first })
refused(response, 409, "issuer.legal_name", "is missing")
equal(#response.body.errors, 5)
local issuer = { legal_name = "Müller & Söhne GmbH", address = { "Hafenstraße 1", "20457 Hamburg" }, bank = { "Bank: X", "IBAN: DE00" } }
equal(http.put("/api/admin/invoices/issuer", issuer).status, 200)
response = http.post("/api/admin/invoices", { transaction_id = first })
equal(#response.body.errors, 3, response.text)
refused(response, 409, "issuer.tax_id", "is missing")
matches(http.put("/api/admin/invoices/issuer", { tax_id = "DE123", footer = { "Thank you" } }).body, { legal_name = issuer.legal_name, tax_id = "DE123" })
refused(http.post("/api/admin/invoices", { transaction_id = first }), 409, "recipient.name", "is missing")
local anna = { name = "Anna <script>alert(1)</script>", address = { "Weg 2", "10115 Berlin" }, language = "de" }
equal(http.put("/api/admin/invoices/recipients/anna", anna).status, 200)
equal(#http.get("/api/admin/invoices").body.items, 0, "nothing was issued, no number is gone")

log "a session's invoice"
response = http.post("/api/admin/invoices", { transaction_id = first })
equal(response.status, 201, response.text)
local invoice = response.body
equal(response.headers.location, "/api/admin/invoices/" .. invoice.id)
-- 12.345 kWh at 0.455 EUR are 5.617 EUR, and 1 EUR for the session, and 19 %.
matches(invoice, {
  kind = "invoice", number = os.date "!%Y" .. "-000001", user_id = "anna", transaction_id = first, currency = "EUR", decimals = 2,
  net_minor = 662, tax_minor = 126, total_minor = 788, credited_minor = 0, cancelled = false, language = "de",
  issuer = { legal_name = issuer.legal_name, tax_id = "DE123" }, recipient = { name = anna.name },
  taxes = { { percent = 19, net_minor = 662, tax_minor = 126, gross_minor = 788 } },
  sessions = { { transaction_id = first, charge_point_id = "CP", energy_wh = 12345, total_minor = 788 } },
})
equal(#invoice.sessions, 1)
equal(#invoice.sessions[1].lines, 3)
equal(http.get("/api/admin/transactions/" .. first).body.price.amount_minor, 788)

log "it stands on that invoice only"
refused(http.post("/api/admin/invoices", { transaction_id = first }), 409)
refused(http.post("/api/admin/invoices", { transaction_id = 999 }), 404)

log "it does not change with its issuer, its recipient or its price"
equal(http.put("/api/admin/invoices/issuer", { legal_name = "Other" }).status, 200)
equal(http.delete("/api/admin/invoices/recipients/anna").status, 204)
matches(http.get("/api/admin/invoices/" .. invoice.id).body, invoice)
equal(http.put("/api/admin/invoices/recipients/anna", anna).status, 200)

log "as a page: in the recipient's language, and no more than text"
local page = http.get("/api/admin/invoices/" .. invoice.id .. "/html")
equal(page.status, 200, page.text)
equal(page.headers["content-type"], "text/html; charset=utf-8")
check(page.headers["content-security-policy"]:find "default%-src 'none'")
equal(page.headers["content-disposition"], 'inline; filename="' .. invoice.number .. '.html"')
for _, text in ipairs {
  "Rechnung " .. invoice.number, "Müller &amp; Söhne GmbH", "Anna &lt;script&gt;alert(1)&lt;/script&gt;", "12,345 kWh", "<td>0,455</td>",
  "<td>5,62</td>", "Startgebühr", "MwSt. 19 %", "<td>7,88 EUR</td>",
} do
  check(page.text:find(text, 1, true), text .. " is on\n" .. page.text)
end
check(not page.text:find("<script", 1, true))
equal(http.get("/api/admin/invoices/" .. invoice.id .. "/html", nil, { headers = { ["If-None-Match"] = page.headers.etag } }).status, 304)
equal(http.get("/api/admin/invoices/" .. invoice.id .. "/html").text, page.text, "the same bytes")

log "a user's month: what is left, and nothing twice"
local month = os.date "!%Y-%m"
refused(http.post("/api/admin/invoices", { user_id = "anna", month = month }), 409)
local second, third = charge("ANNA", 1000), charge("ANNA", 2000)
charge("BERT", 5000)
local free = charge("ANNA", 0)
equal(http.get("/api/admin/transactions/" .. free).body.price.amount_minor, 0)
response = http.post("/api/admin/invoices", { user_id = "anna", month = month, language = "en" })
equal(response.status, 201, response.text)
matches(response.body, {
  number = os.date "!%Y" .. "-000002", month = month, transaction_id = json.null, user_id = "anna",
  sessions = { { transaction_id = second }, { transaction_id = third } },
})
equal(#response.body.sessions, 2, "a session without a price is not on it")
local sum = 0
for _, session in ipairs(response.body.sessions) do sum = sum + session.total_minor end
equal(response.body.total_minor, sum)
check(http.get("/api/admin/invoices/" .. response.body.id .. "/html").text:find("Invoice " .. response.body.number, 1, true))
refused(http.post("/api/admin/invoices", { user_id = "anna", month = month }), 409)
refused(http.post("/api/admin/invoices", { user_id = "bert", month = month }), 409, "recipient.name", "is missing")
refused(http.post("/api/admin/invoices", { user_id = "anna", month = "2026-13" }), 422, "month", "is no month")
refused(http.post("/api/admin/invoices", { user_id = "anna" }), 422, "month", "is missing")
refused(http.post("/api/admin/invoices", { month = month }), 422, "transaction_id", "is missing")
refused(http.post("/api/admin/invoices", { transaction_id = free }), 409)

log "lists"
equal(#http.get("/api/admin/invoices?user_id=anna&kind=invoice").body.items, 2)
equal(http.get("/api/admin/invoices?transaction_id=" .. third).body.items[1].id, response.body.id)
equal(http.get("/api/admin/invoices?number=" .. invoice.number).body.items[1].id, invoice.id)
equal(#http.get("/api/admin/invoices?month=" .. month).body.items, 1)
equal(#http.get("/api/admin/invoices?user_id=bert").body.items, 0)
local one = http.get("/api/admin/invoices?limit=1").body
equal(one.items[1].id, response.body.id)
equal(http.get("/api/admin/invoices?cursor=" .. one.next_cursor).body.items[1].id, invoice.id)

log "prefixes"
for _, bad in ipairs { "{year}", "A1", "a<b-", "{year}-{year}-", "R{year}-" } do
  refused(http.put("/api/admin/invoices/issuer", { invoice_prefix = bad }), 422)
end
equal(http.put("/api/admin/invoices/issuer", { invoice_prefix = "HH/" }).status, 200)
equal(http.put("/api/admin/invoices/recipients/bert", { name = "Bert", address = { "Here" } }).status, 200)
matches(http.post("/api/admin/invoices", { user_id = "bert", month = month }).body, { number = "HH/000001", language = "en" })

log "another operator has none of this"
server.sql "insert into operators (id, name, created_at) values ('other', 'Other', '2026-01-01T00:00:00.000Z');"
local other = { key = http.post("/api/admin/keys", { name = "o", role = "operator", operator_id = "other" }).body.key }
local reader = { key = http.post("/api/admin/keys", { name = "r", role = "readonly", operator_id = "default" }).body.key }
equal(#http.get("/api/admin/invoices", nil, other).body.items, 0)
equal(#http.get("/api/admin/invoices", nil, reader).body.items, 3)
for _, path in ipairs { "/" .. invoice.id, "/" .. invoice.id .. "/html", "/issuer", "/recipients/anna" } do
  equal(http.get("/api/admin/invoices" .. path, nil, other).status, 404, path)
  equal(http.get("/api/admin/invoices" .. path, nil, reader).status, 200, path)
end
equal(#http.get("/api/admin/invoices/recipients", nil, other).body.items, 0)
equal(#http.get("/api/admin/invoices/recipients", nil, reader).body.items, 2)
equal(http.post("/api/admin/invoices", { transaction_id = free }, other).status, 404)
equal(http.post("/api/admin/invoices", { user_id = "anna", month = month, operator_id = "default" }, other).status, 403)
equal(http.put("/api/admin/invoices/issuer?operator_id=default", { note = "x" }, other).status, 403)
equal(http.put("/api/admin/invoices/issuer", { note = "x" }, reader).status, 403)
equal(http.post("/api/admin/invoices", { transaction_id = free }, reader).status, 403)
cp:disconnect()
