-- Campaigns: so many chargers at once, paused, stopped by too many failures, over a kill, in a window.
settings { config = { ocpp16_firmware = { check_every = "200ms", campaign_every = "200ms", claim_timeout = "1s" } } }
local image = ("image "):rep(1000)
local file = http.post("/api/admin/files?name=fw.bin", image).body
local early = http.post("/api/admin/firmware-campaigns", { name = "too early", selection = { all = true }, file_id = file.id })
equal(early.status, 409)
check(early.body.detail:find("files.base_url", 1, true), early.text)
server.reload { files = { base_url = server.base } }

local fleet = {}
for i = 1, 6 do
  local id = "CAMP" .. i
  http.post("/api/admin/chargers", { charge_point_id = id, vendor = i < 6 and "Acme" or "Other" })
  local cp = charger { id = id, silent = true, vendor = i < 6 and "Acme" or "Other", firmware = i == 5 and "2.0" or "1.0" }
  cp:connect()
  cp:boot()
  fleet[i] = cp
end

local path = "/api/admin/firmware-campaigns/"

local function begin(body)
  body.name = body.name or "a campaign"
  local made = http.post("/api/admin/firmware-campaigns", body)
  equal(made.status, 201, made.text)
  return made.body.id
end

local function get(id)
  return http.get(path .. id).body
end

local function becomes(id, state, reason)
  local c = eventually(function()
    local found = get(id)
    return found.state == state and found
  end)
  equal(c.reason, reason or json.null)
  return c
end

local function counts(id, wanted)
  return eventually(function()
    local c = get(id).chargers
    for key, value in pairs(wanted) do
      if c[key] ~= value then
        return nil
      end
    end
    return c
  end)
end

-- They hold their updates until `go` names them.
local held, most, at_work = {}, 0, 0
local function hold(cp)
  cp:on("UpdateFirmware", function()
    at_work = at_work + 1
    most = math.max(most, at_work)
    return {}, function()
      held[cp.id] = true
    end
  end)
end
local function finish(cp, status, version)
  held[cp.id] = nil
  at_work = at_work - 1
  cp:demand("FirmwareStatusNotification", { status = status })
  if version then
    cp.firmware = version
    cp:boot()
  end
end
local function count_held()
  local n = 0
  for _ in pairs(held) do
    n = n + 1
  end
  return n
end
for _, cp in ipairs(fleet) do
  hold(cp)
end

log "two at once of those selected; who has the version is passed over; paused, then on"
local id = begin { selection = { vendor = "Acme" }, file_id = file.id, expected_version = "2.0", at_once = 2 }
eventually(function()
  return count_held() == 2
end)
counts(id, { total = 5, skipped = 1, running = 2, waiting = 2 })
equal(http.post(path .. id .. "/pause").body.state, "paused")
equal(http.post(path .. id .. "/pause").status, 409)
finish(fleet[1], "Installed", "2.0")
counts(id, { installed = 1, running = 1, waiting = 2 })
wait(0.5)
equal(count_held(), 1)
equal(http.post(path .. id .. "/resume").body.state, "running")
eventually(function()
  return count_held() == 2
end)

log "the server is killed in the middle of it"
server.kill()
server.start()
server.reload { files = { base_url = server.base } }
for _, cp in ipairs(fleet) do
  cp:wait_closed()
  cp:reconnect()
  cp:boot()
end
counts(id, { total = 5, skipped = 1, installed = 1, running = 2, waiting = 1 })
for _ = 1, 3 do
  eventually(function()
    return next(held)
  end)
  for _, cp in ipairs(fleet) do
    if held[cp.id] then
      finish(cp, "Installed", "2.0")
      break
    end
  end
end
matches(becomes(id, "finished", "done").chargers, { total = 5, installed = 4, skipped = 1, failed = 0, waiting = 0 })
equal(most, 2, "never more at once")
local rows = http.get(path .. id .. "/chargers?state=installed").body.items
equal(#rows, 4)
matches(rows[1], { charge_point_id = "CAMP1", firmware_version = "2.0", job_state = "installed" })
equal(#http.get("/api/admin/firmware-jobs?campaign_id=" .. id).body.items, 4)
equal(#http.get("/api/admin/firmware-jobs?campaign_id=" .. id + 1).body.items, 0)

log "too many failures stop it"
id = begin { selection = { all = true }, file_id = file.id, at_once = 1, max_failure_percent = 50, min_samples = 2 }
for _ = 1, 2 do
  eventually(function()
    return next(held)
  end)
  for _, cp in ipairs(fleet) do
    if held[cp.id] then
      finish(cp, "DownloadFailed")
      break
    end
  end
end
matches(becomes(id, "stopped", "failure_rate").chargers, { failed = 2, missed = 4 })
equal(http.post(path .. id .. "/resume").status, 409)

log "stopped by an admin: what has begun goes on"
id = begin { selection = { charge_point_ids = { "CAMP1", "CAMP2", "NOBODY" } }, location = "http://files.example/fw.bin", at_once = 1 }
eventually(function()
  return count_held() == 1
end)
becomes(id, "running")
equal(http.post(path .. id .. "/stop").body.state, "stopped")
for _, cp in ipairs(fleet) do
  if held[cp.id] then
    finish(cp, "Installed")
  end
end
counts(id, { total = 2, installed = 1, missed = 1 })

log "in its window only; those who are away wait for it, and are missed when it closes"
fleet[6]:disconnect()
id = begin { selection = { vendor = "Other" }, file_id = file.id, from_at = now(1), until_at = now(3) }
equal(get(id).chargers.running, 0)
counts(id, { waiting = 1 })
matches(becomes(id, "finished", "window").chargers, { missed = 1 })
fleet[6]:connect()
fleet[6]:boot()
id = begin { selection = { vendor = "Other" }, file_id = file.id, from_at = now(1) }
eventually(function()
  return held.CAMP6
end)
finish(fleet[6], "Installed")
becomes(id, "finished", "done")

log "refused before it begins"
local function wrong(body, at)
  body.name = "wrong"
  local answer = http.post("/api/admin/firmware-campaigns", body)
  equal(answer.status, 422, answer.text)
  equal(answer.body.errors[1].path, at)
end
wrong({ selection = {}, file_id = file.id }, "selection")
wrong({ selection = { colour = "red" }, file_id = file.id }, "selection.colour")
wrong({ selection = { all = true } }, "file_id")
wrong({ selection = { all = true }, file_id = 999 }, "file_id")
wrong({ selection = { all = true }, file_id = file.id, until_at = now(-1) }, "until_at")
wrong({ selection = { all = true }, file_id = file.id, from_at = now(20), until_at = now(10) }, "until_at")
wrong({ selection = { all = true }, file_id = file.id, at_once = 0 }, "at_once")
equal(http.get(path .. "999").status, 404)
