-- Every hook that a charger's life asks, answered by its operator's script, to an effect; and what follows where it fails.
settings { config = { scripts = { refresh = "200ms" }, lua = { time = "20ms" } } }
local scripts = require "scripts"

seed.charger "CP"
seed.token "TAG"
local cp = charger { id = "CP" }
cp:connect()
cp:boot()

local function push(source)
  return scripts.push({ main = source }, {}, 201)
end
local function link()
  return http.get("/api/admin/chargers?charge_point_id=CP").body.items[1]
end

log "authorize: the script decides, or passes"
push [[
function authorize(question)
  if question.id_tag == "GUEST" then return { status = "Accepted", user_id = "guest of " .. question.operator_id } end
  if question.purpose == "authorize" and question.id_tag == "TAG" then return nil end
end]]
equal(cp:call("Authorize", { idTag = "GUEST" }).idTagInfo.status, "Accepted")
equal(cp:call("Authorize", { idTag = "TAG" }).idTagInfo.status, "Accepted")
equal(cp:call("Authorize", { idTag = "NOBODY" }).idTagInfo.status, "Invalid")

log "stop: flags and a note; price: lines, with the others' tariffs behind it"
push [[
function stop(session)
  return { flags = { "checked" }, note = session.energy_wh .. " Wh in " .. session.duration_s .. " s" }
end
function price(session)
  return { currency = "EUR", total_minor = 42, lines = { { kind = "flat", description = "Session", amount_minor = 42 } } }
end]]
local function session(energy_wh)
  cp:start({ connector = 1, id_tag = "TAG", meter_start = 0 }):stop { meter_stop = energy_wh }
  return http.get("/api/admin/transactions?charger=CP").body.items[1].id
end
local function shown(id)
  return http.get("/api/admin/transactions/" .. id).body
end
local id = session(1000)
matches(shown(id), { state = "completed", energy_wh = 1000, note = function(n) return n:find "^1000 Wh in %d+ s$" end })
equal(shown(id).flags[1], "checked")
eventually(function() return shown(id).price_state == "priced" end)
matches(shown(id), { price = { amount_minor = 42, currency = "EUR" } })

log "boot: accepted, pending, rejected, and how often it sends heartbeats"
push [[
function boot(charger)
  if charger.vendor == "Bad" then return { status = "Rejected", interval_s = 90 } end
  if charger.model == "New" then return { status = "Pending" } end
  if charger.firmware_version == "slow" then return { interval_s = 3600 } end
  return { status = "Accepted" }
end]]
local function booted(vendor, model, firmware)
  return cp:call("BootNotification", { chargePointVendor = vendor, chargePointModel = model, firmwareVersion = firmware })
end
matches(booted("Good", "Old"), { status = "Accepted", interval = 300 })
matches(booted("Good", "Old", "slow"), { status = "Accepted", interval = 3600 })
matches(booted("Good", "New"), { status = "Pending", interval = 60 })
equal(link().registration, "pending")
equal(cp:call("Authorize", { idTag = "TAG" }).idTagInfo.status, "Invalid")
matches(booted("Bad", "New"), { status = "Rejected", interval = 90 })
equal(link().registration, "rejected")
matches(booted("Good", "Old"), { status = "Accepted" })
equal(cp:call("Authorize", { idTag = "TAG" }).idTagInfo.status, "Accepted")
equal(link().registration, "accepted")

log "admit: one that the others let in may be refused"
push [[
function admit(charger)
  if charger.vendor == "Bad" then return { status = 403, reason = "a bad vendor" } end
end]]
matches(booted("Bad", "New"), { status = "Accepted" })
cp:disconnect()
fails(function() cp:connect() end, "403")
check(server.log():find([[charge_point_id=CP operator=default reason=\"a bad vendor\"]], 1, true))
push "function admit(charger) return nil end"
cp:connect()
matches(booted("Good", "Old"), { status = "Accepted" })

log "normalize: what was meant, ahead of validation; the charger connects again for it"
push [[
function normalize(message)
  if message.action ~= "DataTransfer" then return nil end
  message.payload.vendorId = message.payload.vendor_id or message.payload.vendorId
  message.payload.vendor_id = nil
  return { payload = message.payload }
end
function data_transfer(question)
  return { status = "Accepted", data = question.vendor_id }
end]]
cp:reconnect()
equal(cp:call("DataTransfer", { vendor_id = "meant" }).data, "meant")
equal(cp:call("DataTransfer", { vendorId = "right" }).data, "right")

log "the store: what one call puts, another gets, of this operator only"
push [[
function data_transfer(question)
  local seen = busbar.scripts.get("seen") or { count = 0 }
  seen.count = seen.count + 1
  busbar.scripts.put("seen", seen)
  if question.data == "forget" then busbar.scripts.put("seen", nil) end
  if question.data == "long" then busbar.scripts.put("long", string.rep("x", 70000)) end
  if question.data == "key" then busbar.scripts.put(string.rep("k", 129), 1) end
  return { status = "Accepted", data = tostring(seen.count) }
end]]
local function counted(data)
  return cp:call("DataTransfer", { vendorId = "any", data = data })
end
equal(counted().data, "1")
equal(counted("forget").data, "2")
equal(counted().data, "1")
equal(counted("long").status, "Rejected")
equal(counted("key").status, "Rejected")
matches(scripts.failed("data_transfer", 2), {
  operator_id = "default", script = "main", line = 7,
  detail = function(text) return text:find "a key is a text of 1 to 128 bytes" end,
})

log "an endless loop in each hook: its failure rule, counted with the line, and nothing else"
local poisoned = "function %s(question)\n  while true do end\nend"
push(poisoned:format "authorize")
equal(cp:call("Authorize", { idTag = "TAG" }).idTagInfo.status, "Invalid")
push(poisoned:format "data_transfer")
equal(counted().status, "Rejected")
push(poisoned:format "boot")
matches(booted("Good", "Old"), { status = "Accepted", interval = 300 })
push(poisoned:format "stop")
id = session(2000)
matches(shown(id), { state = "completed", energy_wh = 2000, note = json.null })
push(poisoned:format "normalize")
cp:reconnect()
equal(cp:call("DataTransfer", { vendorId = "any" }).status, "UnknownVendorId")
push(poisoned:format "price")
id = session(3000)
eventually(function() return shown(id).price_state == "failed" end)
check(shown(id).price_error:find("main:2:", 1, true), shown(id).price_error)
push(poisoned:format "admit")
cp:disconnect()
fails(function() cp:connect() end, "503")
for _, hook in ipairs { "authorize", "boot", "stop", "normalize", "price", "admit" } do
  matches(scripts.failed(hook, 1), { script = "main", line = 2, detail = function(text) return text:find "runs for more than" end })
end
check(server.log():find("hook boot: script main:2 failed: runs for more than", 1, true))

log "answers of the wrong kind likewise"
push [[
function authorize(question) return { status = "Perhaps" } end
function admit(charger) busbar.scripts.get("x") end]]
fails(function() cp:connect() end, "503")
eventually(function() return scripts.failed("admit", 1).detail:find "at once" end)
push "function authorize(question) return { status = 'Perhaps' } end"
cp:connect()
equal(cp:call("Authorize", { idTag = "TAG" }).idTagInfo.status, "Invalid")
eventually(function() return scripts.failed("authorize", 1).detail:find "status" end)

log "what has failed is priced and admitted again once the script is mended"
equal(http.post("/api/admin/scripts/activate", { versions = array {}, replace = true }).status, 200)
equal(http.post("/api/admin/transactions/" .. id .. "/price").status, 202)
equal(cp:call("Authorize", { idTag = "TAG" }).idTagInfo.status, "Accepted")
