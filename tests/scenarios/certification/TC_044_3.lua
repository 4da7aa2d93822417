-- A charger cannot install its new firmware.
local case = require "certification"
local cp = case.charger { firmware_plan = { fail = "InstallationFailed" } }

local job = case.update_firmware(cp, "image of 2.0")
case.reported(job, "installation_failed", "Downloading Downloaded Installing InstallationFailed")
case.flow(cp, "[UpdateFirmware] FirmwareStatusNotification FirmwareStatusNotification FirmwareStatusNotification "
  .. "FirmwareStatusNotification")
