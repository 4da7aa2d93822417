-- A receipt for each session: issued when it is priced or when it is asked for, once; anew when the price is another. What a
-- driver may see.
settings { config = { invoices = { look_every = "200ms" } } }
seed.charger "CP"
seed.token { id_tag = "ANNA", user_id = "anna" }
seed.token { id_tag = "NOBODY" }
local tariff = seed.tariff { name = "T", currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 50, tax_percent = 19, tax_included = true } }

local cp = charger { id = "CP" }
cp:connect()
cp:boot()
local function charge(id_tag, wh)
  cp:start({ connector = 1, id_tag = id_tag, meter_start = 0 }):stop { meter_stop = wh }
  return http.get("/api/admin/transactions?limit=1").body.items[1].id
end
local function priced(id)
  eventually(function() return http.get("/api/admin/transactions/" .. id).body.price_state == "priced" end)
  return "/api/admin/transactions/" .. id .. "/receipt"
end

log "no price, no receipt; no issuer, no receipt"
local early = charge("NOBODY", 1000)
equal(http.get("/api/admin/transactions/" .. early .. "/receipt").status, 409)
equal(http.get("/api/admin/transactions/99/receipt").status, 404)
equal(http.put("/api/admin/tariffs/" .. tariff.id .. "/assignment", json.decode "{}").status, 200)
local path = priced(charge("NOBODY", 2380))
local response = http.get(path)
equal(response.status, 409, response.text)
equal(response.body.errors[1].path, "issuer.legal_name")
local issuer = { legal_name = "ACME", address = { "Here" }, tax_id = "DE1", language = "de" }
equal(http.put("/api/admin/invoices/issuer", issuer).status, 200)

log "the first to ask has it issued, however many ask"
local year = os.date "!%Y"
local ids, all = {}, {}
for i = 1, 6 do
  all[i] = function()
    local got = http.get(path)
    equal(got.status, 200, got.text)
    ids[got.body.id] = true
    response = got
  end
end
parallel(table.unpack(all))
check(next(ids) and not next(ids, next(ids)), "all have the same one: " .. show(ids))
-- 2.38 kWh at 0.50 EUR with 19 % in it.
matches(response.body, {
  kind = "receipt", number = "R" .. year .. "-000001", user_id = json.null, recipient = json.null, net_minor = 100, tax_minor = 19, total_minor = 119,
  taxes = { { percent = 19, net_minor = 100, tax_minor = 19, gross_minor = 119 } },
})
local page = http.get(path .. "/html")
equal(page.status, 200)
for _, text in ipairs { "Beleg R" .. year .. "-000001", "keine Rechnung", "1,19 EUR" } do check(page.text:find(text, 1, true), page.text) end
local pdf = http.get(path .. "/pdf")
equal(pdf.headers["content-type"], "application/pdf")
equal(pdf.headers["content-disposition"], 'attachment; filename="R' .. year .. '-000001.pdf"')
equal(#http.get("/api/admin/invoices?kind=receipt").body.items, 1)

log "by itself, for an issuer who wants that"
equal(http.put("/api/admin/invoices/issuer", { receipts = true }).status, 200)
local id = charge("ANNA", 1000)
local mine = eventually(function() return http.get("/api/admin/invoices?kind=receipt&transaction_id=" .. id).body.items[1] end)
equal(mine.number, "R" .. year .. "-000002")
equal(http.get(priced(id)).body.id, mine.id)

log "it is no invoice: the session may be invoiced"
equal(http.put("/api/admin/invoices/recipients/anna", { name = "Anna", address = { "There" } }).status, 200)
local invoice = http.post("/api/admin/invoices", { transaction_id = id })
equal(invoice.status, 201, invoice.text)
equal(invoice.body.number, year .. "-000001")

log "another price, another receipt"
server.sql("update transactions set priced_at = '2026-01-02T00:00:00.000Z' where id = " .. id .. ";")
equal(http.get(priced(id)).body.number, "R" .. year .. "-000003")
equal(http.get(priced(id)).body.number, "R" .. year .. "-000003")

log "a driver sees their own"
local anna = { key = http.post("/api/admin/keys", { name = "a", role = "user", user_id = "anna" }).body.key }
local bert = { key = http.post("/api/admin/keys", { name = "b", role = "user", user_id = "bert" }).body.key }
equal(#http.get("/users/anna/invoices", nil, anna).body.items, 3)
equal(#http.get("/users/anna/invoices?kind=invoice", nil, anna).body.items, 1)
equal(http.get("/users/anna/invoices", nil, bert).status, 404)
equal(#http.get("/users/bert/invoices", nil, bert).body.items, 0)
local own = "/users/anna/invoices/" .. invoice.body.id
equal(http.get(own, nil, anna).body.id, invoice.body.id)
equal(http.get(own .. "/html", nil, anna).status, 200)
equal(http.get(own .. "/pdf", nil, anna).status, 200)
equal(http.get(own, nil, bert).status, 404)
equal(http.get("/users/bert/invoices/" .. invoice.body.id, nil, bert).status, 404)
equal(http.get("/api/admin/invoices/" .. invoice.body.id, nil, anna).status, 403)
equal(http.get(path, nil, anna).status, 403)

log "another operator has none of it"
server.sql "insert into operators (id, name, created_at) values ('other', 'Other', '2026-01-01T00:00:00.000Z');"
local other = { key = http.post("/api/admin/keys", { name = "o", role = "operator", operator_id = "other" }).body.key }
equal(http.get(path, nil, other).status, 404)
equal(http.get(path .. "/pdf", nil, other).status, 404)
check(http.get("/api/admin/invoices/check").body.sound)
cp:disconnect()
