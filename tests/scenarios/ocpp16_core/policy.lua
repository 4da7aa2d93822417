-- A policy that fails lets nobody charge, and loses no session.
seed.charger "C16-POLICY"
seed.token "C16-P"
local cp = charger { id = "C16-POLICY" }
cp:connect()
cp:boot()

local path = server.folder .. "/policy.lua"
local file = assert(io.open(path, "w"))
file:write [[
function authorize(question)
  if question.purpose == "start" then
    error "a mistake of the operator's"
  end
  return nil
end
]]
file:close()
server.reload { scripts = { { hook = "authorize", file = path, order = 1 } } }

local started = eventually(function()
  local answer = cp:demand("StartTransaction", {
    connectorId = 1,
    idTag = "C16-P",
    meterStart = 100,
    timestamp = cp:now(),
  })
  return answer.idTagInfo.status ~= "Accepted" and answer
end)
equal(started.idTagInfo.status, "Invalid")
equal(cp:authorize("C16-P").status, "Accepted", "the policy passes this")
equal(
  cp:demand("StopTransaction", {
    transactionId = started.transactionId,
    idTag = "C16-P",
    meterStop = 100,
    timestamp = cp:now(),
    reason = "DeAuthorized",
  }).idTagInfo.status,
  "Accepted"
)
local t = http.get("/api/admin/transactions?charger=C16-POLICY").body.items[1]
equal(t.protocol_id, tostring(started.transactionId))
equal(t.token_status, "Invalid")
equal(t.state, "completed")
