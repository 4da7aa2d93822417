-- The table that the file of a story hands to settings{...}, without running anything else of it; nil if it has none,
-- or is not there.
local function exists(path)
  local file = io.open(path)
  return file and file:close()
end

return function(path)
  if not exists(path) then
    return nil
  end
  local found
  local stopped = {}
  local function stop()
    error(stopped, 0)
  end
  local only_settings = setmetatable({
    settings = function(t)
      found = t
      stop()
    end,
  }, { __index = stop })
  local chunk, err = loadfile(path, "t", only_settings)
  if not chunk then
    error(err, 0)
  end
  local ok, thrown = pcall(chunk)
  if not ok and thrown ~= stopped then
    error(thrown, 0)
  end
  return found
end
