-- Who may see, make, change and remove whom.
server.sql [[insert into operators (id, name, time_zone, currency, created_at) values ('other', 'Other', 'UTC', 'EUR', '2026-01-01T00:00:00.000Z')]]
local function key_of(fields)
  fields.name = fields.name or fields.role
  local made = http.post("/api/admin/keys", fields)
  equal(made.status, 201)
  return made.body.key
end
local mine = key_of { role = "operator", operator_id = "default" }
local others = key_of { role = "operator", operator_id = "other" }
local reader = key_of { role = "readonly", operator_id = "default" }
local driver = key_of { role = "user", operator_id = "default", user_id = "anna" }
local function as(key, method, path, body)
  return http { method = method, path = path, body = body, key = key }
end
local function make(key, body, status)
  body.name = body.name or "N. N."
  local made = as(key, "POST", "/api/admin/users", body)
  equal(made.status, status or 201, show(body) .. " " .. show(made.body))
  return made.body, made
end

log "making them"
local boss = make(nil, { role = "admin", name = "Boss", email = "Boss@Example.org" })
matches(boss, { operator_id = json.null, email = "Boss@Example.org", state = "active", has_password = false, has_totp = false,
  created_by = "admin", language = json.null })
local anna, response = make(mine, { id = "anna", role = "user", name = "Anna", email = "anna@example.org", language = "de" })
equal(response.headers.location, "/api/admin/users/anna")
check(response.headers.etag)
matches(anna, { id = "anna", operator_id = "default", role = "user", language = "de" })
local bert = make(others, { role = "user", name = "Bert" })
equal(bert.operator_id, "other")
local watcher = make(nil, { role = "readonly", name = "Watcher" })
equal(watcher.operator_id, json.null)
equal(make(mine, { role = "readonly", name = "Mine" }).operator_id, "default")
equal(make(nil, { role = "operator", name = "Op" }).operator_id, "default")
equal(make(nil, { role = "operator", name = "Other op", operator_id = "other" }).operator_id, "other")

log "those that make no sense"
for _, bad in ipairs {
  { role = "king" }, { role = "admin", operator_id = "default" }, { role = "user", operator_id = "nobody" },
  { role = "user", id = "a/b" }, { role = "user", email = "nonsense" }, { role = "user", email = "a@b\r\nBcc: c@d" },
  { role = "user", state = "asleep" }, { role = "user", is_admin = true }, { role = "user", name = "" },
} do
  make(nil, bad, 422)
end
make(nil, { role = "user", id = "anna" }, 409)
make(nil, { role = "user", email = "ANNA@example.org" }, 409)

log "an operator makes no admins, and touches nobody else's"
make(mine, { role = "admin" }, 403)
make(mine, { role = "user", operator_id = "other" }, 403)
equal(as(mine, "PUT", "/api/admin/users/anna", { role = "admin" }).status, 403)
equal(as(mine, "PUT", "/api/admin/users/anna", { operator_id = "other" }).status, 403)
for _, id in ipairs { boss.id, bert.id, watcher.id, "nobody" } do
  for _, request in ipairs {
    { "GET", "/api/admin/users/" }, { "GET", "/users/" }, { "PUT", "/api/admin/users/", { name = "X" } }, { "DELETE", "/api/admin/users/" },
  } do
    equal(as(mine, request[1], request[2] .. id, request[3]).status, 404, request[1] .. " " .. id)
  end
end
equal(http.get("/api/admin/users/" .. bert.id).body.name, "Bert")
for _, request in ipairs {
  { "POST", "/api/admin/users", { name = "X", role = "user" } }, { "PUT", "/api/admin/users/anna", { name = "X" } }, { "DELETE", "/api/admin/users/anna" },
} do
  equal(as(reader, request[1], request[2], request[3]).status, 403)
  equal(as(driver, request[1], request[2], request[3]).status, 403)
  equal(as(false, request[1], request[2], request[3]).status, 401)
end

log "lists"
local function names(key, path)
  local list, cursor = {}, nil
  repeat
    local page = as(key, "GET", path .. (path:find "?" and "&" or "?") .. "limit=2" .. (cursor and "&cursor=" .. cursor or ""))
    equal(page.status, 200)
    for _, user in ipairs(page.body.items) do
      list[#list + 1] = user.name
    end
    cursor = page.body.next_cursor ~= json.null and page.body.next_cursor
  until not cursor
  table.sort(list)
  return table.concat(list, ",")
end
equal(names(nil, "/api/admin/users"), "Anna,Bert,Boss,Mine,Op,Other op,Watcher")
equal(names(nil, "/api/admin/users?operator_id=other"), "Bert,Other op")
equal(names(nil, "/users?role=readonly"), "Mine,Watcher")
equal(names(mine, "/api/admin/users"), "Anna,Mine,Op")
equal(names(mine, "/users?operator_id=other"), "")
equal(names(reader, "/users"), "Anna,Mine,Op")
equal(names(nil, "/users?email=ANNA@example.org"), "Anna")
equal(names(driver, "/users"), "Anna")
equal(as(driver, "GET", "/api/admin/users").status, 403)
equal(as(driver, "GET", "/users/anna").body.email, "anna@example.org")
equal(as(driver, "GET", "/users/" .. bert.id).status, 404)
equal(as(driver, "GET", "/users/anna/transactions").status, 200)
equal(as(nil, "GET", "/users?nonsense=1").status, 400)

log "changing them"
local etag = http.get("/api/admin/users/anna").headers.etag
local put = http { method = "PUT", path = "/api/admin/users/anna", body = { name = "Anna B.", email = json.null }, headers = { ["If-Match"] = etag } }
equal(put.status, 200)
matches(put.body, { name = "Anna B.", email = json.null, language = "de", role = "user" })
equal(http { method = "PUT", path = "/api/admin/users/anna", body = { name = "X" }, headers = { ["If-Match"] = etag } }.status, 412)
equal(http.put("/api/admin/users/anna", { email = "boss@example.org" }).status, 409)
equal(http.put("/api/admin/users/anna", { operator_id = "nobody" }).status, 409)
equal(http.put("/api/admin/users/anna", { role = "admin" }).body.operator_id, json.null, "an admin is nobody's")
matches(http.put("/api/admin/users/anna", { role = "user" }).body, { role = "user", operator_id = "default" })
equal(http.put("/api/admin/users/anna", { operator_id = "other" }).body.operator_id, "other")
equal(as(mine, "GET", "/api/admin/users/anna").status, 404)

log "the last admin stays"
local path = "/api/admin/users/" .. boss.id
for _, change in ipairs { { role = "user" }, { state = "disabled" }, { role = "readonly" } } do
  equal(http.put(path, change).status, 409, show(change))
end
equal(http.delete(path).status, 409)
equal(http.put(path, { name = "Bossy" }).status, 200)
local second = make(nil, { role = "admin", state = "disabled" })
equal(http.put(path, { role = "user" }).status, 409, "one who cannot sign in does not count")
equal(http.put("/api/admin/users/" .. second.id, { state = "active" }).status, 200)
local ends = {}
parallel(function()
  ends[1] = http.put(path, { role = "user" }).status
end, function()
  ends[2] = http.delete("/api/admin/users/" .. second.id).status
end)
check(ends[1] + ends[2] == 200 + 409 or ends[1] + ends[2] == 409 + 204, show(ends))
equal(#http.get("/api/admin/users?role=admin&state=active").body.items, 1)

log "removing them"
equal(http.delete("/api/admin/users/" .. bert.id).status, 204)
equal(http.delete("/api/admin/users/" .. bert.id).status, 404)
matches(http.get("/api/admin/audit?path=/api/admin/users/" .. bert.id).body.items[1], { method = "DELETE", before = { name = "Bert" } })
