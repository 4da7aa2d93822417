-- A charger sends its diagnostics, and they arrive.
local case = require "certification"
local cp = case.charger { upload_plan = { content = "all is well", file_name = "d.log" } }

local job = case.job(cp, "get-diagnostics", { oldest_at = now(-3600), latest_at = now() })
local asked = case.sent(cp, "GetDiagnostics")
check(asked.location:find("^https?://") and asked.startTime and asked.stopTime, show(asked))
case.reported(job, "uploaded", "Uploading Uploaded")
local files = http.get("/api/admin/files?charge_point_id=" .. cp.id).body.items
equal(#files, 1)
equal(http.get("/api/admin/files/" .. files[1].id .. "/content").text, "all is well")
case.flow(cp, "[GetDiagnostics] DiagnosticsStatusNotification DiagnosticsStatusNotification")
