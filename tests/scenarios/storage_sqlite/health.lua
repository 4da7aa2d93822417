-- While the disk is full /health says so, whatever can be read, and little things written, meanwhile.
seed.charger "FULL1"
local function health()
  return http.get("/health", nil, { key = false }).status
end
local function limit(bytes)
  equal(program { "prlimit", "--pid", tostring(server.pid()), "--fsize=" .. bytes .. ":" }, 0)
end
local function store(n)
  return http.post("/api/admin/files?name=" .. n, ("x"):rep(200000)).status
end

equal(health(), 200)
local log_file = assert(io.open(server.folder .. "/busbar.db-wal"))
local size = log_file:seek "end"
log_file:close()
limit(size + 32768)
eventually(function()
  return store(0) == 503
end)
for i = 1, 60 do
  equal(health(), 503, i)
  equal(http.get("/api/admin/chargers").status, 200)
  equal(health(), 503, i)
  equal(store(i), 503)
  wait(0.05)
end

limit "unlimited"
equal(health(), 503, "nothing has been written yet")
eventually(function()
  return health() == 200
end)
equal(store "after", 201)
equal(health(), 200)
