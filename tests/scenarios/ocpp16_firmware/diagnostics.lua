-- Diagnostics: uploaded to the server by each method, or not; offline; over kills.
settings { config = { ocpp16_firmware = { check_every = "200ms" } } }
seed.charger "DIAG1"
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=DIAG1").body.items[1].id
server.reload { files = { base_url = server.base } }
local cp = charger { id = "DIAG1" }
cp:connect()
cp:boot()

local function ask(body)
  local answer = http.post(base .. "/get-diagnostics", body or {})
  matches(answer, { status = 200, body = { state = "accepted" } })
  return answer.headers.location
end

local function becomes(job, state)
  return eventually(function()
    local found = http.get(job).body
    return found.state == state and found
  end)
end

-- The file counts before the charger says so, and what it says late would count for its next job.
local function told(job)
  return eventually(function()
    local found = http.get(job).body
    local last = found.history[#found.history]
    return last and last.status == "Uploaded" and found.state == "uploaded" and found
  end)
end

log "uploaded, by each method, and there for the admin"
for _, method in ipairs { "PUT", "POST", "multipart" } do
  cp.upload_plan = { method = method, content = ("line by " .. method .. "\n"):rep(5000), file_name = "d.log" }
  local job = told(ask { oldest_at = now(-3600), latest_at = now(0) })
  equal(http.get("/api/admin/files/" .. job.file_id .. "/content").text, cp.upload_plan.content)
  matches(http.get("/api/admin/files/" .. job.file_id).body, { purpose = "diagnostics", ref = job.id, charge_point_id = "DIAG1" })
  equal(job.file_name, "d.log")
  check(job.request.startTime and job.request.stopTime)
end

log "what was uploaded may be deleted; the job stays"
local last = http.get("/api/admin/diagnostics-jobs?charge_point_id=DIAG1&limit=1").body.items[1]
equal(http.delete("/api/admin/files/" .. last.file_id).status, 204)
matches(http.get("/api/admin/diagnostics-jobs/" .. last.id).body, { state = "uploaded", file_id = json.null })

log "nothing to upload, an upload that fails, one that needs a second try"
cp.upload_plan = { none = true }
becomes(ask(), "nothing_to_upload")
cp.upload_plan = { fail = true }
becomes(ask(), "upload_failed")
cp.upload_plan = { failing = 1 }
told(ask { retries = 1, retry_interval_s = 0 })

log "the file counts, whatever the charger says of it"
cp:on("GetDiagnostics", { fileName = "x.log" })
while cp:receive(0) do
end
local silent = ask()
local url = cp:expect({ action = "GetDiagnostics" }).payload.location
equal(http { method = "PUT", path = url .. "/x.log", body = "all that there is", key = false }.status, 201)
local job = becomes(silent, "uploaded")
equal(http.get("/api/admin/files/" .. job.file_id .. "/content").text, "all that there is")
equal(job.history, array {})

log "cancelled: nothing is taken any more"
local unwanted = ask()
url = cp:expect({ action = "GetDiagnostics" }).payload.location
equal(http.post("/api/admin/diagnostics-jobs/" .. unwanted:match "[^/]+$" .. "/cancel").body.state, "cancelled")
equal(http { method = "PUT", path = url, body = "late", key = false }.status, 404)
cp:on "GetDiagnostics"

log "to a server of one's own"
cp.upload_plan = { fail = true }
local elsewhere = ask { location = "ftp://files.example/in" }
equal(cp:expect({ action = "GetDiagnostics", payload = { location = "ftp://files.example/in" } }).action, "GetDiagnostics")
becomes(elsewhere, "upload_failed")

log "the charger is away: refused, or it waits, over a kill of the server as well"
cp.upload_plan = {}
cp:disconnect()
equal(http.post(base .. "/get-diagnostics", {}).status, 409)
local waiting = http.post(base .. "/get-diagnostics", { if_offline = "queue", wait_s = 0, deadline_s = 7200 })
equal(waiting.status, 202)
local deadline_at = http.get("/api/admin/commands/" .. waiting.body.id).body.deadline_at
check(deadline_at > now(7000) and deadline_at < now(7210), deadline_at)
equal(http.get(waiting.headers.location).body.state, "requested")
server.kill()
server.start()
server.reload { files = { base_url = server.base } }
cp:on("GetDiagnostics", { fileName = "late.log" })
cp:reconnect()
cp:boot()
becomes(waiting.headers.location, "accepted")
cp:demand("DiagnosticsStatusNotification", { status = "Uploading" })
server.kill()
server.start()
cp:wait_closed()
becomes(waiting.headers.location, "uploading")
cp:reconnect()
cp:boot()
cp:demand("DiagnosticsStatusNotification", { status = "Uploaded" })
matches(becomes(waiting.headers.location, "uploaded"), { history = { { status = "Uploading" }, { status = "Uploaded" } } })

log "killed while the charger answers: nobody knows whether it is at work, until it says so"
cp:on("GetDiagnostics", function()
  server.kill()
  return {}
end)
pcall(http.post, base .. "/get-diagnostics", { location = "http://a.example/" })
cp:wait_closed()
server.start()
local lost = "/api/admin/diagnostics-jobs/" .. http.get(base .. "/diagnostics-jobs?limit=1").body.items[1].id
matches(becomes(lost, "unanswered"), { ended_at = json.null })
cp:on "GetDiagnostics"
cp:reconnect()
cp:boot()
cp:demand("DiagnosticsStatusNotification", { status = "Uploaded" })
becomes(lost, "uploaded")
