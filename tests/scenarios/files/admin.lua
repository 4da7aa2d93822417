-- An admin keeps a firmware: up, looked at, down as a whole and in parts, and away.
local function digest(bytes)
  return crypto.digest(bytes, "SHA256")
end

local bytes = {}
for i = 1, 70000 do
  bytes[i] = string.pack(">I4I4", i * 2654435761 % 4294967296, i)
end
local firmware = table.concat(bytes) -- 560 kB: three chunks

local function upload(query, body, options)
  return http.post("/api/admin/files?" .. query, body, options)
end

local made = upload("name=firmware%201.2.bin", firmware)
equal(made.status, 201)
equal(made.headers.location, "/api/admin/files/" .. made.body.id)
matches(made.body, {
  operator_id = "default",
  name = "firmware 1.2.bin",
  purpose = "firmware",
  size = #firmware,
  sha256 = digest(firmware),
  charger_id = json.null,
  ref = json.null,
})
local path = "/api/admin/files/" .. made.body.id
equal(http.get(path).body.sha256, digest(firmware))

log "its bytes"
local whole = http.get(path .. "/content")
equal(whole.status, 200)
check(whole.text == firmware, "the same bytes come back")
local tag = '"' .. digest(firmware) .. '"'
equal(whole.headers.etag, tag)
equal(whole.headers["accept-ranges"], "bytes")
check(whole.headers["content-disposition"]:find("firmware%201.2.bin", 1, true))
local head = http { method = "HEAD", path = path .. "/content" }
equal(head.status, 200)
equal(head.headers["content-length"], tostring(#firmware))

local function part(range, headers)
  headers = headers or {}
  headers.Range = range
  return http.get(path .. "/content", nil, { headers = headers })
end
local middle = part "bytes=262140-262150"
equal(middle.status, 206)
equal(middle.headers["content-range"], "bytes 262140-262150/" .. #firmware)
equal(middle.text, firmware:sub(262141, 262151))
equal(part("bytes=-5").text, firmware:sub(-5))
check(part("bytes=100000-").text == firmware:sub(100001), "from the first chunk to the last")
local beyond = part("bytes=" .. #firmware .. "-")
equal(beyond.status, 416)
equal(beyond.headers["content-range"], "bytes */" .. #firmware)
equal(part("bytes=0-1,5-6").status, 200)
equal(part("bytes=0-1", { ["If-Range"] = tag }).status, 206)
equal(part("bytes=0-1", { ["If-Range"] = '"another"' }).status, 200)
equal(part(nil, { ["If-None-Match"] = tag }).status, 304)

log "what is refused"
equal(upload("name=a%2Fb", "x").status, 400)
equal(upload("purpose=firmware", "x").status, 400)
equal(upload("name=a&purpose=A%20B", "x").status, 400)
equal(upload("name=a&purpos=b", "x").status, 400)
equal(upload("name=a", "").status, 400)
equal(upload("name=a&operator_id=nobody", "x").status, 422)
equal(upload("name=a", "x", { key = false }).status, 401)
equal(upload("name=a", "x", { headers = { ["Content-Encoding"] = "gzip" } }).status, 415)
equal(http.get("/api/admin/files/999").status, 404)
equal(http.get("/api/admin/files/999/content").status, 404)
equal(#http.get("/api/admin/files").body.items, 1)

log "the list, by pages and by purpose"
for i = 1, 3 do
  equal(upload("name=log" .. i .. "&purpose=log", "line " .. i).status, 201)
end
equal(#http.get("/api/admin/files?purpose=log").body.items, 3)
local page = http.get("/api/admin/files?limit=3").body
equal(page.items[1].name, "log3")
equal(http.get("/api/admin/files?cursor=" .. page.next_cursor).body.items[1].name, "firmware 1.2.bin")
equal(#http.get("/api/admin/files?charge_point_id=CP1").body.items, 0)

log "sent again with its Idempotency-Key it is one file"
local once = { headers = { ["Idempotency-Key"] = "k1" } }
local first, second = upload("name=once", "x", once), upload("name=once", "x", once)
equal(second.status, 201)
equal(second.body.id, first.body.id)
equal(upload("purpose=firmware&name=once", "x", { headers = { ["Idempotency-Key"] = "k2" } }).status, 201)
equal(upload("name=once&purpose=firmware", "x", { headers = { ["Idempotency-Key"] = "k2" } }).headers["idempotent-replay"], "true", "in whatever order")
for _, other in ipairs { { "name=another", "x" }, { "name=once&purpose=log", "x" }, { "name=once", "longer" } } do
  local refused = upload(other[1], other[2], once)
  equal(refused.status, 422, refused.text)
  equal(refused.body.detail, "this Idempotency-Key was used for another request")
end

log "operators do not see each other's"
server.sql "insert into operators (id, name, created_at) values ('other', 'Other', '2026-01-01T00:00:00.000Z');"
local other = http.post("/api/admin/keys", { name = "o", role = "operator", operator_id = "other" }).body.key
equal(http.get(path, nil, { key = other }).status, 404)
equal(http.get(path .. "/content", nil, { key = other }).status, 404)
equal(http.delete(path, nil, { key = other }).status, 404)
equal(#http.get("/api/admin/files", nil, { key = other }).body.items, 0)
equal(upload("name=theirs", "x", { key = other }).body.operator_id, "other")
equal(upload("name=theirs&operator_id=default", "x", { key = other }).status, 403)
local readonly = http.post("/api/admin/keys", { name = "r", role = "readonly" }).body.key
equal(upload("name=a", "x", { key = readonly }).status, 403)
equal(http.get(path .. "/content", nil, { key = readonly }).status, 200)

log "what something refers to stays"
server.sql("create table jobs (file_id bigint references files (id)); insert into jobs values (" .. made.body.id .. ");")
equal(http.delete(path).status, 409)
equal(http.get(path).status, 200)
server.sql "delete from jobs;"
equal(http.delete(path).status, 204)
equal(http.get(path).status, 404)
local entry = http.get("/api/admin/audit?path=" .. escape(path)).body.items[1]
equal(entry.before.name, "firmware 1.2.bin")

log "/openapi.json tells of bodies that are not JSON"
local api = http.get("/openapi.json").body
check(api.paths["/api/admin/files"].post.requestBody.content["application/octet-stream"])
check(api.paths["/api/admin/files/{id}/content"].get.responses["2XX"].content["application/octet-stream"])
