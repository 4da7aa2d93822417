-- tests/data/ocpp16_fields.tsv as trees: what each message of OCPP 1.6 is made of.
--
-- A node: type, required, max_length, format, choices, min_items, max_items, multiple_of; of an object members (an
-- array, each with its name) by the order of the table; of an array item.
local fields = {}

local path = debug.getinfo(1, "S").source:match "^@(.*)/scenarios/.*$" .. "/data/ocpp16_fields.tsv"

local readers = {
  maxLength = function(node, text)
    node.max_length = tonumber(text)
  end,
  format = function(node, text)
    node.format = text
  end,
  minItems = function(node, text)
    node.min_items = tonumber(text)
  end,
  maxItems = function(node, text)
    node.max_items = tonumber(text)
  end,
  multipleOf = function(node, text)
    node.multiple_of = tonumber(text)
  end,
  enum = function(node, text)
    node.choices = {}
    for choice in text:gmatch "[^|]+" do
      table.insert(node.choices, choice)
    end
  end,
  additionalProperties = function(node, text)
    assert(text == "false", "an object that takes anything")
    node.closed = true
  end,
}

local function node_of(name, type_name, presence, constraints)
  local node = { name = name, type = type_name, required = presence == "required" }
  if type_name == "object" then
    node.members = {}
  end
  for constraint in constraints:gmatch "[^;]+" do
    local key, text = constraint:match "^ ?(%w+)=(.*)$"
    readers[key](node, text)
  end
  return node
end

-- "meterValue[].timestamp" within the tree; every row stands behind its parent's.
local function hang(root, at, node)
  local parent = root
  local above, last = at:match "^(.*)%.([^.]+)$"
  for step in (above or ""):gmatch "[^.]+" do
    parent = parent.members[step:match "^[^%[]+"]
    parent = parent.item or parent
  end
  last = last or at
  local of_array = last:match "^(.*)%[%]$"
  node.name = last
  if of_array then
    parent.members[of_array].item = node
  else
    table.insert(parent.members, node)
    parent.members[last] = node
  end
end

local messages = {}

for line in io.lines(path) do
  local message, at, type_name, presence, constraints = line:match "^([^\t]+)\t([^\t]+)\t([^\t]+)\t([^\t]+)\t?(.*)$"
  if message and message ~= "message" then
    local node = node_of(at, type_name, presence, constraints)
    if at == "(root)" then
      messages[message] = node
    else
      hang(messages[message], at, node)
    end
  end
end

-- The tree of a message: "Authorize", "AuthorizeResponse".
function fields.of(message)
  return messages[message]
end

fields.from_charger = {
  "Authorize", "BootNotification", "DataTransfer", "DiagnosticsStatusNotification", "FirmwareStatusNotification",
  "Heartbeat", "LogStatusNotification", "MeterValues", "SecurityEventNotification", "SignCertificate",
  "SignedFirmwareStatusNotification", "StartTransaction", "StatusNotification", "StopTransaction",
}

fields.from_csms = {
  "CancelReservation", "CertificateSigned", "ChangeAvailability", "ChangeConfiguration", "ClearCache",
  "ClearChargingProfile", "DataTransfer", "DeleteCertificate", "ExtendedTriggerMessage", "GetCompositeSchedule",
  "GetConfiguration", "GetDiagnostics", "GetInstalledCertificateIds", "GetLocalListVersion", "GetLog",
  "InstallCertificate", "RemoteStartTransaction", "RemoteStopTransaction", "ReserveNow", "Reset", "SendLocalList",
  "SetChargingProfile", "SignedUpdateFirmware", "TriggerMessage", "UnlockConnector", "UpdateFirmware",
}

local of_format = { ["date-time"] = "2026-01-01T00:00:00Z", uri = "http://127.0.0.1/file" }

local samples = {
  string = function(node)
    return node.choices and node.choices[1] or of_format[node.format] or "A1"
  end,
  integer = function()
    return 1
  end,
  number = function()
    return 1.5
  end,
  boolean = function()
    return true
  end,
}

-- A value that the tree takes: all members, or with `least` only those that must be there.
function fields.sample(node, least)
  if node.type == "object" then
    local value = {}
    for _, member in ipairs(node.members) do
      if member.required or not least then
        value[member.name] = fields.sample(member, least)
      end
    end
    return value
  elseif node.type == "array" then
    return array { fields.sample(node.item, least) }
  end
  return samples[node.type](node)
end

return fields
