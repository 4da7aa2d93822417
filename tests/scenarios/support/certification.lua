-- What the certification cases share. Each has a charger of its own, called like its file; tokens likewise.
local case = { id = arg[0]:match "([^/]+)%.lua$" }

local PATIENCE_S = 10 -- for what follows an answer: the log, upkeep of the plugins

local function merged(...)
  local all = {}
  for _, fields in ipairs { ... } do
    for key, value in pairs(fields) do
      all[key] = value
    end
  end
  return all
end

-- A registered charger, not connected. `options` as charger{}; options.registered: more fields of what is registered.
function case.register(options)
  options = options or {}
  local row = seed.charger(merged({ charge_point_id = case.id }, options.registered or {}))
  local cp = charger(merged({ id = case.id }, options))
  cp.rest = "/api/admin/chargers/" .. row.id
  return cp
end

-- The same, connected, booted, all connectors told.
function case.charger(options)
  local cp = case.register(options)
  cp:connect()
  case.boot(cp)
  return cp
end

-- The charger is not let in if it comes so (options of charger{}), but gets this HTTP status; 0: no TLS handshake.
function case.refused(cp, options, status)
  local ok, refusal = charger(merged({ id = cp.id, silent = true }, options)):try_connect()
  check(not ok, "it was let in")
  equal(refusal.status, status, refusal.reason)
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

-- How REST has a connector, now or soon.
function case.connector(cp, connector, status, error_code)
  local wanted, seen = status .. ", " .. (error_code or "NoError"), nil
  pcall(eventually, function()
    for _, c in ipairs(http.get(cp.rest).body.connectors) do
      if c.connector_id == connector then
        seen = c.status .. ", " .. c.error_code
      end
    end
    return seen == wanted
  end, PATIENCE_S)
  equal(seen, wanted, "connector " .. connector)
end

-- Waits until a path of REST shows what matches; its body.
function case.becomes(path, pattern)
  local body
  pcall(eventually, function()
    body = http.get(path).body
    return pcall(matches, body, pattern)
  end, PATIENCE_S)
  return matches(body, pattern)
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

-- Asks for a reservation, of an hour; the path of it in REST.
function case.reserve(cp, fields, status)
  fields.expires_in_s = fields.expires_in_s or 3600
  local answer = case.post(cp, "reservations", fields, status)
  local path = cp.rest .. "/reservations/" .. answer.reservation_id
  if status and status ~= "Accepted" then
    matches(http.get(path).body, { state = "rejected", status = status })
  end
  return path
end

-- Has the charger begin a job, as "get-diagnostics"; its path in REST.
function case.job(cp, path, body)
  local response = http.post(cp.rest .. "/" .. path, body)
  matches(response, { status = 200, body = { state = "accepted" } }, response.text)
  return response.headers.location
end

-- The job of an update by a file of the server's.
function case.update_firmware(cp, image)
  local file = http.post("/api/admin/files?name=" .. case.id .. ".bin", image).body
  local job = case.job(cp, "update-firmware", { file_id = file.id })
  local asked = case.sent(cp, "UpdateFirmware")
  check(asked.location:find "^https?://" and asked.retrieveDate, show(asked))
  return job
end

-- How a job ended, and what the charger has told on the way; its file may come before its last word.
function case.reported(path, state, statuses)
  case.becomes(path, { state = state })
  eventually(function()
    local told = {}
    for i, entry in ipairs(http.get(path).body.history) do
      told[i] = entry.status
    end
    return table.concat(told, " ") == statuses
  end)
end

-- A profile of 6 A for the next hours.
function case.profile(purpose, kind)
  local absolute = kind == "Absolute"
  return {
    stackLevel = 0,
    chargingProfilePurpose = purpose,
    chargingProfileKind = kind,
    validFrom = now(-60),
    validTo = now(7200),
    chargingSchedule = {
      startSchedule = absolute and now(-60) or nil,
      duration = 3600,
      chargingRateUnit = "A",
      chargingSchedulePeriod = { { startPeriod = 0, limit = 6.0 } },
    },
  }
end

-- A profile as it was sent has all that such a one needs, and nothing that it must not have.
function case.is_profile(sent, purpose, kind)
  matches(sent, { chargingProfilePurpose = purpose, chargingProfileKind = kind })
  equal(sent.recurrencyKind, nil)
  check(sent.validFrom and sent.validTo and sent.chargingSchedule.duration, "a time is missing")
  equal(sent.chargingSchedule.startSchedule ~= nil, kind == "Absolute", "startSchedule")
  equal(sent.chargingSchedule.chargingRateUnit, "A")
  equal(sent.chargingSchedule.chargingSchedulePeriod, { { startPeriod = 0, limit = 6.0 } })
end

-- A whole local list of accepted tokens.
function case.local_list(version, ...)
  local entries = {}
  for i, id_tag in ipairs { ... } do
    entries[i] = { idTag = id_tag, idTagInfo = { status = "Accepted" } }
  end
  return { updateType = "Full", listVersion = version, localAuthorizationList = entries }
end

-- What the charger is sent from now on, payload by payload; it does what it always does. Unlike sent(), over reconnections.
function case.watch(cp, action)
  local seen = {}
  cp:on(action, function(payload)
    seen[#seen + 1] = payload
    return cp.behaviour.actions[action](cp, payload)
  end)
  return seen
end

-- The security events of the charger, of one type.
function case.security_events(cp, type)
  return http.get("/api/admin/security-events?charge_point_id=" .. cp.id .. "&type=" .. type).body.items
end

-- A log or signed firmware, in the state wanted, with what the charger has told on the way.
function case.security_job(cp, path, body, state, statuses)
  local answer = case.post(cp, path, body)
  local job = eventually(function()
    local found = http.get("/api/admin/security-jobs?command_id=" .. answer.id).body.items[1]
    return found and found.state == state and found
  end, PATIENCE_S)
  case.reported("/api/admin/security-jobs/" .. job.id, state, statuses)
  return job
end

-- A root is installed, and the charger says that it has it: what it says of it.
function case.install_root(cp, kind, certificate)
  case.post(cp, "install-certificate", { certificate_type = kind, certificate = certificate })
  equal(case.sent(cp, "InstallCertificate"), { certificateType = kind, certificate = certificate })
  local answer = case.post(cp, "list-certificates", { certificate_type = kind }).response
  equal(case.sent(cp, "GetInstalledCertificateIds"), { certificateType = kind })
  return answer.certificateHashData
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
