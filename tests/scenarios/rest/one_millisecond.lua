-- Two changes of one version may be of one millisecond, and so would have the same new version: one of them is made, with all that goes
-- with it, and of the other nothing. Versions of the future are made later by a millisecond each, whatever the clock says.
settings { config = { users = { scrypt_log_n = 10 } } }
local ROUNDS, FUTURE = 8, "2099-01-01T00:00:00.000Z"

local function made(path, body)
  local answer = http.post(path, body)
  equal(answer.status, 201, answer.text)
  return answer.headers.location
end

-- Sends both with the version that the thing has; which of them was made.
local function race(path, one, other)
  local bodies, statuses, tasks = { one, other }, {}, {}
  local version = http.get(path).headers.etag
  for i, body in ipairs(bodies) do
    tasks[i] = function() statuses[i] = http.put(path, body, { headers = { ["If-Match"] = version } }).status end
  end
  parallel(table.unpack(tasks))
  table.sort(bodies, function(a, b) return statuses[a == one and 1 or 2] < statuses[b == one and 1 or 2] end)
  table.sort(statuses)
  equal(statuses, { 200, 412 })
  return bodies[1]
end

local function of_future(what, where)
  server.sql(("update %s set updated_at = '%s' where %s;"):format(what, FUTURE, where))
end

local function versions(path)
  return http.get(path .. "/versions").body.items
end

log "a tariff has the version of the one that was made"
local tariff = made("/api/admin/tariffs", { name = "T", currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 1 } })
of_future("tariffs", "id = 1")
for round = 1, ROUNDS do
  local body = race(tariff, { settings = { price_per_kwh_minor = 10 * round } }, { settings = { price_per_kwh_minor = 10 * round + 1 } })
  equal(#versions(tariff), round + 1)
  equal(versions(tariff)[1].settings, body.settings)
end

log "and so has a script"
local script = made("/api/admin/quirk-scripts", { name = "s", source = "function normalize(m) return m end" })
of_future("quirk_scripts", "name = 's'")
for round = 1, ROUNDS do
  local source = "function normalize(m) return m end -- " .. round
  local body = race(script, { source = source .. "a" }, { source = source .. "b" })
  equal(#versions(script), round + 1)
  equal(versions(script)[1].source, body.source)
end

log "a user has its password, and the sessions and links end with it only"
made("/api/admin/users", { id = "anna", name = "Anna", role = "user", email = "anna@example.org", password = "a password of before" })
of_future("users", "id = 'anna'")
for round = 1, ROUNDS do
  local body = race("/api/admin/users/anna", { password = "one password " .. round }, { password = "another password " .. round })
  equal(http.post("/auth/login", { email = "anna@example.org", password = body.password }, { key = false }).status, 200)
  local renamed = { name = "Anna " .. round }
  if race("/api/admin/users/anna", renamed, { password = "yet another one " .. round, email = "anna@example.org" }) == renamed then
    equal(server.sql_value "select count(*) from user_sessions", tostring(1))
  end
end

log "a charger's passwords on their way go with the one that sets a password"
local charger = made("/api/admin/chargers", { charge_point_id = "CP1" })
of_future("chargers", "id = 1")
for round = 1, ROUNDS do
  server.sql(("delete from charger_passwords; insert into charger_passwords (operator_id, charger_id, command_id, hash, state, created_at) "
    .. "values ('default', 1, 'C%d', 'x', 'open', '%s');"):format(round, FUTURE))
  local plain = { vendor = "V" .. round }
  local kept = race(charger, plain, { password = "0123456789abcdef" .. round }) == plain
  equal(server.sql_value "select count(*) from charger_passwords", kept and "1" or "0")
end
