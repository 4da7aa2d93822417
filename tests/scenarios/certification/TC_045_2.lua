-- A charger cannot send its diagnostics.
local case = require "certification"
local cp = case.charger { upload_plan = { fail = true } }

local job = case.job(cp, "get-diagnostics", {})
case.reported(job, "upload_failed", "Uploading UploadFailed")
equal(#http.get("/api/admin/files?charge_point_id=" .. cp.id).body.items, 0)
case.flow(cp, "[GetDiagnostics] DiagnosticsStatusNotification DiagnosticsStatusNotification")
