-- A charger gets new firmware, tells each step, and boots with it.
local case = require "certification"
local cp = case.charger { firmware_plan = { version = "2.0" } }

local job = case.update_firmware(cp, "image of 2.0")
case.flow(cp, "[UpdateFirmware] FirmwareStatusNotification FirmwareStatusNotification FirmwareStatusNotification "
  .. "FirmwareStatusNotification BootNotification StatusNotification StatusNotification")
equal(cp.firmware_image, "image of 2.0")
case.reported(job, "installed", "Downloading Downloaded Installing Installed Booted")
equal(case.answer(cp, "BootNotification").status, "Accepted")
