-- What quirk scripts share: finding their way in a charger's messages. The functions that change something say
-- whether they did; a script then returns the message, and otherwise nothing.
local quirks = {}

-- Is it a request of one of these actions?
function quirks.asks(message, ...)
  if message.direction ~= "request" then return false end
  for _, action in ipairs({ ... }) do
    if message.action == action then return true end
  end
  return false
end

-- Is it the answer to a command of this action?
function quirks.answers(message, action)
  return message.direction == "response" and message.action == action
end

local function list(value)
  return type(value) == "table" and value or {}
end

-- The meterValue elements of MeterValues and StopTransaction.
function quirks.readings(message)
  if quirks.asks(message, "MeterValues") then return list(message.payload.meterValue) end
  if quirks.asks(message, "StopTransaction") then return list(message.payload.transactionData) end
  return {}
end

-- Calls change(sample) for each sampledValue; true if one of them was changed.
function quirks.change_samples(message, change)
  local changed = false
  for _, reading in ipairs(quirks.readings(message)) do
    for _, sample in ipairs(list(type(reading) == "table" and reading.sampledValue)) do
      if type(sample) == "table" and change(sample) then changed = true end
    end
  end
  return changed
end

-- Calls change(text) for each timestamp; what it returns, if it is not nil, takes its place. True if one did.
function quirks.change_times(message, change)
  local changed = false
  local function at(holder)
    local text = type(holder) == "table" and holder.timestamp
    local new = type(text) == "string" and change(text) or nil
    if new and new ~= text then
      holder.timestamp, changed = new, true
    end
  end
  if message.direction ~= "request" then return false end
  at(message.payload)
  for _, reading in ipairs(quirks.readings(message)) do at(reading) end
  return changed
end

-- Cuts holder[member] to so many characters.
function quirks.cut(holder, member, length)
  local text = holder[member]
  if type(text) ~= "string" then return false end
  local stop = utf8.offset(text, length + 1)
  if not stop or stop > #text then return false end
  holder[member] = text:sub(1, stop - 1)
  return true
end

return quirks
