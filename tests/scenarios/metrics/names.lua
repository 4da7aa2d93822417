-- What is served is what Prometheus takes, what docs/metrics.md lists, and all that dashboard and alerts ask for.
local figures = require "figures"

local function read(path)
  local file = assert(io.open(path), path)
  return file:read "a"
end

local text = figures.get()
local list, types = figures.parse(text)

log "promtool finds nothing to say"
local file = server.write_file("metrics.txt", text)
equal(program { "sh", "-c", "promtool check metrics < " .. file .. " > " .. file .. ".said 2>&1" }, 0, "see " .. file .. ".said")
equal(read(file .. ".said"), "")

log "every figure has a type, and is told once"
local seen = {}
for _, figure in ipairs(list) do
  check(types[figure.name] or types[figure.name:gsub("_bucket$", ""):gsub("_sum$", ""):gsub("_count$", "")], figure.name)
  check(figure.name:find "^busbar_" or figure.name:find "^process_", figure.name)
end
for line in text:gmatch "[^\n]+" do
  local key = line:match "^(.-) [^ ]+$"
  check(not seen[key], "twice: " .. line)
  seen[key] = true
end

log "histograms add up"
local count = 0
for name, type in pairs(types) do
  if type == "histogram" then
    count = count + 1
    local all, infinite = figures.sum(name .. "_count", {}, list), figures.sum(name .. "_bucket", { le = "+Inf" }, list)
    equal(infinite, all, name)
  end
end
check(count >= 6)

local function check_names(path)
  local asked, found = read(figures.root .. "/" .. path), 0
  for name in asked:gmatch "[%a][%w_]*" do
    if name:find "^busbar_%l" or name:find "^process_%l" then
      local metric = name
      if not types[metric] then
        metric = metric:gsub("_bucket$", ""):gsub("_sum$", ""):gsub("_count$", "")
      end
      check(types[metric], path .. " asks for " .. name .. ", which nobody serves")
      check(metric == name or types[metric] == "histogram", name)
      found = found + 1
    end
  end
  check(found > 10, path .. " was read")
end
check_names "packaging/grafana/busbar.json"
check_names "packaging/prometheus/busbar.rules.yml"
check_names "packaging/prometheus/busbar.rules.test.yml"

log "each alert has a test, each panel's question is one"
local tests = read(figures.root .. "/packaging/prometheus/busbar.rules.test.yml")
for alert in read(figures.root .. "/packaging/prometheus/busbar.rules.yml"):gmatch "alert: (%w+)" do
  check(tests:find('alertname="' .. alert .. '"', 1, true), alert .. " has no test")
end
local asked = { "groups:", "- name: panels", "  rules:" }
local function collect(value)
  if type(value) ~= "table" then
    return
  end
  if value.expr then
    local expr = value.expr:gsub("%$__rate_interval", "5m"):gsub("%$instance", ".+")
    asked[#asked + 1] = ("  - {record: 'panel:%d', expr: %s}"):format(#asked, json.encode(expr))
  end
  for _, inner in pairs(value) do
    collect(inner)
  end
end
collect(json.decode(read(figures.root .. "/packaging/grafana/busbar.json")))
check(#asked > 60)
local panels = server.write_file("panels.yml", table.concat(asked, "\n") .. "\n")
equal(program { "promtool", "check", "rules", panels, stdout = panels .. ".said", stderr = panels .. ".said" }, 0, "see " .. panels .. ".said")

log "the docs list all of them and nothing else, each with its type"
local documented = {}
for name, type in read(figures.root .. "/docs/metrics.md"):gmatch "\n| `([%w_]+)` | (%l+) |" do
  documented[name] = type
end
for name, type in pairs(types) do
  equal(documented[name], type, name .. " in docs/metrics.md")
end
for name in pairs(documented) do
  check(types[name], "docs/metrics.md lists " .. name .. ", which is not served")
end
