-- A charger that is told to stop and does not answer keeps no other session from being cut off.
settings { config = { sessions = { every = "1s", silent_every = "1s", at_once = 1 } } }
local wallets = require "wallets"

wallets.tariff { price_per_kwh_minor = 100 }
local function begin(id, tag, user)
  seed.charger(id)
  wallets.token(tag, user)
  wallets.make(user, 200)
  local cp = charger { id = id, timeout = 15 }
  cp:connect()
  cp:boot()
  return cp, cp:start { connector = 1, id_tag = tag, meter_start = 0 }
end

local deaf, first = begin("SD1", "ANNA", "anna")
deaf:on("RemoteStopTransaction", false)
first:meter { energy_wh = 5000 }
local call = deaf:expect { action = "RemoteStopTransaction" }

local other, second = begin("SD2", "BEN", "ben")
second:meter { energy_wh = 5000 }
other:expect { action = "RemoteStopTransaction" }
deaf:answer(call, { status = "Accepted" })
