-- What GET /metrics tells, read.
local figures = {}

-- The folder of all sources.
figures.root = debug.getinfo(1, "S").source:match "^@(.*)/tests/scenarios/"

local function labels_of(text)
  local labels = {}
  for name, value in text:gmatch '([%w_]+)="(.-)"' do
    labels[name] = value
  end
  return labels
end

-- A list of { name, labels, value }; and the types by name of metric.
function figures.parse(text)
  local list, types = {}, {}
  for line in text:gmatch "[^\n]+" do
    local metric, type = line:match "^# TYPE (%S+) (%S+)$"
    local name, labels, value = line:match "^([%w_:]+)(%b{}) (%S+)$"
    if not name then
      name, value = line:match "^([%w_:]+) (%S+)$"
    end
    if metric then
      types[metric] = type
    elseif name then
      list[#list + 1] = { name = name, labels = labels_of(labels or ""), value = tonumber(value) }
    else
      check(line:find "^# HELP %S+ %S", "a line that says nothing: " .. line)
    end
  end
  return list, types
end

function figures.get(options)
  local answer = http.get("/metrics", nil, options)
  equal(answer.status, 200, answer.text)
  equal(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8")
  return answer.text
end

local function fits(labels, wanted)
  for name, value in pairs(wanted) do
    if labels[name] ~= value then
      return false
    end
  end
  return true
end

-- The sum of all series of that name with these labels, and how many there are; of what was told before, if that is given.
function figures.sum(name, wanted, list)
  local sum, count = 0, 0
  for _, figure in ipairs(list or figures.parse(figures.get())) do
    if figure.name == name and fits(figure.labels, wanted or {}) then
      sum, count = sum + figure.value, count + 1
    end
  end
  return sum, count
end

-- Until the sum is so much, or the function says so.
function figures.becomes(name, wanted, value, seconds)
  local last
  local ok = eventually(function()
    last = figures.sum(name, wanted)
    return type(value) == "function" and value(last) or last == value
  end, seconds or 20)
  check(ok, name .. " is " .. tostring(last))
end

-- The same of the values of one label.
function figures.values(name, label, list)
  local values = {}
  for _, figure in ipairs(list or figures.parse(figures.get())) do
    if figure.name == name then
      values[figure.labels[label]] = true
    end
  end
  return values
end

return figures
