-- Tokens over REST. Case does not count.
local made = http.post("/api/admin/tokens", { id_tag = "04AbCd", user_id = "u1", max_active = 2, expires_at = "2030-01-01T01:00:00+01:00" })
matches(made, { status = 201, body = {
  id_tag = "04AbCd", operator_id = "default", status = "accepted", user_id = "u1", max_active = 2, parent_id_tag = json.null,
  type = "rfid", name = json.null, note = json.null, valid_from = json.null, group_max_active = json.null, stations = "all",
  expires_at = "2030-01-01T00:00:00.000Z", active = 0,
} })
equal(http.get("/api/admin/tokens/04abcd").body, made.body)
equal(http.get("/api/admin/tokens/04ABCD").body, made.body)
equal(http.post("/api/admin/tokens", { id_tag = "04aBcD" }).status, 409)

for _, bad in ipairs {
  { id_tag = "" }, { id_tag = ("x"):rep(21) }, { id_tag = " x" }, { id_tag = "x\n" }, { id_tag = "ä" },
  { id_tag = "x", status = "good" }, { id_tag = "x", expires_at = "tomorrow" }, { id_tag = "x", max_active = -1 },
  { id_tag = "x", type = "nfc" }, { id_tag = "x", name = "" }, { id_tag = "x", valid_from = "now" }, { id_tag = "x", stations = "some" },
  { id_tag = "x", group_max_active = -1 }, { id_tag = "x", operator_id = "nobody" }, { id_tag = "x", parent_id_tag = "y " }, {},
} do
  local answer = http.post("/api/admin/tokens", bad)
  equal(answer.status, 422, show(bad))
  check(#answer.body.errors > 0)
end

local path = "/api/admin/tokens/04abcd"
matches(http.put(path, { status = "blocked" }), { status = 200, body = { status = "blocked", user_id = "u1", max_active = 2 } })
matches(http.put(path, { expires_at = json.null, max_active = json.null }), { body = { expires_at = json.null, max_active = json.null, status = "blocked" } })
equal(http.put(path, { status = "accepted" }, { headers = { ["If-Match"] = made.headers.etag } }).status, 412)
equal(http.put("/api/admin/tokens/none", { status = "blocked" }).status, 404)

seed.token { id_tag = "T2", parent_id_tag = "04ABCD", user_id = "u1" }
seed.token { id_tag = "T3", user_id = "u2", type = "app", name = "Anna's telephone", note = "since May", valid_from = "2020-01-01T01:00:00+01:00" }
matches(http.get("/api/admin/tokens/T3").body, {
  type = "app", name = "Anna's telephone", note = "since May", valid_from = "2020-01-01T00:00:00.000Z",
})
matches(http.put("/api/admin/tokens/T3", { note = json.null, group_max_active = 3, stations = "listed" }).body, {
  type = "app", name = "Anna's telephone", note = json.null, group_max_active = 3, stations = "listed", user_id = "u2",
})
local function ids(query)
  local found = {}
  for i, token in ipairs(http.get("/api/admin/tokens" .. query).body.items) do
    found[i] = token.id_tag
  end
  return table.concat(found, " ")
end
equal(ids "", "04AbCd T2 T3")
equal(ids "?user_id=u1", "04AbCd T2")
equal(ids "?parent_id_tag=04abcd", "T2")
equal(ids "?status=blocked", "04AbCd")
equal(ids "?id_tag=t3", "T3")
equal(ids "?type=app", "T3")
equal(ids "?type=qr", "")
local first = http.get "/api/admin/tokens?limit=1"
equal(ids("?limit=1&cursor=" .. first.body.next_cursor), "T2")

equal(http.delete(path).status, 204)
equal(http.delete(path).status, 404)
