-- A charger sends its security log, and it arrives.
local case = require "certification"
local cp = case.charger()

cp:security_event("TamperDetectionActivated", "the lid")
local job = case.security_job(cp, "get-log", { log_type = "SecurityLog", oldest_at = now(-3600), latest_at = now(1) }, "uploaded",
  "Uploading Uploaded")
local asked = case.sent(cp, "GetLog", { logType = "SecurityLog", requestId = job.request_id })
check(asked.log.remoteLocation:find "^https?://" and asked.log.oldestTimestamp and asked.log.latestTimestamp, show(asked))
local file = http.get("/api/admin/files?charge_point_id=" .. cp.id).body.items[1]
check(http.get("/api/admin/files/" .. file.id .. "/content").text:find("TamperDetectionActivated", 1, true))
case.flow(cp, "SecurityEventNotification [GetLog] LogStatusNotification LogStatusNotification")
