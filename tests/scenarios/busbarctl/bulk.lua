-- A command to many chargers from the shell, with how far it has come.
settings { config = { bulk = { pace = "50ms" } } }
local ctl, core, net = require "ctl", require "core", require "net"
local done, refused = ctl.done, ctl.refused
for i = 1, 6 do
  seed.charger("CP" .. i)
  local cp = charger { id = "CP" .. i, silent = true }
  cp:connect()
  cp:boot()
  cp:on("ClearCache", function()
    wait(0.4)
    return { status = "Accepted" }
  end)
  cp:on("Reset", { status = i == 2 and "Rejected" or "Accepted" })
end
local all = [[selection:={"all":true}]]

-- What it prints, and its status; the chargers answer meanwhile.
local function run(line)
  local running = ctl.begin(line, server.folder .. "/printed")
  eventually(function()
    return running.status
  end)
  return running.status, running:text()
end

log "until it has ended: on a terminal with a bar"
local shown = server.folder .. "/shown"
local command = string.format("HOME=%s XDG_CONFIG_HOME= BUSBAR_URL=%s BUSBAR_KEY=%s %s/busbarctl bulk-commands send ClearCache at_once:=1 '%s'",
  server.folder, net.base, net.key, core.args.bin, all)
local ended
core.process({ "script", "-qec", command, shown, stdout = "/dev/null", stderr = "/dev/null" }, function(status)
  ended = status
end)
eventually(function()
  return ended
end)
local file = assert(io.open(shown))
local printed = file:read "a"
file:close()
check(printed:find "ClearCache  %[ *#* *%] +%d+%%  %d of 6", printed)
check(printed:find "ClearCache  done  of 6: accepted=6", printed)

log "who refuses is no success"
local status, text = run([[bulk-commands send Reset payload:={"type":"Soft"} ]] .. all)
equal(status, 1, text)
local id = text:match "^(%S+)  Reset  done  of 6: accepted=5 rejected=1\n$"
check(id, text)
refused("bulk-commands watch " .. id, 1, "Reset  done  of 6: accepted=5 rejected=1")
matches(json.decode((select(2, ctl.run("--json bulk-commands watch " .. id)))), { id = id, state = "done" })
done("bulk-commands list state=done", "Reset +done")

log "where the stream is refused it is asked for"
server.reload { events = { streams = 1 } }
local other = require "sse".open "/api/events"
status, text = run("bulk-commands send ClearCache " .. all)
equal(status, 0, text)
check(text:find "ClearCache  done  of 6: accepted=6\n$", text)
other:close()

log "one that is stopped"
id = http.post("/api/admin/bulk-commands", { action = "ClearCache", selection = { charge_point_ids = { "CP1", "CP2", "CP3" } }, at_once = 1 }).body.id
local watching = ctl.begin("bulk-commands watch " .. id, server.folder .. "/watching")
done("bulk-commands stop " .. id, "stopped")
check(watching:finish():find "ClearCache  stopped  of 3: ", watching:text())

log "what is refused"
refused("bulk-commands watch none", 1, "no such bulk command")
refused("bulk-commands send ClearCache", 1, "selection")
refused("bulk-commands send", 2, "ACTION")
