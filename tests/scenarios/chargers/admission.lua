-- Who may connect, by which password.
local function admitted(options, status)
  local cp = charger(options)
  local ok, refusal = cp:try_connect()
  if status == 101 then
    check(ok, "it is let in")
    cp:disconnect()
  else
    check(not ok, "it is refused")
    equal(refusal.status, status)
  end
end

log "nobody unknown"
admitted({ id = "NOBODY" }, 404)

log "a password as text"
seed.charger { charge_point_id = "CP1", password = "correct horse", security_profile = 1 }
admitted({ id = "CP1", password = "correct horse" }, 101)
admitted({ id = "CP1", password = "wrong" }, 401)
admitted({ id = "CP1" }, 401)
admitted({ id = "CP1", authorization = "Basic !!!" }, 401)
admitted({ id = "CP1", authorization = "Bearer x" }, 401)
admitted({ id = "CP1", password = "correct horse" }, 101)

log "a key registered in hex, sent in hex or as its bytes"
local hex = "00ff102030405060708090a0b0c0d0e0f0112233"
local raw = hex:gsub("%x%x", function(b)
  return string.char(tonumber(b, 16))
end)
seed.charger { charge_point_id = "CP 2", password = hex, security_profile = 1 }
admitted({ id = "CP 2", password = hex }, 101)
admitted({ id = "CP 2", password = hex:upper() }, 101)
admitted({ id = "CP 2", password = raw }, 101)
admitted({ id = "CP 2", password = raw:sub(2) }, 401)

log "a profile that needs TLS does not get by without"
seed.charger { charge_point_id = "CP3", password = "correct horse", security_profile = 2 }
admitted({ id = "CP3", password = "correct horse" }, 403)

log "a new password counts at once"
local id = http.get("/api/admin/chargers?charge_point_id=CP1").body.items[1].id
equal(http.put("/api/admin/chargers/" .. id, { password = "battery staple" }).status, 200)
admitted({ id = "CP1", password = "correct horse" }, 401)
admitted({ id = "CP1", password = "battery staple" }, 101)

log "wrong passwords do not flood the log"
for _ = 1, 5 do
  admitted({ id = "CP1" }, 401)
end
local _, lines = server.log():gsub("charge_point_id=CP1[^\n]*wrong or missing password", "")
equal(lines, 2, "once a minute for a wrong one, and once for none")
check(not server.log():find "battery staple" and not server.log():find "correct horse")

log "and survives a restart"
server.restart()
admitted({ id = "CP1", password = "battery staple" }, 101)
admitted({ id = "NOBODY" }, 404)
