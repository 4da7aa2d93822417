-- All items of a list, page by page; the path has a query already.
local pages = {}

function pages.all(path)
  local items, cursor = {}, nil
  repeat
    local answer = http.get(path .. (cursor and "&cursor=" .. escape(cursor) or ""))
    equal(answer.status, 200, answer.text)
    table.move(answer.body.items, 1, #answer.body.items, #items + 1, items)
    cursor = answer.body.next_cursor
  until cursor == json.null
  return items
end

return pages
