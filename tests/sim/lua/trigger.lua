-- TriggerMessage and ExtendedTriggerMessage. cp.trigger_answers = { Heartbeat = "NotImplemented", ... } refuses some.
local actions = {}

local function boot(cp)
  cp:boot()
end

local function heartbeat(cp)
  cp:heartbeat()
end

local function status(cp, connector)
  cp:report_connectors(connector)
end

local function meter(cp, connector)
  for at = connector or 1, connector or cp.connectors do
    cp:meter { connector = at, energy_wh = cp.connector[at].meter_wh, context = "Trigger" }
  end
end

local function answer(cp, payload, known)
  local wanted = payload.requestedMessage
  local send, planned = known[wanted], cp.trigger_answers[wanted]
  if planned and planned ~= "Accepted" then
    return { status = planned }
  elseif not send then
    return { status = "NotImplemented" }
  elseif payload.connectorId and not cp.connector[payload.connectorId] then
    return { status = "Rejected" }
  end
  return { status = "Accepted" }, function()
    send(cp, payload.connectorId)
  end
end

function actions.TriggerMessage(cp, payload)
  return answer(cp, payload, cp.behaviour.triggered)
end

local extended_actions = {}

function extended_actions.ExtendedTriggerMessage(cp, payload)
  return answer(cp, payload, cp.behaviour.extended)
end

local common = { BootNotification = boot, Heartbeat = heartbeat, StatusNotification = status, MeterValues = meter }

return {
  plain = {
    feature = "RemoteTrigger",
    init = function(cp)
      cp.trigger_answers = cp.trigger_answers or {}
    end,
    actions = actions,
    triggered = common,
  },
  extended = { feature = "Security", actions = extended_actions, extended = common },
}
