-- Who may only look runs no Lua of their own: it could write to the operator's store.
local key = http.post("/api/admin/keys", { name = "viewer", role = "readonly" }).body.key
local function post(path, body, as)
  return http { method = "POST", path = "/api/admin/tariffs/" .. path, body = body, key = as }
end
local writes = { currency = "EUR", source = [[
function price(session)
  busbar.scripts.put("mark", session.currency)
  return tariff.bill(session, {})
end]] }
local reads = { currency = "EUR", source = [[
function price(session)
  error(tostring(busbar.scripts.get "mark"), 0)
end]] }
local stored = seed.tariff { name = "Stored", currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 10 } }

matches(post("try", { example = "night", tariff = writes }, key), { status = 403, body = { errors = { { path = "tariff.source" } } } })
equal(post("diff", { tariff_id = stored.id, tariff = writes }, key).status, 403)
matches(post("try", { example = "night", tariff = reads }), { status = 422, body = { detail = "tariff:2: nil" } })

local flat = { currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 20 } }
matches(post("try", { example = "night", tariff = flat }, key), { status = 200, body = { total_minor = 800 } })
matches(post("try", { example = "night", tariff_id = stored.id }, key), { status = 200, body = { total_minor = 400 } })
equal(post("diff", { tariff_id = stored.id, tariff = flat }, key).status, 200)

equal(post("try", { example = "night", tariff = writes }).status, 200)
matches(post("try", { example = "night", tariff = reads }), { status = 422, body = { detail = "tariff:2: EUR" } })
