-- Answers to GetConfiguration with values that are numbers or truth values, and readonly as a number or a text.
local truth = { [0] = false, [1] = true, ["0"] = false, ["1"] = true, ["false"] = false, ["true"] = true,
  False = false, True = true, FALSE = false, TRUE = true }

local function repair(key)
  local changed = false
  if type(key.value) == "number" or type(key.value) == "boolean" then
    key.value, changed = tostring(key.value), true
  end
  if type(key.readonly) ~= "boolean" and truth[key.readonly] ~= nil then
    key.readonly, changed = truth[key.readonly], true
  end
  return changed
end

function normalize(message)
  if not quirks.answers(message, "GetConfiguration") then return nil end
  local changed, keys = false, message.payload.configurationKey
  for _, key in ipairs(type(keys) == "table" and keys or {}) do
    changed = type(key) == "table" and repair(key) or changed
  end
  return changed and message or nil
end
