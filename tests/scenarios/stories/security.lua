-- A charger gets a new password that nobody ever sees, tells of a break-in, and hands in its security log. The server must know
-- the address at which chargers reach its files: `files.base_url`.
settings { serves_files = true }
local id = arg[1] or "STORY-SECURITY"
local registered = seed.charger(id)
local api = "/api/admin/chargers/" .. registered.id
equal(http.put(api, { security_profile = 1, password = "the-first-password" }).status, 200)

local function expect_refused(password)
  local _, refused = charger({ id = id, password = password, silent = true }):try_connect()
  equal(refused and refused.status, 401)
end

local cp = charger { id = id, password = "the-first-password", security_profile = 1 }
expect_refused "a-wrong-password"
cp:connect()
cp:boot()

-- The charger takes the new password and comes back with it; the old one has ended.
local link = cp.link
local rotated = http.post(api .. "/rotate-password", {})
equal(rotated.status, 200, rotated.text)
equal(rotated.body.state, "accepted")
eventually(function()
  return cp.password ~= "the-first-password" and cp.link ~= link and cp.connected
end)
equal(cp:boot().status, "Accepted")
expect_refused "the-first-password"
check(not http.get("/api/admin/commands/" .. rotated.body.id).text:find(crypto.hex(cp.password), 1, true), "it is shown nowhere")

-- Somebody opens the lid.
cp:security_event("TamperDetectionActivated", "the lid is open")
local event = eventually(function()
  return http.get("/api/admin/security-events?type=TamperDetectionActivated&charge_point_id=" .. escape(id)).body.items[1]
end)
matches(event, { source = "charger", critical = true, tech_info = "the lid is open" })

-- What does its log say?
local asked = http.post(api .. "/get-log", { log_type = "SecurityLog" })
equal(asked.status, 200, asked.text)
local job = eventually(function()
  local found = http.get("/api/admin/security-jobs?command_id=" .. asked.body.id).body.items[1]
  found = found and http.get("/api/admin/security-jobs/" .. found.id).body
  return found and found.state == "uploaded" and #found.history == 2 and found.file_id ~= json.null and found
end, 30)
local text = http.get("/api/admin/files/" .. job.file_id .. "/content").text
check(text:find("TamperDetectionActivated", 1, true), "the security log")
cp:disconnect()
