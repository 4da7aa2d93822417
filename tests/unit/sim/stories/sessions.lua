-- What a charger does with sessions, availability and triggers of the server, and how long it waits between attempts; without
-- a server.
local sent
local function cp_with(more)
  more.id, more.silent = "CP1", true
  local cp = charger(more)
  sent = {}
  cp.accepted = true
  -- In place of a line: all messages are answered, the first session has the number 1.
  cp.connected = true
  local transactions = 0
  function cp:call(action, payload)
    local detail = payload.status or payload.reason or payload.idTag or ""
    wait(0)
    table.insert(sent, (("%s %s %s"):format(action, payload.connectorId or "", detail):gsub(" +", " "):gsub(" $", "")))
    if action == "StartTransaction" then
      transactions = transactions + 1
      return { transactionId = transactions, idTagInfo = { status = payload.idTag == "BAD" and "Blocked" or "Accepted" } }
    elseif action == "Authorize" then
      return { idTagInfo = { status = payload.idTag == "BAD" and "Blocked" or "Accepted" } }
    elseif action == "BootNotification" then
      return { status = "Accepted", interval = 60, currentTime = now() }
    end
    return {}
  end
  return cp
end
local function heard()
  local text = table.concat(sent, ", ")
  sent = {}
  return text
end
local function status(cp, action, payload)
  return cp:ask(action, payload).status
end

-- Remote start and stop.
local cp = cp_with { connectors = 2 }
equal(status(cp, "RemoteStartTransaction", { idTag = "A" }), "Accepted")
local started = "StatusNotification 1 Preparing, StartTransaction 1 A, StatusNotification 1 Charging"
equal(heard(), "Authorize A, " .. started)
equal(status(cp, "RemoteStartTransaction", { idTag = "A", connectorId = 1 }), "Rejected", "it is taken")
cp.configuration.AuthorizeRemoteTxRequests = "false"
equal(status(cp, "RemoteStartTransaction", { idTag = "B" }), "Accepted", "the other connector")
equal(heard(), (started:gsub(" 1", " 2"):gsub("2 A", "2 B")))
equal(status(cp, "RemoteStartTransaction", { idTag = "C" }), "Rejected", "none is left")
equal(status(cp, "RemoteStopTransaction", { transactionId = 9 }), "Rejected")
cp.accepted = false
equal(status(cp, "RemoteStopTransaction", { transactionId = 1 }), "Rejected", "not while pending")
cp.accepted = true
equal(status(cp, "RemoteStopTransaction", { transactionId = 1 }), "Accepted")
equal(heard(), "StopTransaction Remote, StatusNotification 1 Finishing, StatusNotification 1 Available")

-- Who may not: asked first, or told by the start.
cp = cp_with {}
equal(status(cp, "RemoteStartTransaction", { idTag = "BAD" }), "Accepted")
equal(heard(), "Authorize BAD")
equal({ cp:present { id_tag = "BAD" } }, { nil, "Blocked" })
heard()
cp:begin(1, "BAD")
equal(heard(), "StatusNotification 1 Preparing, StartTransaction 1 BAD, StopTransaction DeAuthorized, StatusNotification 1 Available")
cp.configuration.StopTransactionOnInvalidId = "false"
cp:begin(1, "BAD")
equal(cp:session(1).status, "Blocked")
heard()

-- Availability waits for the session; unlocking ends it.
equal(status(cp, "ChangeAvailability", { connectorId = 7, type = "Inoperative" }), "Rejected")
equal(status(cp, "ChangeAvailability", { connectorId = 1, type = "Inoperative" }), "Scheduled")
equal(heard(), "")
equal(status(cp, "UnlockConnector", { connectorId = 1 }), "Unlocked")
equal(heard(), "StopTransaction UnlockCommand, StatusNotification 1 Finishing, StatusNotification 1 Unavailable")
equal(status(cp, "UnlockConnector", { connectorId = 0 }), "NotSupported")
equal(status(cp, "RemoteStartTransaction", { idTag = "A" }), "Rejected", "out of service")
equal(status(cp, "ChangeAvailability", { connectorId = 0, type = "Operative" }), "Accepted")
equal(heard(), "StatusNotification 0 Available, StatusNotification 1 Available")

-- A reset ends sessions, and then all begins anew.
local lines = {}
function cp:disconnect()
  self.connected = false
  table.insert(lines, "down")
end
function cp:reconnect()
  equal(self.accepted, false, "it has not booted yet")
  self.connected = true
  table.insert(lines, "up")
end
cp:begin(1, "A")
heard()
equal(status(cp, "Reset", { type = "Hard" }), "Accepted")
equal(heard(), "StopTransaction HardReset, BootNotification, StatusNotification 0 Available, StatusNotification 1 Charging")
equal(lines, { "down", "up" })

-- Triggers.
cp = cp_with { connectors = 2, trigger_answers = { Heartbeat = "Rejected" } }
local function trigger(message, connector)
  return status(cp, "TriggerMessage", { requestedMessage = message, connectorId = connector })
end
equal(trigger "Heartbeat", "Rejected")
equal(trigger("StatusNotification", 3), "Rejected")
equal(trigger("StatusNotification", 2), "Accepted")
equal(heard(), "StatusNotification 2 Available")
equal(trigger "MeterValues", "Accepted")
equal(heard(), "MeterValues 1, MeterValues 2")
equal(trigger "FirmwareStatusNotification", "Accepted")
equal(trigger "DiagnosticsStatusNotification", "Accepted")
equal(heard(), "FirmwareStatusNotification Idle, DiagnosticsStatusNotification Idle")
equal(trigger "LogStatusNotification", "NotImplemented", "of the security extension only")
equal(status(cp, "ExtendedTriggerMessage", { requestedMessage = "LogStatusNotification" }), "Accepted")
equal(status(cp, "ExtendedTriggerMessage", { requestedMessage = "FirmwareStatusNotification" }), "Accepted")
equal(heard(), "LogStatusNotification Idle, SignedFirmwareStatusNotification Idle")

-- Longer pauses between attempts, up to the most.
local task = require "task"
cp = cp_with { backoff = { first = 0.02, most = 0.08, spread = 0 } }
local sleep, slept = task.sleep, {}
task.sleep = function(seconds)
  table.insert(slept, seconds)
end
for _ = 1, 4 do
  cp:pause()
end
task.sleep = sleep
equal(slept, { 0.02, 0.04, 0.08, 0.08 })

-- A message that the server answers with an error comes again, as often as it is configured; then the next one.
cp = cp_with {}
cp.configuration.TransactionMessageAttempts, cp.configuration.TransactionMessageRetryInterval = "3", "0"
local session = cp:start { id_tag = "A" }
local ids = {}
function cp:call(action, _, options)
  wait(0)
  table.insert(ids, action .. " " .. options.id)
  return nil, { code = "InternalError", description = "" }
end
fails(function()
  session:meter { energy_wh = 1 }
end, "InternalError")
equal(#ids, 3)
check(ids[1] ~= ids[2] and ids[2] ~= ids[3], "each is a new message")
equal(#cp.queue, 0)
