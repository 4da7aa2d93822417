-- What a charger is told of a token.
seed.charger "CP1"
seed.charger "CP2"
seed.token { id_tag = "GOOD", parent_id_tag = "GROUP", expires_at = "2099-01-01T00:00:00Z" }
seed.token { id_tag = "BLOCKED", status = "blocked" }
seed.token { id_tag = "OLD", expires_at = "2020-01-01T00:00:00Z" }
seed.token { id_tag = "MEMBER", parent_id_tag = "lost" }
seed.token { id_tag = "LOST", status = "blocked" }
seed.token { id_tag = "ONCE", max_active = 1 }
seed.token { id_tag = "TWICE", max_active = 2 }

local cp, other = charger { id = "CP1", connectors = 2 }, charger { id = "CP2", connectors = 2 }
for _, c in ipairs { cp, other } do
  c:connect()
  c:boot()
end
matches(cp:authorize "GOOD", { status = "Accepted", parentIdTag = "GROUP", expiryDate = function(t)
  return t:find "^2099%-01%-01T00:00:00"
end })
equal(cp:authorize("good").status, "Accepted")
equal(cp:authorize("BLOCKED").status, "Blocked")
equal(cp:authorize("OLD").status, "Expired")
equal(cp:authorize("MEMBER").status, "Blocked")
equal(cp:authorize("UNKNOWN").status, "Invalid")

log "one transaction at a time, wherever it runs, however its name is written"
local first = cp:start { connector = 1, id_tag = "ONCE" }
equal(first.status, "Accepted")
equal(http.get("/api/admin/tokens/once").body.active, 1)
equal(cp:start({ connector = 2, id_tag = "once" }).status, "ConcurrentTx")
equal(cp:authorize("ONCE").status, "Accepted")
first:stop {}
cp:stop { connector = 2 }
equal(other:start({ connector = 1, id_tag = "ONCE" }).status, "Accepted")

log "a start sent twice does not count itself"
local payload = { connectorId = 1, idTag = "TWICE", meterStart = 0, timestamp = cp:now() }
local a = cp:demand("StartTransaction", payload)
local b = cp:demand("StartTransaction", payload)
equal(a, b)
equal(a.idTagInfo.status, "Accepted")
payload.connectorId, payload.timestamp = 2, cp:now()
equal(cp:demand("StartTransaction", payload).idTagInfo.status, "Accepted")
payload.timestamp = other:now()
equal(other:demand("StartTransaction", payload).idTagInfo.status, "ConcurrentTx")

log "a change counts at once"
equal(http.put("/api/admin/tokens/good", { status = "blocked" }).status, 200)
equal(cp:authorize("GOOD").status, "Blocked")
