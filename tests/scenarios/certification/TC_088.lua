-- A charger that offers a subprotocol that is not spoken here is refused, without an upgrade; of several, ocpp1.6 is taken.
local case = require "certification"
local cp = case.register { subprotocol = "ocpp0.1,ocpp1.6" }

case.refused(cp, { subprotocol = "ocpp0.1" }, 400)
cp:connect()
equal(cp.chosen_subprotocol, "ocpp1.6")
case.boot(cp)
case.flow(cp, "")
