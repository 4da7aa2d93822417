settings { config = { authorization = { unknown = "accept", max_active = 1 } } }

-- Tokens that nobody registered may charge; known ones are still looked at, and limited by default.
seed.charger "CP1"
seed.token { id_tag = "BLOCKED", status = "blocked" }
seed.token "PLAIN"
seed.token { id_tag = "FREE", max_active = 0 }
local cp = charger { id = "CP1", connectors = 4 }
cp:connect()
cp:boot()
equal(cp:authorize("UNKNOWN").status, "Accepted")
equal(cp:authorize("BLOCKED").status, "Blocked")
equal(cp:start({ connector = 1, id_tag = "PLAIN" }).status, "Accepted")
equal(cp:start({ connector = 2, id_tag = "PLAIN" }).status, "ConcurrentTx")
equal(cp:start({ connector = 3, id_tag = "FREE" }).status, "Accepted")
equal(cp:start({ connector = 4, id_tag = "FREE" }).status, "Accepted")
