-- A vendor's own messages: answered by whoever knows the vendor, here an operator's script.
seed.charger "C16-VENDOR"
local cp = charger { id = "C16-VENDOR" }
cp:connect()
cp:boot()
local function send(vendor, message)
  return cp:demand("DataTransfer", { vendorId = vendor, messageId = message, data = "ping" })
end
equal(send "com.nobody".status, "UnknownVendorId")

local path = server.folder .. "/vendor.lua"
local file = assert(io.open(path, "w"))
file:write [[
function data_transfer(question)
  if question.vendor_id ~= "com.acme" then
    return nil
  elseif question.message_id == "broken" then
    error "no"
  elseif question.message_id == "odd" then
    return { status = "Perhaps" }
  end
  return { status = "Accepted", data = question.charge_point_id .. " " .. question.data }
end
]]
file:close()
server.reload { scripts = { { hook = "data_transfer", file = path } } }
local answer = eventually(function()
  local now = send("com.acme", "hello")
  return now.status ~= "UnknownVendorId" and now
end)
equal(answer.status, "Accepted")
equal(answer.data, "C16-VENDOR ping")
equal(send("com.nobody", "hello").status, "UnknownVendorId")
equal(send("com.acme", "broken").status, "Rejected")
equal(send("com.acme", "odd").status, "Rejected")
