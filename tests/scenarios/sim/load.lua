-- The load generator against a real server: it makes its chargers, every profile runs without a single error,
-- and what was sent is in the database.
local net = require "net"

local function load(...)
  local result = server.folder .. "/result.json"
  os.remove(result)
  local status = program {
    stdout = result,
    server.bin .. "/busbar-sim", "--url", net.base, "--key", net.key, "--provision", "--prefix", "LOAD", "--password",
    "a-long-password", "--chargers", "25", "--duration", "1", "--warmup", "0.2", "--json", ...
  }
  local file = assert(io.open(result))
  local report = json.decode(file:read "a")
  file:close()
  equal(status, 0, show(report))
  matches(report, { chargers = 25, connected = 25, connect_errors = 0, lost = 0, errors = 0 })
  check(report.messages > 0 and report.p50_us <= report.p99_us and report.p99_us <= report.max_us, show(report))
  return report
end

load("--profile", "heartbeat")
local offered = load("--profile", "heartbeat", "--rate", "200")
check(offered.messages >= 150 and offered.messages <= 250, "about what was offered: " .. offered.messages)
load("--profile", "metervalues", "--window", "5")
load("--profile", "session")

local stored = http.get("/api/admin/transactions?charger=LOAD1").body
check(stored.totals.count >= 2, "sessions of LOAD1")
for _, transaction in ipairs(stored.items) do
  check(transaction.meter_start_wh > 0)
end
