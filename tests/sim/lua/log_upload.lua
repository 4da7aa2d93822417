-- GetLog: the diagnostics or the security log, sent as cp.upload_plan says.
local core = require "core"
local transfer = require "transfer"

local actions, extended = {}, {}

local function security_log(cp, from, to)
  local lines = {}
  for _, event in ipairs(cp.security_log) do
    local at = core.parse_time(event.timestamp)
    if (not from or at >= core.parse_time(from)) and (not to or at <= core.parse_time(to)) then
      lines[#lines + 1] = string.format("%s %s %s", event.timestamp, event.type, event.techInfo or "")
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

local function content(cp, payload)
  local log = payload.log
  if payload.logType == "SecurityLog" then
    return security_log(cp, log.oldestTimestamp, log.latestTimestamp)
  end
  return cp:diary(log.oldestTimestamp, log.latestTimestamp)
end

function actions.GetLog(cp, payload)
  local plan = cp.upload_plan
  if plan.none then
    return { status = "Rejected" }
  end
  local kind = payload.logType == "SecurityLog" and "security-" or "diagnostics-"
  local job = {
    id = payload.requestId,
    location = payload.log.remoteLocation,
    retries = payload.retries,
    interval = payload.retryInterval,
    name = plan.file_name or kind .. payload.requestId .. ".log",
    content = plan.content or content(cp, payload),
    failed = "UploadFailure",
  }
  function job.tell(status)
    job.status = status
    cp:notify("LogStatusNotification", { status = status, requestId = job.id })
  end
  local replaced, run = transfer.begin(cp, "log", job, cp.upload)
  return { status = replaced and "AcceptedCanceled" or "Accepted", filename = job.name }, run
end

function extended.LogStatusNotification(cp)
  local status, job = transfer.status(cp, "log")
  cp:demand("LogStatusNotification", { status = status, requestId = status ~= "Idle" and job.id or nil })
end

return { feature = "Security", actions = actions, extended = extended }
