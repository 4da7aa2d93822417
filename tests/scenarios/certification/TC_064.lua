-- Data of a vendor that the server does not know: refused in an answer, not by an error.
local case = require "certification"
local cp = case.charger()

local refused = { Rejected = true, UnknownMessageId = true, UnknownVendorId = true }
local answer = cp:data_transfer("com.example.unknown", "Message", "data")
check(refused[answer.status], show(answer))
case.flow(cp, "DataTransfer")
