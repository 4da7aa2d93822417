-- The admin's command line against a server.
local ctl, net = require "ctl", require "net"
local done, refused = ctl.done, ctl.refused

done("health", "storage%s+ok")
refused("bootstrap", 1, "409")
done("operators add northern name=Northern currency=NOK", "time_zone%s+UTC")
done("operators set northern time_zone=Europe/Oslo", "Europe/Oslo")
done("operators list", "northern%s+Northern%s+active%s+Europe/Oslo%s+NOK")
done("operators set northern state=disabled", "disabled")
done("operators list", "northern%s+Northern%s+disabled%s")
refused("operators remove default", 1, "409")
done("operators remove northern")
done("stations add Harbour latitude:=53.5", "Harbour")
done("stations add name=Quay", "name%s+Quay\n")
done("chargers add CP1 station_id:=1 vendor=Acme", "charge_point_id%s+CP1")
done("chargers list", "CP1%s+1%s+Acme")
done("chargers list vendor=Other")
done("chargers set CP1 validation=lenient", "lenient")
done("chargers show CP1", "validation%s+lenient")
matches(json.decode(done "--json chargers show CP1"), { charge_point_id = "CP1", validation = "lenient" })
for i = 1, 3 do
  done("tokens add TAG" .. i .. " user_id=anna")
end
equal(#json.decode(done "--json tokens list user_id=anna"), 3)
equal(done "tokens list user_id=anna --csv", http.get("/api/admin/tokens?user_id=anna&format=csv").text)
refused("tokens list colour=red --csv", 1, "colour")
refused("tokens show TAG1 --csv", 2, "csv")
refused("tokens list limit=2", 2, "limit=2: is no filter; %-%-count N")
refused("tokens list TAG1", 2, "TAG1: a filter is name=value")
refused("tokens list colour=red", 1, '^busbarctl: 400 there is no parameter "colour" here; [^\n]*\n$')
refused("users list from=x --count 1", 1, "from")
refused("transactions list state=nonsense", 1, "^busbarctl: 400 the query parameter state is not one of active, [^\n]*\n$")
refused("analytics list interval=week --csv", 1, "^busbarctl: 400 the query parameter interval is not one of [^\n]*\n$")
equal(#json.decode(done "--json tokens list --count 2"), 2)
equal(#json.decode(done "--json tokens list --count 0"), 0)
equal(select(2, done("tokens list --csv --count 2"):gsub("\n", "")), 3, "and a header")
refused("tokens list --count x", 2, "x: is no number of lines")
refused("--json tokens list --csv", 2, "%-%-csv and %-%-json are two forms")
done("tokens set tag1 status=blocked max_active:=2", "blocked")
done("tokens remove TAG3")
equal(#json.decode(done "--json tokens list"), 2)
done("get /auth/profile", "role%s+admin")
equal(done "get /api/admin/chargers?vendor=Other", done "chargers list vendor=Other", "an empty list has its header")
equal(done "get /api/admin/reservations", "(empty)\n", "or says that it is empty")
refused("post /api/admin/chargers/1/renew-certificate", 1, "409 .*not connected") -- no body is as {}
done([[post /api/admin/tokens '{"id_tag": "RAW"}']], "RAW")
done("delete /api/admin/tokens/raw")
done("post /api/admin/tokens id_tag=FIELDS max_active:=2", "max_active +2\n") -- fields in place of JSON
done("put /api/admin/tokens/fields max_active:=3", "max_active +3\n")
refused("post /api/admin/tokens FIELDS", 2, "FIELDS: should be name=text")
done("delete /api/admin/tokens/fields")

log "ids that are no part of a path"
done("tokens add /", "id_tag%s+/\n")
for _, id in ipairs { "A tag/1?", "../x", ".", "..", "//", "a%2Fb", "{id}", "a+&=;b" } do
  local quoted = "'" .. id .. "'"
  done("tokens add " .. quoted)
  matches(json.decode(done("--json tokens show " .. quoted)), { id_tag = id })
  done("tokens set " .. quoted .. " max_active:=2", "max_active +2\n")
  done("tokens remove " .. quoted)
  refused("tokens show " .. quoted, 1, "404")
end
done("tokens show /", "id_tag%s+/\n")
done("tokens remove /")

log "what is wrong is said, and the status tells"
refused("chargers add CP1", 1, "409 .*already registered")
refused("chargers add CP2 station_id=x", 1, "station_id: ")
refused([[subscriptions add webhook target=https://hooks.example events:='["no.event"]']], 1, "^busbarctl: 422 events%[0%]: is no event\n$")
refused("chargers show NONE", 1, "no charger NONE")
refused("tokens show NONE", 1, "404")
refused("--key wrong tokens list", 1, "401")
local key = net.key
net.key = ""
refused("tokens list", 1, "401 .*\n.*BUSBAR_KEY")
net.key = key
refused("chargers", 2, "list, show, add")
refused("tokens set TAG1", 2, "it is: busbarctl tokens set ID_TAG FIELD ...")
refused("tokens add TAG4 max_active:={", 2, "^busbarctl: max_active is not JSON: %a")
refused("send CP1 Reset {", 2, "^busbarctl: the payload is not JSON: %a")
refused("nonsense", 2, "nonsense.*busbarctl %-%-help")
refused("tariff list", 2, 'did you mean "tariffs"')
refused("audit show 1", 2, "audit has no show; it has list\n")
refused("wallet topup anna", 2, "busbarctl wallet topup USER AMOUNT_MINOR %[FIELD ...%]")
refused("wallet topup anna 25.00", 2, "25.00: is no whole number; it is cents or the like: 2500 for 25.00 EUR")
refused("wallet refund anna x reason=no", 2, "x: is no whole number; it is the id of a transaction")
refused("health now", 2, "it is: busbarctl health\n")
refused("health --wait 1", 2, "%-%-wait is not for: busbarctl health\n")
refused("health --nonsense", 2, "^busbarctl: %-%-nonsense is no option; busbarctl %-%-help lists the options\n$")
refused("health --json=yes", 2, "%-%-json=yes takes no value")
refused("health --wait", 2, "^busbarctl: %-%-wait needs a value; [^\n]*\n$")
refused("--wait soon remote-start CP1 1 TAG2", 2, "^busbarctl: %-%-wait soon: is no number of seconds\n$")
refused("health -x", 2, "^busbarctl: %-x is no option")
refused("--url http://127.0.0.1:1 health", 3, "127.0.0.1")

log "commands"
refused("send CP1 ClearCache", 1, "409 .*not connected")
done("--queue --wait 0 send CP1 ClearCache", "state%s+queued")
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
cp:expect { action = "ClearCache" }
done("--wait 0 remote-start CP1 1 TAG2", "state%s+sent")
local session = eventually(function()
  local running = cp:session(1)
  return running and running.id and running
end)
done("transactions list", "CP1%s+1%s+TAG2%s+active")
local id = json.decode(done "--json transactions list state=active")[1].id
done("--wait 0 remote-stop CP1 " .. id, "state%s+sent")
eventually(function()
  return session.stopped
end)
eventually(function()
  return json.decode(done "--json transactions list state=completed")[1]
end)
done("transactions show " .. id, "stop_reason%s+Remote")
done("audit list", "/api/admin/chargers")
done "tasks list"
done("users add Ben id=ben role=user", "id%s+ben")
done("users set ben language=de", "language%s+de")
done("users list role=user", "ben%s+default%s+Ben")
done("users sign-out ben")
refused("users invite ben", 1, "409 .*no e%-mail address")
done("users set ben email=ben@example.org")
refused("users invite ben", 1, "409 .*name a mail server in the options notifications.smtp and notifications.from, or set the user's password")
server.reload { notifications = { smtp = "smtp://127.0.0.1:9", from = "busbar@csms.example" } }
done("users invite ben", "^A mail to ben@example.org is queued. .*busbarctl tasks list name=users_mail\n$")
done("tasks list name=users_mail", "users_mail")
done("users remove ben")

log "a table fits the terminal, and is whole where there is none"
local long = ("long "):rep(30)
done("stations add " .. "'" .. long .. "end'")
done("stations list", long .. "end")
local function seen(line, columns)
  local pipe = io.popen(string.format("HOME=%s XDG_CONFIG_HOME= BUSBAR_URL=%s BUSBAR_KEY=%s script -qec 'stty cols %d; %s/busbarctl %s' /dev/null </dev/null",
    server.folder, net.base, net.key, columns, server.bin, line))
  local text = pipe:read("a"):gsub("\r", "")
  pipe:close()
  for one in text:gmatch "[^\n]+" do
    check(utf8.len(one) <= math.max(columns, 79), one)
  end
  return text
end
local text = seen("stations list", 70)
check(text:find("long long\n", 1, true) and text:find " +long end", text)
text = seen("transactions list", 80)
check(text:find("%s20%d%d%-%d%d%-%d%d %d%d:%d%d%s"), text)
check(text:find "energy_wh", text)
check(text:find("(no room for connector_id, stopped_at:", 1, true), text)
for _, of in ipairs { "chargers", "tokens", "analytics", "revenue", "utilization", "uptime", "failures", "users", "keys", "audit", "tasks" } do
  check(not seen(of .. " list", 80):find("\u{2026}", 1, true), of)
end
