-- Changes of one thing that are made at once: a PUT changes what it names, and undoes nothing that others change in the same moment.
local ROUNDS = 8
http.post("/api/admin/chargers", { charge_point_id = "CP1" })
http.post("/api/admin/tokens", { id_tag = "T1" })
http.post("/api/admin/users", { id = "anna", name = "Anna", role = "user" })
http.post("/api/admin/operators", { id = "other", name = "Other" })
local station = http.post("/api/admin/stations", { name = "S" }).headers.location
local rule = http.post("/api/admin/quirk-rules", { name = "r", vendor = "V" })
equal(rule.status, 201, rule.text)

-- Of each thing two members, and what they become from round to round.
local changes = {
  { station, name = { "A", "B" }, address = { "1 Street", "2 Street" } },
  { "/api/admin/chargers/1", registration = { "rejected", "accepted" }, validation = { "lenient", "strict" } },
  { "/api/admin/tokens/T1", status = { "blocked", "accepted" }, note = { "x", "y" } },
  { "/api/admin/users/anna", state = { "disabled", "active" }, name = { "Anne", "Anna" }, language = { "de", "en" } },
  { "/api/admin/operators/other", state = { "disabled", "active" }, name = { "One", "Two" }, time_zone = { "Europe/Oslo", "UTC" } },
  { rule.headers.location, name = { "a", "b" }, vendor = { "W", "V" } },
}
for _, change in ipairs(changes) do
  log(change[1])
  for round = 1, ROUNDS do
    local wanted, tasks = {}, {}
    for member, values in pairs(change) do
      if type(member) == "string" then
        wanted[member] = values[round % 2 + 1]
        tasks[#tasks + 1] = function()
          local answer = http.put(change[1], { [member] = wanted[member] })
          equal(answer.status, 200, answer.text)
        end
      end
    end
    parallel(table.unpack(tasks))
    matches(http.get(change[1]).body, wanted)
  end
end

log "what is refused for another reason is still told so"
equal(http.put("/api/admin/chargers/1", { station_id = 999999 }).status, 422)
local admin = http.post("/api/admin/users", { id = "root", name = "Root", role = "admin" })
equal(admin.status, 201, admin.text)
equal(http.put("/api/admin/users/root", { state = "disabled" }).status, 409)
equal(http.put(station, { name = "C" }, { headers = { ["If-Match"] = '"2020-01-01T00:00:00.000Z"' } }).status, 412)
