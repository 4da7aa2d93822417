-- Who has no money starts nothing; who has, has some held until the session is billed; over kills and offline sessions.
settings { config = { wallet = { start_minimum_minor = 100, hold_minor = 2000, hold_for = "2s" } } }
local wallets = require "wallets"

seed.charger "WH1"
for tag, user in pairs { ANNA = "anna", BEN = "ben", POST = "post" } do
  wallets.token(tag, user)
end
seed.token "FREE"
wallets.tariff { price_per_kwh_minor = 100 }
local anna, ben = wallets.make("anna", 5000), wallets.make("ben", 99)
local post = wallets.make("post", 0, { mode = "postpaid", credit_limit_minor = 1000 })
local cp = charger { id = "WH1", connectors = 6 }
cp:connect()
cp:boot()
cp:report_connectors()

local function start(connector, id_tag, at)
  return cp:start { connector = connector, id_tag = id_tag, meter_start = 0, timestamp = at }
end
local function is(w, held, available)
  eventually(function()
    local now = wallets.now(w)
    return now.held.amount_minor == held and now.available.amount_minor == available
  end)
end

log "too little: refused when the card is shown and at the start, which is stored all the same"
equal(cp:authorize("BEN").status, "Blocked")
local refused = start(1, "BEN")
equal(refused.status, "Blocked")
matches(http.get("/api/admin/transactions/" .. refused.id).body, { user_id = "ben", token_status = "Blocked", state = "active" })
is(ben, 0, 99)
refused:stop { meter_stop = 0 }
equal(wallets.bill_when(refused.id, "billed").amount.amount_minor, 0)

log "who is nobody's customer is not asked"
equal(cp:authorize("FREE").status, "Accepted")

log "each session holds what is configured, the last what is left"
equal(cp:authorize("ANNA").status, "Accepted")
local sessions = {}
for i, available in ipairs { 3000, 1000, 0 } do
  sessions[i] = start(i, "ANNA")
  equal(sessions[i].status, "Accepted")
  is(anna, 5000 - available, available)
end
local fourth = start(4, "ANNA")
equal(fourth.status, "Blocked")
equal(cp:authorize("ANNA").status, "Accepted", "it may want to stop")

log "the same start again holds nothing more"
cp:call("StartTransaction", { connectorId = 1, idTag = "ANNA", meterStart = 0, timestamp = http.get("/api/admin/transactions/" .. sessions[1].id).body.started_at })
is(anna, 5000, 0)

log "what is refused by others than the wallet holds nothing"
wallets.token("CARA", "cara")
local cara = wallets.make("cara", 5000)
local station = http.post("/api/admin/stations", { name = "Yard" }).body
seed.charger { charge_point_id = "WH-YARD", station_id = station.id }
equal(http.put("/api/admin/stations/" .. station.id .. "/tokens/CARA", { rule = "deny" }).status, 200)
local yard = charger { id = "WH-YARD", silent = true }
yard:connect()
yard:boot()
local denied = yard:start { connector = 1, id_tag = "CARA", meter_start = 0 }
equal(denied.status, "Blocked")
is(cara, 0, 5000)

log "kill -9: what is held is held"
server.kill()
server.start()
cp:wait_closed()
cp:reconnect()
cp:boot()
is(anna, 5000, 0)

log "billed: released"
sessions[1]:stop { meter_stop = 7000 }
wallets.bill_when(sessions[1].id, "billed")
is(anna, 3000, 1300)
fourth:stop { meter_stop = 0 }
wallets.bill_when(fourth.id, "billed")
sessions[2]:stop { meter_stop = 1000 }
sessions[3]:stop { meter_stop = 1000 }
wallets.bill_when(sessions[3].id, "billed")
is(anna, 0, 5000 - 900)

log "a start that a kill has cut off from its hold"
local s = start(1, "ANNA")
is(anna, 2000, 2100)
server.sql "update wallet_holds set transaction_id = null"
server.kill()
server.start()
cp:wait_closed()
cp:reconnect()
cp:boot()
wait(2.1)
is(anna, 2000, 2100)
s:stop { meter_stop = 100 }
is(anna, 0, 4090)

log "a hold whose session never came expires"
local never = start(1, "ANNA")
is(anna, 2000, 2090)
server.sql("update wallet_holds set start_at = '2020-01-01T00:00:00.000Z', transaction_id = null, expires_at = '2020-01-01T00:00:00.000Z'")
local after = start(2, "ANNA")
is(anna, 2000, 2090)
after:stop { meter_stop = 0 }
is(anna, 0, 4090)
never:stop { meter_stop = 0 }

log "an offline session that was begun is kept, whatever is on the wallet"
cp:disconnect()
local offline = start(1, "BEN", now(-7200))
offline:stop { meter_stop = 3000, timestamp = now(-3600) }
cp:reconnect()
cp:boot()
cp:flush()
local id = http.get("/api/admin/transactions?user=ben&limit=1").body.items[1].id
matches(http.get("/api/admin/transactions/" .. id).body, { energy_wh = 3000, token_status = "Blocked", state = "completed" })
matches(wallets.bill_when(id, "unbilled", "insufficient_balance"), { amount = { amount_minor = 99 }, owed = { amount_minor = 201 } })
is(ben, 0, -201)

log "postpaid: up to the limit, without holds"
local credit = start(1, "POST")
equal(credit.status, "Accepted")
is(post, 0, 1000)
credit:stop { meter_stop = 10000 }
wallets.bill_when(credit.id, "billed")
is(post, 0, 0)
equal(start(1, "POST").status, "Blocked")

log "many starts at once share what there is, and no more"
wallets.token("DORA", "dora")
local dora = wallets.make("dora", 4500)
local accepted, work, many = 0, {}, {}
for i = 1, 6 do
  seed.charger("WH1" .. i)
  many[i] = charger { id = "WH1" .. i, silent = true }
  many[i]:connect()
  many[i]:boot()
  work[i] = function()
    if many[i]:start({ connector = 1, id_tag = "DORA", meter_start = 0 }).status == "Accepted" then
      accepted = accepted + 1
    end
  end
end
parallel(table.unpack(work))
equal(accepted, 3)
is(dora, 4500, 0)

log "a card of a group is let stop what another of it began, whoever pays"
local groups = charger { id = "WH2" }
seed.charger "WH2"
groups:connect()
groups:boot()
wallets.make("carla", 2000)
wallets.make("dan")
seed.token { id_tag = "CARLA", user_id = "carla", parent_id_tag = "FAMILY" }
seed.token { id_tag = "CARLA2", user_id = "carla", parent_id_tag = "family" }
seed.token { id_tag = "DAN", user_id = "dan", parent_id_tag = "FAMILY" }
equal(groups:authorize("DAN").status, "Blocked")
local family = groups:start { connector = 1, id_tag = "CARLA", meter_start = 0 }
equal(family.status, "Accepted")
matches(groups:authorize("CARLA2"), { status = "Accepted", parentIdTag = "family" })
matches(groups:authorize("DAN"), { status = "Accepted", parentIdTag = "FAMILY" })
family:stop { meter_stop = 0, id_tag = "DAN" }
wallets.bill_when(family.id, "billed")
equal(groups:authorize("DAN").status, "Blocked")
