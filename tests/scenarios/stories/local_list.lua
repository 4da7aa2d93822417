-- A charger knows the operator's drivers by heart: it lets them charge while the line is down, and nobody else; it learns
-- what changes.
local id = arg[1] or "STORY-LIST"
local registered = seed.charger(id)
local list = "/api/admin/chargers/" .. registered.id .. "/local-list"
seed.token "STORY-KNOWN"
seed.token "STORY-LOST"
equal(http.put("/api/admin/tokens/STORY-LOST", { status = "accepted" }).status, 200)

local cp = charger { id = id }
cp.configuration.SendLocalListMaxLength = "2" -- the list comes in parts
cp:connect()
cp:boot()
cp:report_connectors()

local function has(id_tag, status)
  return eventually(function()
    local entry = cp.local_list.entries[id_tag]
    return entry and entry.status == status
  end, 30)
end

equal(http.put(list, { mode = "on" }).status, 200)
http.post(list .. "/sync", { full = true }) -- the charger of this telling begins with nothing
has("STORY-KNOWN", "Accepted")
has("STORY-LOST", "Accepted")

-- A card is lost; the charger hears of it.
equal(http.put("/api/admin/tokens/STORY-LOST", { status = "blocked" }).status, 200)
has("STORY-LOST", "Blocked")
local known = eventually(function()
  local l = http.get(list).body
  return l.state == "current" and not l.at_work and l
end, 30)
equal(known.version, cp.local_list.version)

-- The line is down.
cp:drop()
equal(cp:identify("STORY-LOST").status, "Blocked")
equal(select(2, cp:present { id_tag = "STORY-NOBODY" }), "Invalid")
local session = cp:present { id_tag = "STORY-KNOWN" }
check(session, "a driver on the list charges")
session:meter { energy_wh = session.meter_wh + 1500 }
cp:finish(session, "Local")

-- It is back, and the session arrives.
cp:connect()
cp:flush()
cp:report_connectors()
matches(http.get("/api/admin/transactions?charger=" .. escape(id)).body.items[1], {
  id_tag = "STORY-KNOWN",
  state = "completed",
  energy_wh = 1500,
})
equal(http.put(list, { mode = "off" }).status, 200)
eventually(function()
  return next(cp.local_list.entries) == nil
end, 30)
cp:disconnect()
