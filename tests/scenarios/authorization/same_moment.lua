-- Starts at the same moment at many chargers: as many are accepted as may be, never one more.
local CHARGERS, ROUNDS = 12, 8
local chargers = {}
seed.token { id_tag = "ONE", max_active = 1 }
seed.token { id_tag = "GROUP", group_max_active = 3 }
for i = 1, CHARGERS do
  seed.charger("CP" .. i)
  seed.token { id_tag = "M" .. i, parent_id_tag = "GROUP" }
  chargers[i] = charger { id = "CP" .. i, connectors = 1, silent = true }
  chargers[i]:connect()
  chargers[i]:boot()
end

local function all_start(tag_of)
  local accepted, ids, tasks = 0, {}, {}
  for i, cp in ipairs(chargers) do
    tasks[i] = function()
      local answer = cp:demand("StartTransaction", {
        connectorId = 1, idTag = tag_of(i), meterStart = 0, timestamp = cp:now(),
      })
      ids[i] = answer.transactionId
      accepted = accepted + (answer.idTagInfo.status == "Accepted" and 1 or 0)
    end
  end
  parallel(table.unpack(tasks))
  for i, cp in ipairs(chargers) do
    tasks[i] = function()
      cp:demand("StopTransaction", { transactionId = ids[i], meterStop = 1, timestamp = cp:now() })
    end
  end
  parallel(table.unpack(tasks))
  return accepted
end

for _ = 1, ROUNDS do
  equal(all_start(function() return "ONE" end), 1)
  equal(all_start(function(i) return "M" .. i end), 3)
end
