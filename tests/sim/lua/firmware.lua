-- UpdateFirmware. cp.firmware_plan says how it goes:
--   fail = "DownloadFailed" | "InstallationFailed"   it ends so
--   failing = 2                                      so many attempts at the download fail first
--   version = "2.0"                                  what it is afterwards (default: of the file's hash)
--   install_s = 0                                    how long the installation takes
--   after_boot = true                                Installed is told after the reboot, not before
--   reboot = false                                   no reboot at all
local crypto = require "crypto"
local task = require "task"
local transfer = require "transfer"

local actions, methods, triggered = {}, {}, {}

local function download(cp, job)
  local plan = cp.firmware_plan
  return transfer.attempt(job, function(n)
    if plan.fail == "DownloadFailed" or n <= (plan.failing or 0) then
      return nil, "as planned"
    end
    return transfer.fetch(cp, job.location)
  end)
end

local function wait_until_idle(cp)
  while true do
    local busy = false
    for connector = 1, cp.connectors do
      busy = busy or cp.connector[connector].session ~= nil
    end
    if not busy then
      return
    end
    cp.changed:wait(0.1)
  end
end

local function install(cp, job, bytes)
  local plan = cp.firmware_plan
  wait_until_idle(cp)
  job.tell "Installing"
  task.sleep(plan.install_s or 0)
  if plan.fail == "InstallationFailed" or plan.fail == "InstallVerificationFailed" then
    return job.tell(plan.fail)
  end
  cp.firmware = plan.version or "fw-" .. crypto.sha256(bytes):sub(1, 8)
  cp.firmware_image = bytes
  if plan.reboot == false then
    return job.tell "Installed"
  end
  if not plan.after_boot then
    job.tell "Installed"
  elseif job.before_reboot then
    job.tell(job.before_reboot)
  end
  cp:restart()
  if plan.after_boot then
    job.tell "Installed"
  end
end

-- job: location, retries, interval, retrieve and install (times), tell(status), tells_schedule (whether it tells that it waits),
-- checks(bytes) (whether to install), before_reboot (a status).
function methods.update_firmware(cp, job)
  transfer.wait_until(cp, job.retrieve, job.tells_schedule and function()
    job.tell "DownloadScheduled"
  end)
  if job.cancelled then
    return
  end
  job.tell "Downloading"
  local bytes, why = download(cp, job)
  if job.cancelled then
    return
  elseif not bytes then
    cp:say("%-20s no download: %s", "firmware", why)
    return job.tell "DownloadFailed"
  end
  job.tell "Downloaded"
  if job.checks and not job.checks(bytes) then
    return
  end
  transfer.wait_until(cp, job.install, job.tells_schedule and function()
    job.tell "InstallScheduled"
  end)
  if not job.cancelled then
    install(cp, job, bytes)
  end
end

function actions.UpdateFirmware(cp, payload)
  local job = {
    location = payload.location,
    retries = payload.retries,
    interval = payload.retryInterval,
    retrieve = payload.retrieveDate,
  }
  function job.tell(status)
    job.status = status
    cp:notify("FirmwareStatusNotification", { status = status })
  end
  local _, run = transfer.begin(cp, "firmware", job, cp.update_firmware)
  return {}, run
end

function triggered.FirmwareStatusNotification(cp)
  cp:demand("FirmwareStatusNotification", { status = (transfer.status(cp, "firmware")) })
end

return {
  feature = "FirmwareManagement",
  configuration = { SupportedFileTransferProtocols = "HTTP,HTTPS" },
  readonly = { "SupportedFileTransferProtocols" },
  init = function(cp)
    cp.firmware_plan = cp.firmware_plan or {}
    cp.jobs = {}
  end,
  actions = actions,
  triggered = triggered,
  methods = methods,
}
