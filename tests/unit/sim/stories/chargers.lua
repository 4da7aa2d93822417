-- What a simulated charger answers, without a server.
local function cp_with(more)
  more.id, more.silent = "CP1", true
  return charger(more)
end
local function statuses(cp, action, cases)
  for i, case in ipairs(cases) do
    equal(cp:ask(action, case[2]).status, case[1], action .. " " .. i)
  end
end

-- The local list.
local cp = cp_with {}
local function good(id_tag, more)
  local info = { status = "Accepted" }
  for key, value in pairs(more or {}) do
    info[key] = value
  end
  return { idTag = id_tag, idTagInfo = info }
end
local function list(version, kind, entries)
  return { listVersion = version, updateType = kind, localAuthorizationList = entries }
end
local function version()
  return cp:ask("GetLocalListVersion").listVersion
end
equal(version(), 0)
statuses(cp, "SendLocalList", {
  { "Accepted", list(4, "Full", { good "A", good "B", { idTag = "C", idTagInfo = { status = "Blocked" } } }) },
  { "VersionMismatch", list(4, "Differential", { good "D" }) },
  { "Accepted", list(7, "Differential", { good("D", { expiryDate = now(-10) }), { idTag = "A" } }) },
  { "Failed", list(8, "Full", { { idTag = "A" } }) },
  { "Failed", list(8, "Full", { good "A", good "A" }) },
  { "Failed", list(0, "Full", {}) },
})
equal(version(), 7)
equal(cp:identify("B").status, "Accepted")
equal(cp:identify("C").status, "Blocked")
equal(cp:identify("D").status, "Expired")
equal(cp:identify("A").status, "Invalid")
cp.cache.A = { status = "Accepted" }
equal(cp:identify("A").status, "Accepted")
cp.configuration.LocalAuthorizeOffline = "false"
equal(cp:identify("B").status, "Invalid")
cp.configuration.SendLocalListMaxLength = "1"
statuses(cp, "SendLocalList", { { "Failed", list(9, "Full", { good "A", good "B" }) }, { "Accepted", list(9, "Full") } })
equal(version(), 0)
cp.configuration.LocalAuthListEnabled = "false"
statuses(cp, "SendLocalList", { { "NotSupported", list(10, "Full", { good "A" }) } })
equal(version(), -1)

-- Reservations.
cp = cp_with { connectors = 2 }
local function reserve(id, connector, id_tag, more)
  local wanted = { reservationId = id, connectorId = connector, idTag = id_tag, expiryDate = now(60) }
  for key, value in pairs(more or {}) do
    wanted[key] = value
  end
  return cp:ask("ReserveNow", wanted).status
end
equal(reserve(1, 1, "A"), "Accepted")
equal(cp.connector[1].status, "Reserved")
equal(reserve(2, 1, "B"), "Occupied")
equal(reserve(1, 2, "A"), "Accepted", "the same id moves it")
equal(cp.connector[1].status .. cp.connector[2].status, "AvailableReserved")
equal(reserve(3, 0, "B"), "Accepted")
equal(reserve(4, 0, "C"), "Occupied", "no connector is left")
equal(reserve(4, 1, "C"), "Occupied", "the last one is for reservation 3")
equal(reserve(5, 1, "C", { expiryDate = now(-1) }), "Rejected")
equal(reserve(5, 9, "C"), "Rejected")
check(not cp:is_free(1, "C"))
check(not cp:is_free(2, "C"))
check(cp:is_free(1, "B"))
equal(cp:ask("CancelReservation", { reservationId = 9 }).status, "Rejected")
equal(cp:ask("CancelReservation", { reservationId = 1 }).status, "Accepted")
equal(cp.connector[2].status, "Available")
cp:note_status(2, "Faulted")
equal(reserve(6, 2, "C"), "Faulted")
cp:ask("ChangeAvailability", { connectorId = 2, type = "Inoperative" })
equal(reserve(6, 2, "C"), "Unavailable")
cp:ask("ChangeAvailability", { connectorId = 2, type = "Operative" })
-- A group's reservation is for all of the group, and used up by one.
equal(reserve(7, 2, "A", { parentIdTag = "G" }), "Accepted")
cp.cache.X = { status = "Accepted", parentIdTag = "G" }
check(cp:is_free(2, "X"))
equal(cp:use_reservation(2, "Y"), nil)
equal(cp:use_reservation(2, "X"), 7)
equal(cp.reservations[7], nil)
-- It ends by the charger's clock, and with its connector.
equal(reserve(8, 2, "A", { expiryDate = now(0.2) }), "Accepted")
eventually(function()
  return cp.connector[2].status == "Available" and not cp.reservations[8]
end)
equal(reserve(9, 2, "A"), "Accepted")
cp:ask("ChangeAvailability", { connectorId = 2, type = "Inoperative" })
equal(cp.reservations[9], nil)
cp.configuration.ReserveConnectorZeroSupported = "false"
equal(reserve(3, 0, "B"), "Rejected")

-- Which charging profiles are taken.
cp = cp_with { connectors = 1 }
local function set(connector, more, schedule)
  local profile = {
    chargingProfileId = 1,
    stackLevel = 0,
    chargingProfilePurpose = "TxDefaultProfile",
    chargingProfileKind = "Absolute",
    chargingSchedule = {
      chargingRateUnit = "A",
      startSchedule = now(),
      chargingSchedulePeriod = { { startPeriod = 0, limit = 16 } },
    },
  }
  for key, value in pairs(more or {}) do
    profile[key] = value
  end
  for key, value in pairs(schedule or {}) do
    profile.chargingSchedule[key] = value
  end
  return cp:ask("SetChargingProfile", { connectorId = connector, csChargingProfiles = profile }).status
end
equal(set(0), "Accepted")
equal(set(2), "Rejected")
equal(set(0, { stackLevel = 11 }), "Rejected")
equal(set(1, { chargingProfilePurpose = "ChargePointMaxProfile" }), "Rejected")
equal(set(1, { chargingProfilePurpose = "TxProfile" }), "Rejected", "no transaction")
equal(set(0, {}, { chargingSchedulePeriod = { { startPeriod = 5, limit = 1 } } }), "Rejected")
equal(set(0, { chargingProfileKind = "Recurring" }), "Rejected")
equal(set(0, { chargingProfileId = 2 }), "Accepted", "in place of 1")
equal(#cp.profiles, 1)
cp.connector[1].session = { id = 7, timestamp = now(), connector = 1 }
local tx = { chargingProfileId = 3, chargingProfilePurpose = "TxProfile" }
equal(set(1, tx), "Accepted")
tx.transactionId = 8
equal(set(1, tx), "Rejected")
tx.transactionId = 7
equal(set(1, tx, { chargingSchedulePeriod = { { startPeriod = 0, limit = 6 } } }), "Accepted")
equal(cp:limit(1), 6.0)
cp:drop_profiles(cp.connector[1].session)
cp.connector[1].session = nil
equal(cp:limit(1), 16.0)
matches(cp:ask("GetCompositeSchedule", { connectorId = 1, duration = 60, chargingRateUnit = "W" }), {
  status = "Accepted",
  chargingSchedule = { duration = 60, chargingSchedulePeriod = { { startPeriod = 0, limit = 11040.0 } } },
})
statuses(cp, "ClearChargingProfile", { { "Unknown", { id = 9 } }, { "Unknown", { connectorId = 1 } }, { "Accepted", {} }, { "Unknown", {} } })

-- Configuration.
statuses(cp, "ChangeConfiguration", {
  { "NotSupported", { key = "Nonsense", value = "1" } },
  { "Rejected", { key = "NumberOfConnectors", value = "3" } },
  { "Rejected", { key = "MeterValueSampleInterval", value = "-1" } },
  { "Rejected", { key = "LocalPreAuthorize", value = "yes" } },
  { "Accepted", { key = "MeterValueSampleInterval", value = "60" } },
  { "Rejected", { key = "AuthorizationKey", value = "not hex, but long enough for a key" } },
  { "Rejected", { key = "AuthorizationKey", value = ("ab"):rep(15) } },
  { "Rejected", { key = "SecurityProfile", value = "1" } },
})
equal(cp:ask("GetConfiguration", { key = { "AuthorizationKey", "What" } }), {
  configurationKey = { { key = "AuthorizationKey", readonly = false } },
  unknownKey = { "What" },
})
cp.password = "x"
statuses(cp, "ChangeConfiguration", {
  { "Accepted", { key = "SecurityProfile", value = "1" } },
  { "Rejected", { key = "SecurityProfile", value = "0" } },
  { "Rejected", { key = "SecurityProfile", value = "2" } },
})

-- Features that are left out.
cp = cp_with { features = { "Core", "RemoteTrigger" } }
local _, err = cp:ask "GetLocalListVersion"
equal(err.code, "NotSupported")
_, err = cp:ask "MakeCoffee"
equal(err.code, "NotImplemented")
equal(cp.configuration.SupportedFeatureProfiles, "Core,RemoteTrigger")
statuses(cp, "TriggerMessage", { { "NotImplemented", { requestedMessage = "FirmwareStatusNotification" } } })
