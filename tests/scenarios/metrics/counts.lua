-- What chargers, admins and operators do is counted, and nothing that they make up becomes a label.
settings { tls = true, config = { http = { timeout = "5s" }, ocpp = { command_timeout = "1s" }, metrics = { keep = "0s" }, chargers = { unknown = "reject" } } }

local figures = require "figures"

seed.charger { charge_point_id = "MX1", quirks = array { "strip_bom" } }
seed.charger { charge_point_id = "MX2", password = "a-long-password", security_profile = 1 }
seed.token "MX"

log "links"
equal(figures.sum "busbar_links", 0)
equal(figures.sum("busbar_chargers", { registration = "accepted" }), 2)
local cp = charger { id = "MX1", silent = true }
cp:connect()
cp:boot()
equal(charger({ id = "MX2", silent = true, password = "wrong-password" }):try_connect(), nil)
equal(charger({ id = "NOBODY", silent = true }):try_connect(), nil)
local list = figures.parse(figures.get())
equal(figures.sum("busbar_links", {}, list), 1)
equal(figures.sum("busbar_links_opened_total", {}, list), 1)
equal(figures.sum("busbar_links_refused_total", { reason = "unauthorized" }, list), 1)
equal(figures.sum("busbar_links_refused_total", { reason = "unknown" }, list), 1)

log "messages by action and result, with their time"
for _ = 1, 3 do
  cp:heartbeat()
end
cp:send_raw '[2,"r1","Heartbeat",{"more":1}]'
cp:expect { kind = "error", id = "r1" }
list = figures.parse(figures.get())
local heartbeats = { direction = "in", action = "Heartbeat" }
equal(figures.sum("busbar_ocpp_messages_total", { direction = "in", action = "Heartbeat", result = "ok" }, list), 3)
equal(figures.sum("busbar_ocpp_messages_total", { action = "Heartbeat", result = "OccurenceConstraintViolation" }, list), 1)
equal(figures.sum("busbar_ocpp_message_duration_seconds_count", heartbeats, list), 4)
equal(figures.sum("busbar_ocpp_violations_total", { direction = "request", action = "Heartbeat", rule = "additionalProperties" }, list), 1)
cp:send_raw '[2,"r1","Heartbeat",{"more":1}]'
cp:expect { kind = "error", id = "r1" }
equal(figures.sum "busbar_ocpp_messages_repeated_total", 1)
equal(figures.sum("busbar_ocpp_messages_total", heartbeats), 4, "what comes again is not another message")

log "names that chargers make up are other"
for i = 1, 40 do
  cp:send_raw(('[2,"u%d","Invented%d",{}]'):format(i, i))
  cp:expect { code = "NotImplemented" }
end
cp:send_raw '[2,"r2","HeartbeatResponse",{}]'
cp:expect { code = "NotImplemented" }
list = figures.parse(figures.get())
equal(figures.values("busbar_ocpp_messages_total", "action", list), { BootNotification = true, Heartbeat = true, other = true })
equal(figures.sum("busbar_ocpp_messages_total", { action = "other", result = "NotImplemented" }, list), 41)
equal(figures.sum("busbar_ocpp_violations_total", { rule = "action" }, list), 41)

log "frames that are none, and a repair"
cp:send_raw "{"
cp:expect { code = "FormationViolation" }
cp:send_raw '[2,"x"]'
cp:expect { code = "FormationViolation" }
cp:send_raw("\xef\xbb\xbf" .. '[2,"b1","Heartbeat",{}]')
cp:expect { kind = "result", id = "b1" }
list = figures.parse(figures.get())
equal(figures.sum("busbar_ocpp_violations_total", { direction = "frame", action = "none", rule = "json" }, list), 1)
equal(figures.sum("busbar_ocpp_violations_total", { direction = "frame", rule = "envelope" }, list), 1)
equal(figures.sum("busbar_ocpp_repairs_total", { repair = "strip_bom" }, list), 1)

log "commands: accepted, refused with a code of the charger's own, unanswered, and while the line is cut"
local id = http.get("/api/admin/chargers?charge_point_id=MX1").body.items[1].id
local function command(action, payload, more)
  local body = { action = action, payload = payload, wait_s = 10 }
  for key, value in pairs(more or {}) do
    body[key] = value
  end
  return http.post("/api/admin/chargers/" .. id .. "/commands", body).body
end
equal(command("ClearCache", {}).state, "accepted")
cp:on("ClearCache", function()
  return nil, "ChargerMadeThisUp", "..."
end)
equal(command("ClearCache", {}).state, "failed")
cp:on("ClearCache", false)
equal(command("ClearCache", {}).state, "timed_out")
cp:on "ClearCache"
list = figures.parse(figures.get())
for state, count in pairs { accepted = 1, failed = 1, timed_out = 1 } do
  equal(figures.sum("busbar_commands_total", { action = "ClearCache", state = state }, list), count, state)
end
for result, count in pairs { ok = 1, other = 1, timeout = 1 } do
  equal(figures.sum("busbar_ocpp_messages_total", { direction = "out", action = "ClearCache", result = result }, list), count, result)
end
equal(figures.sum("busbar_ocpp_message_duration_seconds_count", { direction = "out", action = "ClearCache" }, list), 2)
cp:disconnect()
figures.becomes("busbar_links", {}, 0)
equal(figures.sum("busbar_links_closed_total", { code = "1000" }) + figures.sum("busbar_links_closed_total", { code = "1006" }), 1)
command("ClearCache", {}, { if_offline = "queue", wait_s = 0 })
figures.becomes("busbar_commands_waiting", {}, 1)

log "requests by route, never by path"
equal(http.get("/api/admin/chargers/99999").status, 404)
equal(http.get("/made/up/1").status, 404)
equal(http.get("/made/up/2").status, 404)
equal(http { method = "DELETE", path = "/health", key = false }.status, 405)
list = figures.parse(figures.get())
equal(figures.sum("busbar_http_request_duration_seconds_count", { route = "/api/admin/chargers/{id}", method = "GET", status = "4xx" }, list), 1)
equal(figures.sum("busbar_http_request_duration_seconds_count", { route = "other", method = "other", status = "4xx" }, list), 3)
for route in pairs(figures.values("busbar_http_request_duration_seconds_count", "route", list)) do
  check(route == "other" or (route:find "^/" and not route:find "made" and not route:find "9"), route)
end

log "storage, the log, the pool, the process"
check(figures.sum("busbar_storage_units_total", { result = "committed" }, list) > 10)
equal(figures.sum("busbar_storage_up", {}, list), 1)
local batches = figures.sum("busbar_storage_batch_units_count", {}, list)
check(batches > 5 and figures.sum("busbar_storage_batch_units_sum", {}, list) >= batches)
equal(figures.sum("busbar_storage_commit_duration_seconds_count", {}, list), batches)
check(figures.sum("busbar_storage_read_duration_seconds_count", {}, list) > 5)
eventually(function() return figures.sum "busbar_message_log_rows_written_total" > 50 end)
equal(figures.sum("busbar_message_log_rows_lost_total", {}, list), 0)
check(figures.sum("busbar_offload_duration_seconds_count", {}, list) > 5, "each scrape looks at the process")
check(figures.sum("process_cpu_seconds_total", {}, list) > 0 and figures.sum("busbar_loop_cpu_seconds_total", {}, list) > 0)
check(figures.sum("process_open_fds", {}, list) > 5 and figures.sum("process_max_fds", {}, list) > 100)
local _, builds = figures.sum("busbar_build_info", { storage = server.engine }, list)
equal(builds, 1)

log "certificates, by use and name"
local year = figures.sum("busbar_tls_certificate_expiry_timestamp_seconds", { use = "server" }, list)
check(year > os.time() and year < os.time() + 40 * 366 * 86400, year)
local _, authorities = figures.sum("busbar_tls_certificate_expiry_timestamp_seconds", { use = "client_ca" }, list)
check(authorities >= 1)
local tls = tcp("127.0.0.1", tonumber(server.tls_base:match ":(%d+)$"))
tls:send "GET / HTTP/1.1\r\n\r\n"
figures.becomes("busbar_tls_handshakes_failed_total", { reason = "handshake" }, 1)
