-- kill -9 during 1,000 stops: every session is billed, once, after the last start.
local wallets = require "wallets"

local CHARGERS, ROUNDS, KILLS = 25, 40, 6
wallets.tariff { price_per_kwh_minor = 100 }
local purse = wallets.make("anna", 100000000)
local chargers, total, stops, kills, held = {}, 0, 0, 0, false
for i = 1, CHARGERS do
  local id = ("WK%02d"):format(i)
  seed.charger(id)
  wallets.token(id, "anna")
  chargers[i] = charger { id = id, silent = true }
  chargers[i]:connect()
  chargers[i]:boot()
end

local function come_back(cp)
  eventually(function() return not held end, 120)
  while not cp.connected do
    cp:reconnect()
  end
end

-- Kills in the middle of whatever is on its way: stops, prices, bills.
local function count_stop()
  stops = stops + 1
  if kills < KILLS and not held and stops >= (kills + 1) * CHARGERS * ROUNDS / (KILLS + 1) then
    kills, held = kills + 1, true
    server.signal "KILL"
  end
end

local work = {}
for i, cp in ipairs(chargers) do
  work[i] = function()
    for round = 1, ROUNDS do
      local wh = 1000 * (1 + (i + round) % 7)
      come_back(cp)
      local s = cp:start { connector = 1, id_tag = cp.id, meter_start = 0, timestamp = now(-3600 + round * 60) }
      come_back(cp)
      s:stop { meter_stop = wh, timestamp = now(-3590 + round * 60) }
      total = total + wh // 10
      count_stop()
    end
    come_back(cp)
    cp:flush()
  end
end
work[#work + 1] = function()
  for _ = 1, KILLS do
    eventually(function() return held and not server.running() end, 240)
    wallets.let_claims_lapse()
    server.start()
    held = false
  end
end
parallel(table.unpack(work))

log "all of them are billed"
local function all(path)
  local items, cursor = {}, nil
  repeat
    local page = http.get(path .. "limit=500" .. (cursor and "&cursor=" .. cursor or "")).body
    table.move(page.items, 1, #page.items, #items + 1, items)
    cursor = page.next_cursor ~= json.null and page.next_cursor
  until not cursor
  return items
end
eventually(function()
  return #all "/api/admin/bills?state=billed&" == CHARGERS * ROUNDS
end, 240)
matches(http.get("/api/admin/transactions?limit=1").body.totals, { count = CHARGERS * ROUNDS, amount = { { amount_minor = total } } })
local postings, seen = all("/api/admin/wallets/" .. purse.id .. "/entries?account=wallet&kind=bill&"), {}
equal(#postings, CHARGERS * ROUNDS)
for _, e in ipairs(postings) do
  check(not seen[e.transaction_id], "billed twice")
  seen[e.transaction_id] = true
end
equal(wallets.balance(purse), 100000000 - total)
