-- GetLog: the security log and diagnostics, uploaded to the server, or to one of the operator's own.
settings { config = { ocpp16_security = { check_every = "200ms" } } }
seed.charger "LOG1"
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=LOG1").body.items[1].id
local cp = charger { id = "LOG1" }
cp:connect()
cp:boot()

local function ask(body)
  body.log_type = body.log_type or "SecurityLog"
  return http.post(base .. "/get-log", body)
end

local function job_of(answer)
  return http.get("/api/admin/security-jobs?command_id=" .. answer.body.id).body.items[1]
end

local function becomes(answer, state)
  return eventually(function()
    local job = job_of(answer)
    return job and job.state == state and http.get("/api/admin/security-jobs/" .. job.id).body
  end)
end

log "without a URL for chargers none can be told"
equal(ask({}).status, 409)
server.reload { files = { base_url = server.base } }

log "uploaded"
cp:security_event("TamperDetectionActivated", "the lid")
local job = becomes(ask { oldest_at = now(-3600), latest_at = now(0) }, "uploaded")
matches(job, { kind = "log", log_type = "SecurityLog", location = json.null })
check(job.ended_at ~= json.null and job.deadline_at > job.ended_at)
job = eventually(function()
  local found = http.get("/api/admin/security-jobs/" .. job.id).body
  return found.file_id ~= json.null and #found.history == 2 and found
end)
matches(job.history, { { status = "Uploading" }, { status = "Uploaded" } })
check(http.get("/api/admin/files/" .. job.file_id .. "/content").text:find("TamperDetectionActivated", 1, true))
equal(becomes(ask { log_type = "DiagnosticsLog" }, "uploaded").log_type, "DiagnosticsLog")

log "what was uploaded may be deleted, and nothing comes after the end"
cp:demand("LogStatusNotification", { status = "Uploading", requestId = job.request_id })
matches(http.get("/api/admin/security-jobs/" .. job.id).body, { state = "uploaded", ended_at = job.ended_at })
equal(http.delete("/api/admin/files/" .. job.file_id).status, 204)
equal(http.get("/api/admin/security-jobs/" .. job.id).body.file_id, json.null)

log "it may try again after a failure, and only that opens a job again"
cp:on("GetLog", { status = "Accepted", filename = "a.log" })
local tried = job_of(ask {})
local function says(status, state)
  cp:demand("LogStatusNotification", { status = status, requestId = tried.request_id })
  local found = http.get("/api/admin/security-jobs/" .. tried.id).body
  equal(found.state, state)
  return found
end
says("Uploading", "uploading")
check(says("UploadFailure", "upload_failed").ended_at ~= json.null)
says("PermissionDenied", "upload_failed")
equal(says("Uploading", "uploading").ended_at, json.null)
check(says("PermissionDenied", "permission_denied").ended_at ~= json.null)
says("Uploading", "permission_denied")
equal(#says("UploadFailure", "permission_denied").history, 4)
cp:on("GetLog", { status = "Rejected" })
tried = job_of(ask {})
says("Uploading", "rejected")
cp:on "GetLog"

log "not uploaded"
for status, state in pairs {
  UploadFailure = "upload_failed", BadMessage = "bad_message", PermissionDenied = "permission_denied",
  NotSupportedOperation = "not_supported_operation",
} do
  cp.upload_plan = { fail = status }
  check(becomes(ask {}, state).ended_at ~= json.null)
end
cp:on("GetLog", { status = "Rejected" })
matches(becomes(ask {}, "rejected"), { reason = "Rejected" })
cp:on("GetLog", function()
  return nil, "InternalError", "no"
end)
matches(becomes(ask {}, "failed"), { reason = "InternalError" })

log "a later request ends the one before it"
cp:on("GetLog", { status = "Accepted", filename = "a.log" })
local first = ask {}
matches(job_of(first), { state = "accepted", file_name = "a.log" })
cp:on("GetLog", { status = "AcceptedCanceled" })
local second = ask {}
matches(job_of(first), { state = "superseded" })
cp:demand("LogStatusNotification", { status = "Uploading", requestId = job_of(second).request_id })
equal(job_of(second).state, "uploading")
equal(job_of(first).state, "superseded")
cp:demand("LogStatusNotification", { status = "Idle" })
cp:demand("LogStatusNotification", { status = "Uploaded", requestId = 4711 })
equal(job_of(second).state, "uploading")
cp:demand("LogStatusNotification", { status = "Uploaded" })
equal(job_of(second).state, "uploaded")

log "the file counts, whatever the charger says of it; that is kept as well"
cp:on("GetLog", { status = "Accepted" })
local function put()
  while cp:receive(0) do
  end
  local answer = ask {}
  local url = cp:expect({ action = "GetLog" }).payload.log.remoteLocation
  equal(http { method = "PUT", path = url .. "/x.log", body = "all that there is", key = false }.status, 201)
  return becomes(answer, "uploaded")
end
local silent = put()
check(silent.ended_at ~= json.null)
equal(silent.history, array {})
equal(http.get("/api/admin/files/" .. silent.file_id .. "/content").text, "all that there is")
for _, status in ipairs { "Uploading", "Uploading", "UploadFailure", "Idle", "Uploaded", "Uploaded", "Uploading" } do
  cp:demand("LogStatusNotification", { status = status, requestId = silent.request_id })
end
job = http.get("/api/admin/security-jobs/" .. silent.id).body
matches(job, { state = "uploaded", ended_at = silent.ended_at, history = { { status = "Uploading" }, { status = "UploadFailure" }, { status = "Uploaded" } } })
equal(#job.history, 3)

log "and so does one that came while nobody looked"
server.sql("update security_jobs set state = 'accepted', ended_at = null, upload_id = null where id = " .. silent.id)
matches(becomes({ body = { id = silent.command_id } }, "uploaded"), { file_id = silent.file_id })

log "no news: it times out, and goes on when there are some"
server.reload { files = { base_url = server.base }, ocpp16_security = { log_timeout = "1s" } }
local lost = becomes(ask {}, "timed_out")
check(lost.ended_at >= lost.deadline_at and lost.deadline_at >= lost.requested_at)
tried = lost
check(says("Uploading", "uploading").deadline_at > lost.deadline_at)
lost = becomes({ body = { id = lost.command_id } }, "timed_out")
check(lost.ended_at ~= json.null)
cp:demand("LogStatusNotification", { status = "PermissionDenied" })
matches(http.get("/api/admin/security-jobs/" .. lost.id).body, { state = "permission_denied", history = { { status = "Uploading" }, { status = "PermissionDenied" } } })
put()
lost = becomes(ask {}, "timed_out")
server.sql("update security_jobs set ended_at = '" .. now(-90000) .. "' where id = " .. lost.id)
tried = lost
says("Uploading", "timed_out")
server.reload { files = { base_url = server.base }, ocpp16_security = { log_timeout = "1h" } }

log "no answer: nobody knows whether the charger is at work"
cp:on("GetLog", function()
  server.kill()
  return {}
end)
pcall(ask, {})
cp:wait_closed()
server.start()
tried = eventually(function()
  local found = http.get("/api/admin/security-jobs?charge_point_id=LOG1&limit=1").body.items[1]
  return found.state == "unanswered" and found
end)
equal(tried.ended_at, json.null)
cp:on("GetLog", { status = "Accepted" })
cp:reconnect()
cp:boot()
says("Uploading", "uploading")
server.reload { files = { base_url = server.base } }

log "to a server of one's own; sent by hand"
while cp:receive(0) do
end
ask { location = "https://logs.example/in", retries = 2, retry_interval_s = 5 }
matches(cp:expect({ action = "GetLog" }).payload, { log = { remoteLocation = "https://logs.example/in" }, retries = 2, retryInterval = 5 })
local raw = http.post(base .. "/commands", { action = "GetLog", payload = { logType = "SecurityLog", requestId = 77, log = { remoteLocation = "https://logs.example/" } } })
matches(job_of(raw), { request_id = 77, location = "https://logs.example/" })

log "the password of that server is shown to nobody"
local secret = ask { location = "ftp://user:hunter2@logs.example/in" }
equal(cp:expect({ action = "GetLog", payload = { log = { remoteLocation = "ftp://user:hunter2@logs.example/in" } } }).action, "GetLog")
equal(job_of(secret).location, "ftp://***@logs.example/in")
equal(http.get("/api/admin/commands/" .. secret.body.id).body.payload.log.remoteLocation, "ftp://***@logs.example/in")
eventually(function()
  local message = http.get(base .. "/messages?action=GetLog&direction=out&limit=1").body.items[1]
  return message and message.payload.log.remoteLocation == "ftp://***@logs.example/in"
end)

log "for a charger that is away, over a kill"
cp:disconnect()
equal(ask({}).status, 409)
local waiting = ask { location = "ftp://user:hunter2@logs.example/", if_offline = "queue", wait_s = 0 }
equal(waiting.status, 202)
equal(http.get("/api/admin/commands/" .. waiting.body.id).body.payload.log.remoteLocation, "ftp://***@logs.example/")
equal(http.get(base .. "/commands?limit=1").body.items[1].payload.log.remoteLocation, "ftp://***@logs.example/")
server.kill()
server.start()
equal(job_of(waiting).state, "requested")
cp:on("GetLog", { status = "Accepted" })
cp:reconnect()
cp:boot()
becomes(waiting, "accepted")
cp:expect { action = "GetLog", payload = { log = { remoteLocation = "ftp://user:hunter2@logs.example/" } } }

log "its URL lives as long as the command waits, and then its time"
cp:on "GetLog"
cp.upload_plan = {}
cp:disconnect()
server.reload { files = { base_url = server.base }, ocpp16_security = { url_validity = "60s" } }
local patient = ask { if_offline = "queue", wait_s = 0, deadline_s = 7200 }
equal(patient.status, 202)
server.sql("delete from file_links where valid_until < '" .. now(7200) .. "'")
cp:reconnect()
cp:boot()
becomes(patient, "uploaded")
