-- What stories of chargers' deviations share.
local deviations = {}

function deviations.path_of(id)
  return "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=" .. id).body.items[1].id
end

-- Waits for a row of the charger's faults and repairs that has all members of the pattern.
function deviations.counted(id, pattern)
  return eventually(function()
    for _, item in ipairs(http.get(deviations.path_of(id) .. "/violations").body.items) do
      local fits = true
      for key, value in pairs(pattern) do
        fits = fits and item[key] == value
      end
      if fits then
        return item
      end
    end
  end)
end

-- A charger of its own for each deviation, connected and booted.
function deviations.charger(id, options)
  seed.charger(id)
  local made = { id = id, silent = true }
  for key, value in pairs(options or {}) do
    made[key] = value
  end
  local cp = charger(made)
  cp:connect()
  equal(cp:boot().status, "Accepted")
  return cp
end

-- The list is by the numbers of docs/quirks.md; each is { what, story }, or { what, story, long = true } if it is about
-- time that goes by: those are told together.
function deviations.tell(list, first, last)
  local long = {}
  for number = first, last do
    local what, story = table.unpack(list[number] or {})
    if story then
      log("%d: %s", number, what)
      if list[number].long then
        long[#long + 1] = story
      else
        story()
      end
    end
  end
  if #long > 0 then
    parallel(table.unpack(long))
  end
end

return deviations
