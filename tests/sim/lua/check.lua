-- What a story demands. A demand that is not met ends the story with its file and line.
local core = require "core"
local story = require "story"

local check = {}

-- A value as text, tables as JSON with their keys in order, so that messages can be compared.
function check.show(value)
  if value == core.null then
    return "null"
  end
  if type(value) == "string" then
    return string.format("%q", value)
  end
  if type(value) ~= "table" then
    return tostring(value)
  end
  local parts = {}
  if #value > 0 then
    for _, item in ipairs(value) do
      parts[#parts + 1] = check.show(item)
    end
    return "[" .. table.concat(parts, ", ") .. "]"
  end
  local keys = {}
  for key in pairs(value) do
    keys[#keys + 1] = tostring(key)
  end
  table.sort(keys)
  for _, key in ipairs(keys) do
    parts[#parts + 1] = key .. ": " .. check.show(value[key])
  end
  return "{" .. table.concat(parts, ", ") .. "}"
end

-- check(condition, message): returns the condition.
function check.check(condition, message)
  if not condition then
    story.fail("%s", message or "the check does not hold")
  end
  return condition
end

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then
    return a == b
  end
  for key, value in pairs(a) do
    if not same(value, b[key]) then
      return false
    end
  end
  for key in pairs(b) do
    if a[key] == nil then
      return false
    end
  end
  return true
end

-- equal(actual, expected, message)
function check.equal(actual, expected, message)
  if not same(actual, expected) then
    story.fail("%s%s, expected %s", message and message .. ": " or "", check.show(actual), check.show(expected))
  end
  return actual
end

-- The first place where `value` does not match `pattern`, or nil. A pattern's tables match what has
-- at least their members; a function is asked; everything else must be equal.
function check.mismatch(value, pattern, path)
  path = path or ""
  if type(pattern) == "function" then
    if not pattern(value) then
      return string.format("%s is %s, which its function refuses", path, check.show(value))
    end
  elseif type(pattern) == "table" then
    if type(value) ~= "table" then
      return string.format("%s is %s, expected %s", path, check.show(value), check.show(pattern))
    end
    for key, wanted in pairs(pattern) do
      local where = type(key) == "number" and path .. "[" .. key .. "]" or path .. "." .. key
      local fault = check.mismatch(value[key], wanted, where)
      if fault then
        return fault
      end
    end
  elseif value ~= pattern then
    return string.format("%s is %s, expected %s", path, check.show(value), check.show(pattern))
  end
end

-- matches(value, pattern, message): `pattern` names only what must be there.
function check.matches(value, pattern, message)
  local fault = check.mismatch(value, pattern, "it")
  if fault then
    story.fail("%s%s; it is %s", message and message .. ": " or "", fault, check.show(value))
  end
  return value
end

-- fails(function, pattern): the function must raise an error whose text matches; returns it.
function check.fails(fn, pattern)
  local ok, err = pcall(fn)
  if ok then
    story.fail("it was expected to fail")
  end
  if pattern and not tostring(err):find(pattern) then
    story.fail("it failed with %q, expected %q", tostring(err), pattern)
  end
  return err
end

return check
