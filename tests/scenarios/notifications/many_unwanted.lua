-- Many facts at once that nobody wants, one after the other and all at one time, do not stand before the one that somebody wants.
settings { config = { transfer = { allow = "127.0.0.1" } } }
local wallets = require "wallets"

local receiver = http_server {}
local made = http.post("/api/admin/subscriptions", { channel = "webhook", target = receiver.url, events = { "wallet.low" } })
equal(made.status, 201, made.text)
seed.charger "MANY-1"
local function faults(count, received_at)
  server.sql(([[with recursive n (i) as (select 1 union all select i + 1 from n where i < %d)
    insert into connector_history (charger_id, connector_id, operator_id, status, error_code, status_at, received_at)
    select c.id, 1, 'default', 'Faulted', 'GroundFailure', '%s', %s from chargers c, n]]):format(count, now(), received_at))
end
local function low(user)
  local wallet = wallets.make(user, 600, { low_balance_minor = 500 })
  equal(http.post("/api/admin/wallets/" .. wallet.id .. "/debits", { amount_minor = 200, reason = "Key" }).status, 201)
  eventually(function()
    for _, request in ipairs(receiver:got()) do
      if request.json.data.user_id == user then return true end
    end
  end)
end

low "before"
log "one after the other"
local at = server.engine == "postgres" and "now() - interval '1 ms' * (i * 10)"
  or "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || (i * 0.01) || ' seconds')"
faults(1700, at)
low "after"
log "all of one time"
faults(1700, ("'%s'"):format(now()))
low "later"
