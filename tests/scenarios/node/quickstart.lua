-- ./quickstart with the programs built already: it listens where only this machine reaches it, unless it is told otherwise.
local root = arg[0]:match "^(.*)/tests/" or "."
local PREPARE = [[
bin=$(realpath "$2") && root=$(realpath "$3") && cd "$1" && mkdir -p packaging path build/quickstart/bin
cp "$root/quickstart" . && cp "$root/packaging/demo.lua" packaging && ln -s "$bin"/busbar* build/quickstart/bin
printf '#!/bin/sh\n' >packaging/packages.sh && cp packaging/packages.sh path/cmake && chmod +x packaging/packages.sh path/cmake]]
equal(program { "sh", "-c", PREPARE, "sh", server.folder, server.bin, root }, 0)

local function read(name)
  local file = assert(io.open(server.folder .. "/" .. name))
  local text = file:read "a"
  file:close()
  return text
end

-- Starts it, stops it when it says that it runs, and gives what it has printed.
local RUN = [[
cd "$1" && rm -rf quickstart.d printed && PATH=$PWD/path:$PATH && export BUSBAR_PORT=0 && shift
./quickstart "$@" >printed 2>&1 & pid=$!
while kill -0 $pid 2>/dev/null && ! grep -qs busbar-sim printed; do sleep 0.1; done
kill -TERM $pid 2>/dev/null; wait $pid]]
local function run(...)
  program { "sh", "-c", RUN, "sh", server.folder, ... }
  return read "printed"
end

local printed = run()
check(printed:find("Only this machine reaches it", 1, true), printed)
check(read "quickstart.d/busbar.lua":find('listen = "127.0.0.1:0"', 1, true))

log "an option lets others in; no such server is started here"
equal(program { "sh", "-c", 'cd "$1/build/quickstart/bin" && rm busbard && ln -s "$(command -v false)" busbard', "sh", server.folder }, 0)
printed = run("--listen", "0.0.0.0")
check(printed:find("busbard did not start", 1, true), printed)
check(read "quickstart.d/busbar.lua":find('listen = "0.0.0.0:0"', 1, true))

log "what it does not know it does not take"
for _, wrong in ipairs { { "--listen" }, { "--listen", "::" }, { "--listen=0.0.0.0" }, { "0.0.0.0" } } do
  local command = { "sh", "-c", 'cd "$1" && shift && ./quickstart "$@" 2>printed', "sh", server.folder, table.unpack(wrong) }
  equal(program(command), 2, table.concat(wrong, " "))
  check(read "printed":find "^quickstart: ", read "printed")
end
