-- kill -9 in the middle of 200 sessions under load, once while they start and once while they go on and end: what
-- was answered is in the database exactly once, and what was sent again does not count twice.
local CHARGERS = 200
local KILL_AFTER = { 50, 1900 } -- answers

local function values_of(i) -- in the session of charger i
  return 6 + i % 15
end

local chargers, sessions = {}, {}
local answered, kills = 0, 0
local held = false -- true from a kill until the database has been looked at

-- Kills at once, in the middle of whatever is on its way.
local function count_answer()
  answered = answered + 1
  if answered == KILL_AFTER[kills + 1] then
    kills, held = kills + 1, true
    server.signal "KILL"
  end
end

local seeds = {}
for worker = 1, 8 do
  seeds[worker] = function()
    for i = worker, CHARGERS, 8 do
      seed.charger("KILL" .. i)
      seed.token("KILLTAG" .. i)
    end
  end
end
parallel(table.unpack(seeds))

local function come_back(cp)
  eventually(function()
    return not held
  end, 120)
  if not cp.connected then
    cp:reconnect()
  end
end

-- A session of a charger goes on until its goal is reached, whatever happens to the server meanwhile.
local function charge(i)
  local cp, record = chargers[i], sessions[i]
  local session = cp:start { id_tag = "KILLTAG" .. i, meter_start = i * 1000, timestamp = now(-600) }
  record.session = session
  if session.id then
    count_answer()
  end
  for step = 1, values_of(i) do
    local timestamp = now(-600 + step * 20)
    come_back(cp)
    if session:meter { energy_wh = i * 1000 + step * 100, power_w = 7000, timestamp = timestamp } then
      record.meters[#record.meters + 1] = timestamp
      count_answer()
    end
  end
  come_back(cp)
  session:stop { meter_stop = i * 1000 + values_of(i) * 100, timestamp = now(-10) }
end

local function transactions_of(i)
  return http.get("/api/admin/transactions?charger=KILL" .. i).body.items
end

-- The values by timestamp, with how often each is there.
local function stored_values(transaction)
  local counts, cursor = {}, nil
  repeat
    local path = "/api/admin/transactions/" .. transaction.id .. "/meter-values?limit=500"
    local page = http.get(path .. (cursor and "&cursor=" .. escape(cursor) or "")).body
    for _, value in ipairs(page.items) do
      counts[value.sampled_at] = (counts[value.sampled_at] or 0) + 1
    end
    cursor = page.next_cursor ~= json.null and page.next_cursor or nil
  until not cursor
  return counts
end

-- What had been answered when the server was killed, once all that was on its way has been read.
local function snapshot()
  local answers = {}
  for i = 1, CHARGERS do
    local record = sessions[i]
    chargers[i]:wait_closed()
    answers[i] = {
      start = record.session and record.session.id,
      meters = { table.unpack(record.meters) },
      stopped = record.session and record.session.stopped ~= nil,
    }
  end
  return answers
end

local function check_answered(answers)
  local starts, meters, stops = 0, 0, 0
  for i, was in ipairs(answers) do
    local found = transactions_of(i)
    check(#found <= 1, "one transaction of KILL" .. i)
    if was.start then
      starts = starts + 1
      equal(#found, 1, "the answered start of KILL" .. i)
      equal(found[1].protocol_id, tostring(was.start))
      local counts = stored_values(found[1])
      for _, timestamp in ipairs(was.meters) do
        equal(counts[timestamp], 1, "the answered value of KILL" .. i .. " at " .. timestamp)
        meters = meters + 1
      end
    end
    if was.stopped then
      stops = stops + 1
      equal(found[1].state, "completed", "the answered stop of KILL" .. i)
    end
  end
  log("answered before the kill: %d starts, %d meter values, %d stops, all there once", starts, meters, stops)
  return { starts = starts, meters = meters, stops = stops }
end

local function check_after_kill(number)
  eventually(function()
    return kills == number and not server.running()
  end, 60)
  local answers = snapshot()
  server.start()
  local found = check_answered(answers)
  held = false
  return found
end

local load = {}
for i = 1, CHARGERS do
  chargers[i] = charger { id = "KILL" .. i, silent = true }
  chargers[i]:connect()
  chargers[i]:boot()
  sessions[i] = { meters = {} }
  load[i] = function()
    charge(i)
  end
end
load[CHARGERS + 1] = function()
  local first = check_after_kill(1)
  check(first.starts + first.meters >= KILL_AFTER[1] and first.stops == 0, "sessions were starting")
  local second = check_after_kill(2)
  check(second.stops > 0 and second.stops < CHARGERS, "some sessions had ended, some had not")
end
parallel(table.unpack(load))

-- Everybody has come back and told the rest: every session once, whole, with every value once.
for i = 1, CHARGERS do
  come_back(chargers[i])
  chargers[i]:flush()
  local found = transactions_of(i)
  equal(#found, 1, "transactions of KILL" .. i)
  matches(found[1], {
    protocol_id = tostring(sessions[i].session.id),
    state = "completed",
    meter_start_wh = i * 1000,
    meter_stop_wh = i * 1000 + values_of(i) * 100,
    energy_wh = values_of(i) * 100,
  })
  local counts, total = stored_values(found[1]), 0
  for timestamp, count in pairs(counts) do
    equal(count, 1, "the value of KILL" .. i .. " at " .. timestamp)
    total = total + 1
  end
  equal(total, values_of(i), "meter values of KILL" .. i)
  chargers[i]:disconnect()
end
