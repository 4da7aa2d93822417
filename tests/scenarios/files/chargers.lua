-- Chargers fetch what they were told to, and send what they were asked for, by URLs that need no key.
seed.charger "CP1"
local charger_id = http.get("/api/admin/chargers?charge_point_id=CP1").body.items[1].id
local made = http.post("/api/admin/files?name=fw.bin", ("firmware"):rep(50000)).body

-- As the server makes them for other plugins.
local links = 0
local function link(direction, fields)
  links = links + 1
  local token = "token" .. links
  server.sql(string.format(
    "insert into file_links (operator_id, token_hash, direction, charger_id, file_id, purpose, ref, max_bytes, valid_until, created_at)"
      .. " values ('default', '%s', '%s', %d, %s, %s, %s, %s, '%s', '2026-01-01T00:00:00.000Z');",
    crypto.digest(token, "SHA256"),
    direction,
    charger_id,
    fields.file_id or "null",
    fields.purpose and "'" .. fields.purpose .. "'" or "null",
    fields.ref and "'" .. fields.ref .. "'" or "null",
    fields.max_bytes or "null",
    fields.valid_until or "2099-01-01T00:00:00.000Z"
  ))
  return "/files/" .. token
end

local function files(filter)
  return http.get("/api/admin/files?" .. filter).body.items
end

local function status(head)
  return tonumber(head:match "^HTTP/1.1 (%d+) ")
end

log "a download, interrupted and resumed"
local url = link("offer", { file_id = made.id }) .. "/fw.bin"
local whole = http.get(url, nil, { key = false })
equal(whole.status, 200)
equal(whole.text, ("firmware"):rep(50000))
local rest = http.get(url, nil, { key = false, headers = { Range = "bytes=300000-" } })
equal(rest.status, 206)
equal(whole.text:sub(1, 300000) .. rest.text, whole.text)

log "an upload as each charger does it"
local plain = { key = false }
local up = link("receive", { purpose = "diagnostics", ref = "job/1" })
local function received(response, name, bytes)
  equal(response.status, 201)
  local file = files("ref=job%2F1")[1]
  equal(file.id, response.body.id)
  matches(file, { name = name, size = #bytes, purpose = "diagnostics", charge_point_id = "CP1", sha256 = crypto.digest(bytes, "SHA256") })
  equal(http.get("/api/admin/files/" .. file.id .. "/content").text, bytes)
end
received(http.put(up .. "/diag%20one.zip", "by PUT", plain), "diag one.zip", "by PUT")
received(http.put(up, "without a name", plain), "diagnostics", "without a name")
received(http.post(up .. "/b.log", "by POST", plain), "b.log", "by POST")
received(http.put(up .. "/empty.log", "", plain), "empty.log", "")
local form = '--xyz\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n--xyz\r\n'
  .. 'Content-Disposition: form-data; name="file"; filename="C:\\logs\\form.log"\r\nContent-Type: text/plain\r\n\r\nin a form\r\n--xyz--\r\n'
local function post_form(body)
  return http.post(up, body, { key = false, headers = { ["Content-Type"] = "multipart/form-data; boundary=xyz" } })
end
received(post_form(form), "form.log", "in a form")
equal(post_form("--xyz--").status, 400)
equal(post_form(form:sub(1, -20)).status, 400)

local function chunked(path, pieces)
  local socket = tcp()
  socket:send("PUT " .. path .. " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
  for _, piece in ipairs(pieces) do
    socket:send(string.format("%x\r\n%s\r\n", #piece, piece))
  end
  return socket
end
local long = ("0123456789"):rep(100000)
local socket = chunked(up .. "/long.log", { "chunk ", long, "" })
equal(status(socket:receive "\r\n\r\n"), 201)
equal(files("ref=job%2F1")[1].sha256, crypto.digest("chunk " .. long, "SHA256"))

log "sent again, because the answer was lost, it is the same file"
local count = #files "ref=job%2F1"
local again = http.put(up .. "/b.log", "by POST", plain)
equal(again.status, 200)
equal(#files "ref=job%2F1", count)

log "two at once"
local a, b
parallel(function()
  a = http.put(up .. "/a.log", long .. "a", plain)
end, function()
  b = http.put(up .. "/b.log", long .. "b", plain)
end)
equal(a.status, 201)
equal(b.status, 201)
equal(a.body.sha256, crypto.digest(long .. "a", "SHA256"))
equal(b.body.sha256, crypto.digest(long .. "b", "SHA256"))

log "too large, by its length and in chunks"
local small = link("receive", { purpose = "log", max_bytes = 1000, ref = "small" })
equal(http.put(small, ("x"):rep(1001), plain).status, 413)
equal(status(chunked(small, { ("x"):rep(600), ("y"):rep(600), "" }):receive "\r\n\r\n"), 413)
equal(http.put(small, ("x"):rep(1000), plain).status, 201)
equal(#files "ref=small", 1)

log "URLs that are none, not yet, no more, or for another thing: one answer"
local expired = link("receive", { purpose = "log", valid_until = "2020-01-01T00:00:00.000Z" })
local gone = link("offer", { file_id = made.id, valid_until = "2020-01-01T00:00:00.000Z" })
local answers = {
  http.put("/files/nothing", "x", plain),
  http.put(expired, "x", plain),
  http.put(url, "x", plain),
  http.get("/files/nothing/fw.bin", nil, plain),
  http.get(gone .. "/fw.bin", nil, plain),
  http.get(up .. "/a.log", nil, plain),
}
for i, answer in ipairs(answers) do
  equal(answer.status, 404, "case " .. i)
  equal(answer.text, answers[1].text, "case " .. i)
end
check(server.log():find("unknown or expired URL refused, remote=127.0.0.1 (1 since the last line)", 1, true))

log "not more than 16 files by one URL, but those as often as they come"
local many = link("receive", { purpose = "log", ref = "many" })
for i = 1, 16 do
  equal(http.put(many, "file " .. i, plain).status, 201)
end
equal(http.put(many, "file 17", plain).status, 409)
equal(http.put(many, ("x"):rep(100), plain).status, 409)
equal(status(chunked(many, { "more than", " file 16", "" }):receive "\r\n\r\n"), 409)
equal(http.put(many, "file 3", plain).status, 200)
equal(status(chunked(many, { "file", " 16", "" }):receive "\r\n\r\n"), 200)
equal(#files "ref=many", 16)

log "nor when many come at once"
local crowded = link("receive", { purpose = "log", ref = "crowded" })
local tasks, counts = {}, {}
for i = 1, 40 do
  tasks[i] = function()
    local answer = http.put(crowded .. "/" .. i, ("%d."):format(i):rep(100), plain)
    counts[answer.status] = (counts[answer.status] or 0) + 1
  end
end
parallel(table.unpack(tasks))
equal(counts[201], 16)
equal((counts[409] or 0) + (counts[429] or 0), 24)
equal(#files "ref=crowded", 16)

log "a client that waits to be told to go on"
local socket = tcp()
socket:send("PUT " .. up .. "/c.log HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
equal(socket:receive "\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n")
socket:send "hello"
equal(status(socket:receive "\r\n\r\n"), 201)
local socket = tcp()
socket:send "PUT /files/nothing HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
equal(status(socket:receive "\r\n\r\n"), 404)

log "the files of a charger stay when it is deleted, its URLs do not"
equal(http.delete("/api/admin/chargers/" .. charger_id).status, 204)
equal(files("ref=small")[1].charger_id, json.null)
equal(http.put(up, "x", plain).status, 404)
