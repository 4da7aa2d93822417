-- Operators' scripts, as stories push them.
local scripts = {}

-- { name = source } as a body has it.
function scripts.files(sources)
  local list = {}
  for name, source in pairs(sources) do list[#list + 1] = { name = name, source = source } end
  table.sort(list, function(a, b) return a.name < b.name end)
  return list
end

-- The set that it has become.
function scripts.push(sources, fields, status)
  local body = { scripts = scripts.files(sources) }
  for name, value in pairs(fields or {}) do body[name] = value end
  local response = http.post("/api/admin/scripts", body)
  equal(response.status, status or 201, response.text)
  return response.body
end

-- The failures of a hook that have been counted, until there are `count`.
function scripts.failed(hook, count, operator_id)
  local path = "/api/admin/scripts/failures?hook=" .. hook .. (operator_id and "&operator_id=" .. operator_id or "")
  return eventually(function()
    local item = http.get(path).body.items[1]
    return item and item.count >= count and item
  end)
end

return scripts
