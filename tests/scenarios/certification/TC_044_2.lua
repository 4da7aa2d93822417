-- A charger cannot fetch its new firmware.
local case = require "certification"
local cp = case.charger { firmware_plan = { fail = "DownloadFailed" } }

local job = case.update_firmware(cp, "image of 2.0")
case.reported(job, "download_failed", "Downloading DownloadFailed")
case.flow(cp, "[UpdateFirmware] FirmwareStatusNotification FirmwareStatusNotification")
