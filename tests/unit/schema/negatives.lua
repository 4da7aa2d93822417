-- Prints every case of every message of OCPP 1.6: message, code, path, how many faults, payload, what it is; the
-- payloads that are right with the code "-".
package.path = arg[0]:match "^(.*)unit/schema/" .. "scenarios/support/?.lua;" .. package.path
local fields = require "fields"
local negatives = require "negatives"

local function row(...)
  io.write(table.concat({ ... }, "\t"), "\n")
end

local function both_ways(action)
  for _, message in ipairs { action, action .. "Response" } do
    for _, text in ipairs(negatives.controls(message)) do
      row(message, "-", "", 0, text, "right")
    end
    for _, case in ipairs(negatives.of(message)) do
      row(message, case.code, case.path, case.count, case.payload, case.what)
    end
  end
end

local told = {}
for _, list in ipairs { fields.from_charger, fields.from_csms } do
  for _, action in ipairs(list) do
    if not told[action] then
      told[action] = true
      both_ways(action)
    end
  end
end
