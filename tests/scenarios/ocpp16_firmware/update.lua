-- A charger's firmware: fetched from the server, installed, or not; each step in the job's history.
settings { config = { ocpp16_firmware = { check_every = "200ms", firmware_timeout = "60s" } } }
seed.charger "FW1"
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=FW1").body.items[1].id
local image = ("image of 1.1 "):rep(60000)

log "without a URL for chargers none can be told"
local file = http.post("/api/admin/files?name=fw-1.1.bin", image).body
local cp = charger { id = "FW1", firmware = "1.0" }
cp:connect()
cp:boot()
local refused = http.post(base .. "/update-firmware", { file_id = file.id })
equal(refused.status, 409)
check(refused.body.detail:find("files.base_url", 1, true), refused.text)
server.reload { files = { base_url = server.base } }

local function update(body)
  local answer = http.post(base .. "/update-firmware", body)
  matches(answer, { status = 200, body = { state = "accepted" } })
  return answer.headers.location, answer
end

local function becomes(job, state)
  return eventually(function()
    local found = http.get(job).body
    return found.state == state and found
  end)
end

local function reported(job)
  local list = {}
  for i, entry in ipairs(job.history) do
    list[i] = entry.status
  end
  return table.concat(list, " ")
end

log "fetched, installed, booted"
local events = require "sse".open "/api/events?kind=firmware&charger=FW1"
cp.firmware_plan = { version = "1.1" }
local job = becomes(update { file_id = file.id, expected_version = "1.1" }, "installed")
matches(job, { file_id = file.id, location = json.null, charge_point_id = "FW1", expected_version = "1.1", requested_by = "admin" })
equal(cp.firmware_image, image)
eventually(function()
  local history = reported(http.get("/api/admin/firmware-jobs/" .. job.id).body)
  return history == "Downloading Downloaded Installing Installed Booted"
end)
check(job.ended_at ~= json.null)

log "and told as it happened"
for _, state in ipairs { "downloading", "downloaded", "installing", "installed" } do
  local e = events:find(function(e)
    return e.data.data.state == state
  end)
  matches(e.data, { charge_point_id = "FW1", operator_id = "default", data = { id = job.id, kind = "firmware" } })
  equal(e.data.event, state == "installed" and "firmware.ended" or "firmware.status")
end
events:close()

log "the URL's token is shown to nobody: who knows it may fetch the file"
local shown = server.base .. "/files/***/fw-1.1.bin"
equal(http.get(base .. "/commands?limit=1").body.items[1].payload.location, shown)
eventually(function()
  local message = http.get(base .. "/messages?action=UpdateFirmware&direction=out&limit=1").body.items[1]
  return message and message.payload.location == shown
end)

log "the charger does not say Installed: its version does"
cp.firmware_plan = { version = "1.2", after_boot = true }
cp:on "UpdateFirmware"
local quiet = update { file_id = file.id, expected_version = "1.2" }
becomes(quiet, "installed")

log "what fails, and after which tries"
cp.firmware_plan = { fail = "DownloadFailed" }
becomes(update { file_id = file.id, retries = 1, retry_interval_s = 0 }, "download_failed")
cp.firmware_plan = { fail = "InstallationFailed" }
becomes(update { file_id = file.id }, "installation_failed")
cp.firmware_plan = { failing = 2, reboot = false }
job = becomes(update { file_id = file.id, retries = 3, retry_interval_s = 0 }, "installed")
matches(job.request, { retries = 3, retryInterval = 0 })
equal(job.request.location, nil, "its address is nobody's business")

log "nothing comes of it in time"
server.reload { ocpp16_firmware = { firmware_timeout = "1s" } }
cp:on("UpdateFirmware", {})
local lost = update { file_id = file.id }
becomes(lost, "timed_out")
log "late is better than never"
cp:demand("FirmwareStatusNotification", { status = "Installed" })
becomes(lost, "installed")
server.reload { ocpp16_firmware = { firmware_timeout = "60s" } }

log "asked again: the later request counts"
local first, second = update { file_id = file.id }, update { file_id = file.id }
becomes(first, "superseded")
cp:demand("FirmwareStatusNotification", { status = "Downloading" })
becomes(second, "downloading")

log "cancelled: the file is withdrawn"
local url
for _ = 1, 2 do
  while cp:receive(0) do
  end
  second = update { file_id = file.id }
  url = cp:expect({ action = "UpdateFirmware" }).payload.location
end
equal(http.get(url, nil, { key = false }).status, 200)
equal(http.post(second .. "/cancel").body.state, "cancelled")
equal(http.get(url, nil, { key = false }).status, 404)
equal(http.post(second .. "/cancel").status, 409)

log "from a server of one's own: handed on, and not to be taken back"
while cp:receive(0) do
end
local other = update { location = "ftp://files.example/fw.bin", retrieve_at = now(3600) }
local payload = cp:expect({ action = "UpdateFirmware" }).payload
equal(payload.location, "ftp://files.example/fw.bin")
check(payload.retrieveDate > now(3000) and not payload.retrieveDate:find(".", 1, true), payload.retrieveDate)
equal(http.post(other .. "/cancel").status, 409)

log "a status that nobody waits for is kept"
seed.charger "FW2"
local idle = charger { id = "FW2" }
idle:connect()
idle:boot()
idle:demand("FirmwareStatusNotification", { status = "Idle" })
idle:demand("FirmwareStatusNotification", { status = "Installed" })
local id = http.get("/api/admin/chargers?charge_point_id=FW2").body.items[1].id
local statuses = http.get("/api/admin/chargers/" .. id .. "/firmware-statuses").body.items
matches(statuses, { { status = "Installed", job_id = json.null }, { status = "Idle" } })
equal(#http.get("/api/admin/chargers/" .. id .. "/firmware-jobs").body.items, 0)

log "refused before it is asked"
local function wrong(body, path)
  local answer = http.post(base .. "/update-firmware", body)
  equal(answer.status, 422, answer.text)
  equal(answer.body.errors[1].path, path)
end
wrong({}, "file_id")
wrong({ file_id = 9999 }, "file_id")
wrong({ location = "gopher://x/y" }, "location")
wrong({ location = "http://x/y", file_id = file.id }, "location")
wrong({ file_id = file.id, retries = -1 }, "retries")
equal(http.post("/api/admin/chargers/999/update-firmware", { file_id = file.id }).status, 404)
equal(http.get("/api/admin/firmware-jobs/none").status, 404)
equal(http.delete("/api/admin/files/" .. file.id).status, 409, "jobs refer to it")

log "refused by the charger, or answered with an error"
cp:on("UpdateFirmware", function()
  return nil, "NotSupported", "no"
end)
local answer = http.post(base .. "/update-firmware", { file_id = file.id })
matches(answer.body, { state = "failed", error = { code = "NotSupported" } })
matches(becomes(answer.headers.location, "failed"), { reason = "NotSupported" })

log "sent by hand: a job all the same"
cp:on("UpdateFirmware", {})
local command = http.post(base .. "/commands", { action = "UpdateFirmware", payload = { location = "http://a.example/b", retrieveDate = now(0) } }).body
equal(command.state, "accepted")
local its_jobs = http.get(base .. "/firmware-jobs?command_id=" .. command.id).body.items
equal(#its_jobs, 1)
matches(its_jobs[1], { state = "accepted", location = "http://a.example/b", command_id = command.id })

log "another operator's key sees nothing of it"
server.sql "insert into operators (id, name, created_at) values ('two', 'Two', '2026-01-01T00:00:00.000Z')"
local key = http.post("/api/admin/keys", { name = "two", role = "operator", operator_id = "two" }).body.key
equal(http { method = "GET", path = second, key = key }.status, 404)
equal(#http { method = "GET", path = "/api/admin/firmware-jobs", key = key }.body.items, 0)
