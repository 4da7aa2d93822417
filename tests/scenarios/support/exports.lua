-- Exports of lists that are long enough for something to happen meanwhile.
local M = {}

-- 100,000 tokens of the operator default.
function M.fill()
  server.sql [[insert into tokens (operator_id, id_tag, id_tag_key, status, type, note, stations, created_at, updated_at)
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 100000)
    select 'default', 'LONG-' || i, 'LONG-' || i, 'accepted', 'rfid', 'one of a hundred thousand, so that it takes a while', 'all',
      '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z' from n;]]
end

-- Begins one by this key; answers the rest of it, once `meanwhile` has happened, and whether it was whole.
function M.during(key, meanwhile)
  local socket = tcp()
  socket:send("GET /api/admin/tokens?format=csv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " .. key .. "\r\n\r\n")
  local head = socket:receive("\r\n\r\n", 20)
  check(head and head:find "^HTTP/1.1 200" and head:lower():find "transfer%-encoding: chunked", head)
  meanwhile()
  local parts = {}
  while true do
    local line = socket:receive("\r\n", 30)
    local size = line and tonumber(line:match "^%x+" or "", 16)
    local chunk = size and size > 0 and socket:receive(size + 2, 30)
    if not chunk then
      return table.concat(parts), size == 0
    end
    parts[#parts + 1] = chunk:sub(1, -3)
  end
end

function M.rows(text)
  return select(2, text:gsub("\r\n", ""))
end

return M
