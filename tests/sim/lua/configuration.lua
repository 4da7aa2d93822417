-- GetConfiguration and ChangeConfiguration over cp.configuration. cp.readonly and cp.writeonly name keys;
-- cp.reboot_required those whose new value waits for a reset.
local core = require "core"

local actions = {}

local function all_keys(cp)
  local keys = {}
  for key in pairs(cp.configuration) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

function actions.GetConfiguration(cp, payload)
  local known, unknown = setmetatable({}, core.array), setmetatable({}, core.array)
  local asked = payload.key
  for _, key in ipairs(asked and #asked > 0 and asked or all_keys(cp)) do
    local value = cp.configuration[key]
    if value then
      known[#known + 1] = {
        key = key,
        readonly = cp.readonly[key] or false,
        value = not cp.writeonly[key] and value or nil,
      }
    else
      unknown[#unknown + 1] = key
    end
  end
  return { configurationKey = known, unknownKey = unknown }
end

-- A number stays a number of 0 or more, a truth value one.
local function fits(old, new)
  if old:find "^%d+$" then
    return new:find "^%d+$" ~= nil
  elseif old == "true" or old == "false" then
    return new == "true" or new == "false"
  end
  return true
end

function actions.ChangeConfiguration(cp, payload)
  local key, value = payload.key, payload.value
  local old = cp.configuration[key]
  if not old then
    return { status = "NotSupported" }
  elseif cp.readonly[key] or not fits(old, value) then
    return { status = "Rejected" }
  end
  local change, after = cp.behaviour.changing[key], nil
  if change then
    after = change(cp, value)
    if after == false then
      return { status = "Rejected" }
    end
  end
  cp.configuration[key] = value
  return { status = cp.reboot_required[key] and "RebootRequired" or "Accepted" }, after
end

return {
  feature = "Core",
  init = function(cp)
    cp.reboot_required = cp.reboot_required or {}
  end,
  actions = actions,
}
