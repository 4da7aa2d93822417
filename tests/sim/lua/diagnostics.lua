-- GetDiagnostics. cp.upload_plan says how it, and GetLog, goes:
--   fail = true          every attempt fails; or a status that GetLog ends with
--   failing = 2          so many attempts fail first
--   method = "PUT"       or "POST", "multipart"
--   content, file_name   what is sent, under which name
--   none = true          there is nothing to send
local core = require "core"
local transfer = require "transfer"

local actions, methods, triggered = {}, {}, {}

-- What the charger has said of itself in that time.
function methods.diary(cp, from, to)
  local lines = {}
  local first, last = from and core.parse_time(from) or 0, to and core.parse_time(to) or math.huge
  for _, entry in ipairs(cp.history) do
    if entry.at_ms >= first and entry.at_ms <= last then
      lines[#lines + 1] = core.format_time(entry.at_ms) .. " " .. entry.text
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

-- job: location, name, content, retries, interval, tell(status), failed (the status that says so).
function methods.upload(cp, job)
  local plan = cp.upload_plan
  job.tell "Uploading"
  local sent, why = transfer.attempt(job, function(n)
    if plan.fail or n <= (plan.failing or 0) then
      return nil, "as planned"
    end
    return transfer.send(cp, job.location, job.name, job.content, plan.method)
  end)
  if job.cancelled then
    return
  elseif not sent then
    cp:say("%-20s not sent: %s", job.name, why)
  end
  job.tell(sent and "Uploaded" or type(plan.fail) == "string" and plan.fail or job.failed)
end

function actions.GetDiagnostics(cp, payload)
  local plan = cp.upload_plan
  if plan.none then
    return {}
  end
  local job = {
    location = payload.location,
    retries = payload.retries,
    interval = payload.retryInterval,
    name = plan.file_name or "diagnostics-" .. cp.id:gsub("[^%w-]", "_") .. ".log",
    content = plan.content or cp:diary(payload.startTime, payload.stopTime),
    failed = "UploadFailed",
  }
  function job.tell(status)
    job.status = status
    cp:notify("DiagnosticsStatusNotification", { status = status })
  end
  local _, run = transfer.begin(cp, "diagnostics", job, cp.upload)
  return { fileName = job.name }, run
end

function triggered.DiagnosticsStatusNotification(cp)
  cp:demand("DiagnosticsStatusNotification", { status = (transfer.status(cp, "diagnostics")) })
end

return {
  feature = "FirmwareManagement",
  init = function(cp)
    cp.upload_plan = cp.upload_plan or {}
  end,
  actions = actions,
  triggered = triggered,
  methods = methods,
}
