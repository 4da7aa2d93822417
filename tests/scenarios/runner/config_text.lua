-- A table of sections as the text of a configuration file.
local function value_text(value)
  if type(value) == "string" then
    return string.format("%q", value)
  elseif type(value) ~= "table" then
    return tostring(value)
  end
  local parts = {}
  for _, item in ipairs(value) do
    parts[#parts + 1] = value_text(item)
  end
  for key, item in pairs(value) do
    if type(key) == "string" then
      parts[#parts + 1] = string.format("%s = %s", key, value_text(item))
    end
  end
  return "{ " .. table.concat(parts, ", ") .. " }"
end

return function(config)
  local lines = {}
  for section, value in pairs(config) do
    lines[#lines + 1] = string.format("%s = %s", section, value_text(value))
  end
  table.sort(lines)
  return table.concat(lines, "\n") .. "\n"
end
