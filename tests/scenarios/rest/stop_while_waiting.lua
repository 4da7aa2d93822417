-- A stop of the server does not wait for a charger that does not answer, nor for who waits for it.
seed.charger "CP1"
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
cp:on("Reset", false)
local path = "/api/charge-points/CP1/request"
local first = http.post(path, { action = "Reset", payload = { type = "Soft" }, wait_s = 0 })
equal(first.status, 202)
local answer
spawn(function()
  answer = try_http { method = "POST", path = path, body = { action = "ClearCache", wait_s = 60 } } or "none"
end)
cp:expect { action = "Reset" }
wait(0.2)
server.stop()
eventually(function()
  return answer
end)
check(answer == "none" or answer.status == 202, "it was not told that all was well")

log "the command is still there to look at"
server.start()
check(http.get("/api/admin/commands/" .. first.body.id).body.state ~= "accepted")
