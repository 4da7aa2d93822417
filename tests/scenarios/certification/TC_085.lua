-- Profile 1: without its password, or with a wrong one, a charger is not let in.
local case = require "certification"
local password = "a-long-password"
local cp = case.register { password = password, registered = { password = password, security_profile = 1 } }

case.refused(cp, {}, 401)
case.refused(cp, { password = "not-the-password" }, 401)
case.refused(cp, { authorization = "Bearer " .. password }, 401)
cp:connect()
case.boot(cp)
case.flow(cp, "")
