-- The same requests from a charger that is forgiven: values out of their bounds and unknown members are let through to their
-- handlers, which must cope; what no handler could use is refused as ever.
local fields = require "fields"
local negatives = require "negatives"

http.post("/api/admin/chargers", { charge_point_id = "LENIENT", validation = "lenient" })
local cp = charger { id = "LENIENT", silent = true }
cp:connect()
cp:boot()

local let_through, count = 0, 0
for _, action in ipairs(fields.from_charger) do
  for _, case in ipairs(negatives.of(action)) do
    local message = cp:new_message_id()
    cp:send_raw(('[2,"%s","%s",%s]'):format(message, action, case.payload))
    local answer = cp:expect { id = message }
    local what = case.what .. ": " .. case.payload
    count = count + 1
    if case.code == "PropertyConstraintViolation" or case.unknown then
      equal(answer.kind, "result", what)
      let_through = let_through + 1
    else
      equal(answer.code, case.code, what)
      equal(answer.details.path, case.path, what)
    end
  end
end
log("%d requests that break one rule each, %d let through", count, let_through)
check(let_through > 150)
check(cp:heartbeat().currentTime)
