-- What the certification cases share. Each has a charger of its own, called like its file; tokens likewise.
local case = { id = arg[0]:match "([^/]+)%.lua$" }

local PATIENCE_S = 5 -- for what follows an answer: the log, upkeep of the plugins

-- A registered charger, connected, booted, all connectors told. `options` as charger{}; options.registered: more fields of
-- what is registered.
function case.charger(options)
  local fields = { charge_point_id = case.id }
  for key, value in pairs(options and options.registered or {}) do
    fields[key] = value
  end
  local row = seed.charger(fields)
  local cp = { id = case.id }
  for key, value in pairs(options or {}) do
    cp[key] = value
  end
  cp = charger(cp)
  cp.rest = "/api/admin/chargers/" .. row.id
  cp:connect()
  case.boot(cp)
  return cp
end

-- BootNotification, as it must be answered, and the status of all connectors.
function case.boot(cp)
  local answer = cp:boot()
  equal(answer.status, "Accepted")
  check(answer.interval > 0, "no interval")
  local second = answer.currentTime:sub(1, 19)
  check(second >= now(-5):sub(1, 19) and second <= now(5):sub(1, 19), "not the time of now: " .. answer.currentTime)
  cp:report_connectors()
end

-- A token of the case; its idTag. `fields` as REST has them.
function case.token(name, fields)
  local id_tag = case.id .. "-" .. name
  fields = fields or {}
  fields.id_tag = id_tag
  seed.token(fields)
  return id_tag
end

-- A session that runs: the cable is plugged in, then a card shown.
function case.session(cp, id_tag, connector)
  connector = connector or 1
  cp:status(connector, "Preparing")
  equal(cp:authorize(id_tag).status, "Accepted")
  local session = cp:start { connector = connector, id_tag = id_tag }
  case.accepted(session)
  cp:status(connector, "Charging")
  return session
end

-- StartTransaction was answered Accepted, with an id.
function case.accepted(session)
  equal(session.status, "Accepted")
  check(session.id > 0, "no transactionId")
end

-- The session that the charger begins of itself, once it is charging.
function case.begun(cp, connector)
  local session = eventually(function()
    local found = cp:session(connector)
    return found and found.id and cp.connector[connector or 1].status == "Charging" and found
  end, PATIENCE_S)
  case.accepted(session)
  return session
end

-- All transactions of the charger, the newest first.
function case.transactions(cp)
  return http.get("/api/admin/transactions?charger=" .. cp.id).body.items
end

-- The transaction of a session as REST has it; it must match.
function case.transaction(cp, session, pattern)
  for _, t in ipairs(case.transactions(cp)) do
    if t.protocol_id == tostring(session.id) then
      return matches(t, pattern)
    end
  end
  check(false, "REST has no transaction " .. session.id)
end

-- How REST has a connector.
function case.connector(cp, connector, status, error_code)
  for _, c in ipairs(http.get(cp.rest).body.connectors) do
    if c.connector_id == connector then
      return matches(c, { status = status, error_code = error_code or "NoError" })
    end
  end
  check(false, "REST has no connector " .. connector)
end

local ENDS = { [true] = "accepted", [false] = "rejected" }

local function posted(cp, path, body, wanted, answer)
  local response = http.post(cp.rest .. "/" .. path, body)
  equal(response.status, 200, response.text)
  matches(response.body, { state = wanted, response = answer })
  return response.body
end

-- An operator makes the server send an action; the charger's answer. It must be the status given, or one that counts as
-- accepted.
function case.send(cp, action, payload, status)
  local accepted = status == nil or status == "Accepted" or status == "Unlocked"
  local pattern = status and { status = status } or nil
  return posted(cp, "commands", { action = action, payload = payload }, ENDS[accepted], pattern).response
end

-- The same by a route of its own, as "remote-start".
function case.post(cp, path, body, status)
  return posted(cp, path, body, ENDS[status == nil or status == "Accepted"], { status = status or "Accepted" })
end

-- What the charger was sent; what is not in `payload` must not be there if it is in `absent`.
function case.sent(cp, action, payload, absent)
  local call = cp:expect { action = action, payload = payload }
  for _, name in ipairs(absent or {}) do
    equal(call.payload[name], nil, name)
  end
  return call.payload
end

local function log_of(cp)
  local rows, cursor = {}, nil
  repeat
    local page = http.get(cp.rest .. "/messages?limit=500" .. (cursor and "&cursor=" .. cursor or "")).body
    for _, row in ipairs(page.items) do
      table.insert(rows, 1, row)
    end
    cursor = page.next_cursor ~= json.null and page.next_cursor
  until not cursor
  return rows
end

-- The calls in order, and those that have no answer or an error.
local function read_log(cp)
  local calls, open = {}, {}
  for _, row in ipairs(log_of(cp)) do
    if row.kind == "call" then
      calls[#calls + 1] = row.direction == "in" and row.action or "[" .. row.action .. "]"
      open[row.message_id] = row.action
    elseif row.kind == "result" then
      open[row.message_id] = nil
    end
  end
  return calls, open
end

-- The payload of the latest answer to an action, as the log has it.
function case.answer(cp, action)
  local found
  for _, row in ipairs(log_of(cp)) do
    if row.action == action and row.kind == "result" then
      found = row.payload
    end
  end
  return check(found, "no answer to " .. action)
end

-- Everything that was asked since the charger was ready, in this order, the server's own in brackets; each call was answered by
-- a result, never by an error.
function case.flow(cp, expected)
  local seen, open
  local before = 2 + cp.connectors -- BootNotification, and a status of each connector
  pcall(eventually, function()
    local calls
    calls, open = read_log(cp)
    seen = table.concat(calls, " ", before + 1)
    return seen == expected and not next(open)
  end, PATIENCE_S)
  equal(seen, expected)
  equal(open, {})
end

return case
