-- How a charger answers the CSMS, by subjects. A story replaces any of it with cp:on(action, ...).
local core = require "core"

-- A subject is a table: `feature` (of SupportedFeatureProfiles; nil: always there), `configuration` (keys and
-- values), `readonly` and `writeonly` (lists of keys), `init(cp)`, `actions`, `triggered` (messages that a
-- TriggerMessage asks for), `extended` (the same of ExtendedTriggerMessage), `changing` (what a new value of a key
-- does: false refuses it; a function is called once that is answered), `methods` (of the charger).
-- An action gets the charger, the payload and the call. It returns the response and, if there is more to do
-- once that is sent, a function; or nil, an error code and a description.
local subjects = {
  require "core_profile",
  require "configuration",
  require "local_list",
  require "reservation",
  require "smart_charging",
  require "firmware",
  require "diagnostics",
  require("trigger").plain,
  require "security",
  require "certificates",
  require "signed_firmware",
  require "log_upload",
  require("trigger").extended,
}

local function copy(into, from)
  for key, value in pairs(from or {}) do
    into[key] = value
  end
end

local function mark(into, names)
  for _, name in ipairs(names or {}) do
    into[name] = true
  end
end

local function has_feature(cp, subject)
  if not subject.feature or not cp.features then
    return true
  end
  for _, feature in ipairs(cp.features) do
    if feature == subject.feature then
      return true
    end
  end
  return false
end

local function add_subject(cp, subject)
  copy(cp.configuration, subject.configuration)
  mark(cp.readonly, subject.readonly)
  mark(cp.writeonly, subject.writeonly)
  for _, name in ipairs { "actions", "triggered", "extended", "changing" } do
    copy(cp.behaviour[name], subject[name])
  end
end

-- The actions of all features.
local known = {}
for _, subject in ipairs(subjects) do
  copy(known, subject.actions)
end

return function(Charger)
  for _, subject in ipairs(subjects) do
    copy(Charger, subject.methods)
  end

  function Charger:init_behaviour()
    self.connector = {}
    for connector = 0, self.connectors do
      self.connector[connector] = { status = "Available", available = true, meter_wh = 0 }
    end
    self.configuration, self.readonly, self.writeonly = {}, {}, {}
    self.behaviour = { actions = {}, triggered = {}, extended = {}, changing = {} }
    local features, seen = {}, {}
    for _, subject in ipairs(subjects) do
      if has_feature(self, subject) then
        add_subject(self, subject)
        if subject.feature and subject.feature ~= "Security" and not seen[subject.feature] then
          seen[subject.feature] = true
          features[#features + 1] = subject.feature
        end
      end
      -- What its methods need is there also without the feature.
      if subject.init then
        subject.init(self)
      end
    end
    self.configuration.SupportedFeatureProfiles = table.concat(features, ",")
  end

  -- on(action, function | table | string): answers with what the function returns, or with the table, or the JSON text.
  -- on(action, false): not at all; the story does it with cp:answer(call, response).
  -- on(action): as a plain charger again.
  function Charger:on(action, handler)
    if type(handler) == "table" or type(handler) == "string" then
      local response = handler
      handler = function()
        return response
      end
    end
    self.handlers[action] = handler
  end

  -- A response that is a string is JSON, sent as it stands.
  function Charger:answer(call, response)
    local text = type(response) == "string" and response or core.json_encode(response)
    return self:send_raw(('[3,%s,%s]'):format(core.json_encode(call.id), text))
  end

  function Charger:answer_error(call, code, description, details)
    return self:send_raw(core.json_encode { 4, call.id, code, description or "", details or {} })
  end

  -- What the charger makes of a call: the response and what follows it, or nil, a code and a description.
  local function decide(self, call)
    local custom, action = self.handlers[call.action], self.behaviour.actions[call.action]
    if custom then
      return custom(call.payload, call)
    elseif action then
      return action(self, call.payload, call)
    elseif known[call.action] then
      return nil, "NotSupported", "a feature that this charger does not have"
    end
    return nil, "NotImplemented", "the simulator does not know " .. tostring(call.action)
  end

  -- ask(action, payload): what it would answer the server, without one; what follows is done too.
  function Charger:ask(action, payload)
    local response, after, description = decide(self, { action = action, payload = payload or {} })
    if response and after then
      after()
    end
    return response, not response and { code = after, description = description } or nil
  end

  function Charger:answer_call(call)
    if self.handlers[call.action] == false then
      return
    end
    local response, after, description = decide(self, call)
    if not self.connected then
      return
    end
    if not response then
      return self:answer_error(call, after or "InternalError", description)
    end
    self:say("%-20s %s", call.action, type(response) == "table" and response.status and "answered " .. response.status or "answered")
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
