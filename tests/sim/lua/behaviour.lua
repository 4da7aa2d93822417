-- How a plain charger answers the CSMS. A story replaces any of it with cp:on(action, ...).
local core = require "core"
local story = require "story"
local task = require "task"

-- A handler gets the payload and the call. It returns the response and, if there is more to do
-- once that is sent, a function; or nil, an error code and a description.
local actions = {}

local function free_connector(cp, wanted)
  for connector = wanted or 1, wanted or cp.connectors do
    local state = cp.connector[connector]
    if state and state.available and not state.session and state.status ~= "Faulted" then
      return connector
    end
  end
end

local function remote_start(cp, connector, id_tag)
  if cp.configuration.AuthorizeRemoteTxRequests == "true" and cp:authorize(id_tag).status ~= "Accepted" then
    return
  end
  cp:status(connector, "Preparing")
  local session = cp:start { connector = connector, id_tag = id_tag }
  if session.status and session.status ~= "Accepted" then
    session:stop { reason = "DeAuthorized" }
    cp:status(connector, "Available")
  else
    cp:status(connector, "Charging")
  end
end

function actions.RemoteStartTransaction(cp, payload)
  local connector = free_connector(cp, payload.connectorId)
  if not connector then
    return { status = "Rejected" }
  end
  return { status = "Accepted" }, function()
    remote_start(cp, connector, payload.idTag)
  end
end

local function end_session(cp, session, reason)
  session:stop { reason = reason }
  cp:status(session.connector, "Finishing")
  cp:status(session.connector, "Available")
end

function actions.RemoteStopTransaction(cp, payload)
  for connector = 1, cp.connectors do
    local session = cp.connector[connector].session
    if session and session.id == payload.transactionId then
      return { status = "Accepted" }, function()
        end_session(cp, session, "Remote")
      end
    end
  end
  return { status = "Rejected" }
end

local function reset(cp, kind)
  for connector = 1, cp.connectors do
    local session = cp.connector[connector].session
    if session then
      session:stop { reason = kind .. "Reset" }
    end
  end
  cp:disconnect { code = 1012, reason = "reset" }
  cp:reconnect()
  cp:boot()
  cp:report_connectors()
end

function actions.Reset(cp, payload)
  return { status = "Accepted" }, function()
    reset(cp, payload.type)
  end
end

local function set_availability(cp, connector, available)
  local state = cp.connector[connector]
  state.available = available
  if not state.session then
    cp:status(connector, available and "Available" or "Unavailable")
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
  return { status = busy and "Scheduled" or "Accepted" }, function()
    for connector = first, last do
      set_availability(cp, connector, payload.type == "Operative")
    end
  end
end

function actions.GetConfiguration(cp, payload)
  local known, unknown = setmetatable({}, core.array), setmetatable({}, core.array)
  local keys = payload.key
  if not keys or #keys == 0 then
    keys = {}
    for key in pairs(cp.configuration) do
      keys[#keys + 1] = key
    end
    table.sort(keys)
  end
  for _, key in ipairs(keys) do
    local value = cp.configuration[key]
    if value then
      known[#known + 1] = { key = key, readonly = cp.readonly[key] or false, value = value }
    else
      unknown[#unknown + 1] = key
    end
  end
  return { configurationKey = known, unknownKey = unknown }
end

function actions.ChangeConfiguration(cp, payload)
  if not cp.configuration[payload.key] then
    return { status = "NotSupported" }
  elseif cp.readonly[payload.key] then
    return { status = "Rejected" }
  end
  cp.configuration[payload.key] = payload.value
  return { status = "Accepted" }
end

function actions.UnlockConnector(cp, payload)
  local state = cp.connector[payload.connectorId]
  if not state or payload.connectorId == 0 then
    return { status = "NotSupported" }
  end
  return { status = "Unlocked" }, function()
    if state.session then
      end_session(cp, state.session, "UnlockCommand")
    end
  end
end

function actions.ClearCache()
  return { status = "Accepted" }
end

function actions.DataTransfer()
  return { status = "UnknownVendorId" }
end

local triggered = {
  BootNotification = function(cp)
    cp:boot()
  end,
  Heartbeat = function(cp)
    cp:heartbeat()
  end,
  StatusNotification = function(cp, connector)
    cp:report_connectors(connector)
  end,
  MeterValues = function(cp, connector)
    cp:meter { connector = connector or 1, energy_wh = cp.connector[connector or 1].meter_wh, context = "Trigger" }
  end,
}

function actions.TriggerMessage(cp, payload)
  local send = triggered[payload.requestedMessage]
  if not send then
    return { status = "NotImplemented" }
  elseif payload.connectorId and not cp.connector[payload.connectorId] then
    return { status = "Rejected" }
  end
  return { status = "Accepted" }, function()
    send(cp, payload.connectorId)
  end
end

return function(Charger)
  function Charger:init_behaviour()
    self.connector = {}
    for connector = 0, self.connectors do
      self.connector[connector] = { status = "Available", available = true, meter_wh = 0 }
    end
    self.configuration = {
      AuthorizeRemoteTxRequests = "true",
      ConnectionTimeOut = "60",
      HeartbeatInterval = "300",
      MeterValueSampleInterval = "60",
      MeterValuesSampledData = "Energy.Active.Import.Register,Power.Active.Import",
      NumberOfConnectors = tostring(self.connectors),
      StopTransactionOnInvalidId = "true",
      SupportedFeatureProfiles = "Core,RemoteTrigger",
    }
    self.readonly = { NumberOfConnectors = true, SupportedFeatureProfiles = true }
  end

  -- The status of every connector, or of one.
  function Charger:report_connectors(only)
    for connector = only or 0, only or self.connectors do
      local state = self.connector[connector]
      self:status(connector, state.available and state.status or "Unavailable")
    end
  end

  -- on(action, function | table): answers with what the function returns, or with the table.
  -- on(action, false): not at all; the story does it with cp:answer(call, response).
  -- on(action): as a plain charger again.
  function Charger:on(action, handler)
    if type(handler) == "table" then
      local response = handler
      handler = function()
        return response
      end
    end
    self.handlers[action] = handler
  end

  function Charger:answer(call, response)
    return self:send_raw(core.json_encode { 3, call.id, response })
  end

  function Charger:answer_error(call, code, description, details)
    return self:send_raw(core.json_encode { 4, call.id, code, description or "", details or {} })
  end

  function Charger:answer_call(call)
    local custom, response, after, description = self.handlers[call.action], nil, nil, nil
    if custom == false then
      return
    elseif custom then
      response, after, description = custom(call.payload, call)
    elseif actions[call.action] then
      response, after, description = actions[call.action](self, call.payload, call)
    else
      after, description = "NotImplemented", "the simulator does not know " .. tostring(call.action)
    end
    if not self.connected then
      return
    end
    if not response then
      return self:answer_error(call, after or "InternalError", description)
    end
    self:say("%-20s %s", call.action, response.status and "answered " .. response.status or "answered")
    self:answer(call, response)
    if after then
      -- What a charger does of itself ends with its line, and is no fault of the story's.
      local ok, err = pcall(after)
      if not ok and self.connected then
        error(err, 0)
      end
    end
  end
end
