-- What busbar-sim says to those who call it wrongly.
local runs = 0
local function sim(...)
  runs = runs + 1
  local err = server.folder .. "/err" .. runs
  local status = program { stderr = err, stdout = err, env = { BUSBAR_URL = "http://127.0.0.1:1" }, server.bin .. "/busbar-sim", ... }
  local file <close> = assert(io.open(err))
  return status, file:read "a"
end
local function refused(text, ...)
  local status, said = sim(...)
  equal(status, 2, said)
  equal(said, "busbar-sim: " .. text .. "\n")
end

local more = "; busbar-sim --help lists the options"
refused("--bogus is no option" .. more, "one_session", "--bogus")
refused("--bogus is no option" .. more, "--bogus", "one_session")
refused("-x is no option" .. more, "one_session", "-x")
refused("--url needs a value" .. more, "one_session", "--url")
refused("-u needs a value" .. more, "one_session", "-u")
refused("--json=yes takes no value" .. more, "--chargers", "1", "--json=yes")
refused("--quiet=yes takes no value" .. more, "one_session", "--quiet=yes")
refused("which STORY? or --chargers N; busbar-sim --help tells more")
refused("a STORY and --chargers do not go together", "one_session", "--chargers", "1")
refused("--ramp is for load: it goes with --chargers N", "one_session", "--ramp", "5")
refused("--chargers takes a number from 1 to 18000", "--chargers", "0")
refused("there is no story nonsense, no file and none bundled; see --help", "nonsense")

log "options stand behind a story, too, and its own arguments behind --"
server.write_file("told.lua", "print(table.concat(arg, ' '))")
local status, said = sim(server.folder .. "/told.lua", "one", "--quiet", "--", "--two")
equal(status, 0, said)
equal(said, "one --two\n")
