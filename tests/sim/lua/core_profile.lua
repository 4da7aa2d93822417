-- The core profile: sessions started and stopped from afar, reset, availability, unlocking, data.
local core = require "core"

local actions, methods = {}, {}

-- The charger's own clock in milliseconds.
function methods.clock_ms(cp)
  return core.now_ms() + math.floor(cp.time_offset * 1000)
end

-- The status of a connector that nothing happens at.
function methods.idle_status(cp, connector)
  local state = cp.connector[connector]
  if not state.available then
    return "Unavailable"
  end
  return cp:reservation_of(connector) and "Reserved" or "Available"
end

function methods.is_free(cp, connector, id_tag)
  local state = cp.connector[connector]
  return state
    and state.available
    and not state.session
    and state.status ~= "Faulted"
    and cp:may_use(connector, id_tag)
end

local function free_connector(cp, wanted, id_tag)
  for connector = wanted or 1, wanted or cp.connectors do
    if cp:is_free(connector, id_tag) then
      return connector
    end
  end
end

-- What follows once a token is good for a connector: the session. options: profile (of a remote start).
function methods.begin(cp, connector, id_tag, options)
  cp:tell_status(connector, "Preparing")
  local session = cp:start { connector = connector, id_tag = id_tag }
  if session.status and session.status ~= "Accepted" and cp.configuration.StopTransactionOnInvalidId == "true" then
    session:stop { reason = "DeAuthorized" }
    cp:tell_status(connector, cp:idle_status(connector))
    return session
  end
  if options and options.profile then
    cp:install_profile(connector, options.profile, session)
  end
  cp:tell_status(connector, "Charging")
  return session
end

function actions.RemoteStartTransaction(cp, payload)
  local id_tag, profile = payload.idTag, payload.chargingProfile
  cp:learn_parent(id_tag)
  local connector = cp.accepted ~= false and free_connector(cp, payload.connectorId, id_tag)
  if not connector or profile and not cp:accepts_start_profile(profile) then
    return { status = "Rejected" }
  end
  return { status = "Accepted" },
    function()
      if cp.configuration.AuthorizeRemoteTxRequests == "true" and cp:identify(id_tag).status ~= "Accepted" then
        return
      end
      cp:begin(connector, id_tag, { profile = profile })
    end
end

-- The end of a session, and the car drives away.
function methods.finish(cp, session, reason)
  session:stop { reason = reason }
  cp:tell_status(session.connector, "Finishing")
  cp:tell_status(session.connector, cp:idle_status(session.connector))
end

function actions.RemoteStopTransaction(cp, payload)
  for connector = 1, cp.connectors do
    local session = cp.connector[connector].session
    if session and session.id == payload.transactionId and cp.accepted ~= false then
      return { status = "Accepted" }, function()
        cp:finish(session, "Remote")
      end
    end
  end
  return { status = "Rejected" }
end

function methods.stop_all(cp, reason)
  for connector = 1, cp.connectors do
    local session = cp.connector[connector].session
    if session then
      session:stop { reason = reason }
    end
  end
end

-- Off and on again.
function methods.restart(cp)
  cp:hold_line(function()
    cp:disconnect { code = 1001, reason = "reset" }
    cp.accepted = false
    cp:reconnect_after_change()
    if cp:boot().status == "Accepted" then
      cp:report_connectors()
    end
  end)
end

function actions.Reset(cp, payload)
  return { status = "Accepted" }, function()
    cp:stop_all(payload.type .. "Reset")
    cp:restart()
  end
end

local function set_availability(cp, connector, available)
  local state = cp.connector[connector]
  state.available = available
  if not state.session then
    cp:tell_status(connector, cp:idle_status(connector))
  end
end

function actions.ChangeAvailability(cp, payload)
  local first, last = payload.connectorId, payload.connectorId
  if first == 0 then
    first, last = 0, cp.connectors
  elseif not cp.connector[first] then
    return { status = "Rejected" }
  end
  local busy = false
  for connector = first, last do
    busy = busy or cp.connector[connector].session ~= nil
  end
  return { status = busy and "Scheduled" or "Accepted" },
    function()
      for connector = first, last do
        set_availability(cp, connector, payload.type == "Operative")
      end
    end
end

function actions.UnlockConnector(cp, payload)
  local state = cp.connector[payload.connectorId]
  if not state or payload.connectorId == 0 then
    return { status = "NotSupported" }
  end
  return { status = "Unlocked" },
    function()
      if state.session then
        cp:finish(state.session, "UnlockCommand")
      end
    end
end

function actions.DataTransfer()
  return { status = "UnknownVendorId" }
end

-- The status of every connector, or of one.
function methods.report_connectors(cp, only)
  for connector = only or 0, only or cp.connectors do
    local state = cp.connector[connector]
    cp:status(connector, state.available and state.status or "Unavailable")
  end
end

-- A status of the charger's own: told at once, or, while the server does not hear, by the next
-- report_connectors().
function methods.tell_status(cp, connector, status)
  cp:note_status(connector, status)
  if cp.connected and cp.accepted ~= false then
    cp:notify("StatusNotification", {
      connectorId = connector,
      status = status,
      errorCode = "NoError",
      timestamp = cp:now(),
    })
  end
end

-- Something that must be told: waits for the line, and comes again if the line was cut. An error
-- that the server answers with is the story's.
function methods.notify(cp, action, payload)
  while true do
    while not cp.connected or cp.accepted == false do
      cp.changed:wait()
    end
    local response, err = cp:call(action, payload)
    if response then
      return response
    elseif err.code ~= "Closed" then
      cp:fail("%s was answered %s: %s", action, err.code, err.description)
    end
  end
end

return {
  feature = "Core",
  configuration = {
    AuthorizeRemoteTxRequests = "true",
    ClockAlignedDataInterval = "0",
    ConnectionTimeOut = "60",
    ConnectorPhaseRotation = "0.RST",
    HeartbeatInterval = "300",
    MeterValueSampleInterval = "60",
    MeterValuesAlignedData = "Energy.Active.Import.Register",
    MeterValuesSampledData = "Energy.Active.Import.Register,Power.Active.Import",
    NumberOfConnectors = "",
    ResetRetries = "1",
    StopTransactionOnEVSideDisconnect = "true",
    StopTransactionOnInvalidId = "true",
    StopTxnAlignedData = "",
    StopTxnSampledData = "",
    SupportedFeatureProfiles = "",
    TransactionMessageAttempts = "1",
    TransactionMessageRetryInterval = "60",
    UnlockConnectorOnEVSideDisconnect = "true",
    WebSocketPingInterval = "0",
  },
  readonly = { "NumberOfConnectors", "SupportedFeatureProfiles" },
  init = function(cp)
    cp.configuration.NumberOfConnectors = tostring(cp.connectors)
  end,
  actions = actions,
  methods = methods,
}
