-- Completion, in bash and in zsh.
local ctl = require "ctl"
local net = require "net"

local function quoted(text)
  return "'" .. text:gsub("'", [['\'']]) .. "'"
end

-- What a shell prints; the program is found by its name, and its server by the environment.
local function shell(script, words, url)
  local line = string.format("cd %s && HOME=%s XDG_CONFIG_HOME= PATH=%s:$PATH BUSBAR_URL=%s BUSBAR_KEY=%s %s 2>&1", server.folder, server.folder,
    server.bin, url or net.base, net.key, script)
  for _, word in ipairs(words) do
    line = line .. " " .. quoted(word)
  end
  local pipe = io.popen(line)
  local output = pipe:read "a"
  pipe:close()
  return output
end

local pipe = io.popen("cd '" .. arg[0]:match "^(.*)/" .. "' && pwd")
local here = pipe:read "l"
pipe:close()
local scripts = {}
for _, name in ipairs { "bash", "zsh" } do
  scripts[name] = server.write_file("busbarctl." .. name, ctl.done("completion " .. name, "_busbarctl"))
end
ctl.refused("completion fish", 2, "bash or zsh")

local function bash(words, url)
  local all = { scripts.bash, "busbarctl" }
  table.move(words, 1, #words, 3, all)
  local found = {}
  for line in shell("bash " .. quoted(here .. "/complete.bash"), all, url):gmatch "[^\n]+" do
    table.insert(found, line)
  end
  table.sort(found)
  return table.concat(found, " ")
end

seed.charger "CP1"
seed.charger "CP2"
seed.charger "OTHER"
seed.tariff { name = "Day and night", currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 10 } }
server.write_file("night.lua", "")

log "bash"
equal(bash { "scr" }, "script")
equal(bash { "wallet", "" }, "add entries reconcile refund show topup unbilled")
equal(bash { "chargers", "s" }, "set show")
equal(bash { "audit", "" }, "list")
equal(bash { "help", "wallet", "top" }, "topup")
equal(bash { "script", "try", "--s" }, "--session --settings")
equal(bash { "health", "--w" }, "", "an option of others")
equal(bash { "script", "try", "nig" }, "night.lua")
equal(bash { "script", "try", "night.lua", "--session", "busbarctl.z" }, "busbarctl.zsh")
equal(bash { "completion", "" }, "bash zsh")
equal(bash { "chargers", "show", "CP" }, "CP1 CP2")
equal(bash { "--json", "chargers", "show", "CP" }, "CP1 CP2")
equal(bash { "send", "CP1", "Unl" }, "UnlockConnector")
equal(bash { "tariffs", "show", "Day" }, [[Day\ and\ night]])
equal(bash { "__" }, "", "what is for programs")
http.get("/openapi.json", nil, { key = false }) -- made once, and then at hand
equal(bash { "transactions", "list", "" }, "charger= connector= from= id_tag= state= to= user=")
equal(bash { "transactions", "list", "state=active", "f" }, "from=")
equal(bash { "script", "versions", "main", "" }, "")

log "a server that does not answer"
equal(bash({ "chargers", "show", "CP" }, "http://127.0.0.1:1"), "")
equal(bash({ "chargers", "s" }, "http://127.0.0.1:1"), "set show")
equal(bash({ "transactions", "list", "" }, "http://127.0.0.1:1"), "")
equal(bash { "--url", "http://127.0.0.1:1", "chargers", "show", "CP" }, "")

log "zsh"
local typed = shell("zsh -f " .. quoted(here .. "/complete.zsh"), { scripts.zsh, server.folder, "busbarctl scr", "busbarctl chargers show O",
  "busbarctl script try nig", "busbarctl tariffs show D", "busbarctl transactions list us", "busbarctl wallet " })
for _, line in ipairs { "busbarctl script ", "busbarctl chargers show OTHER ", "busbarctl script try night.lua ", [[busbarctl tariffs show Day\ and\ night ]], "busbarctl transactions list user=" } do
  check(typed:find("[" .. line .. "] end", 1, true), line .. ": " .. typed)
end
check(typed:find("reconcile  %-%- is the ledger"), typed)
