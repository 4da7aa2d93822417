-- Payloads that break one rule of the table of fields each, with the code and the path that the error must name; and
-- payloads that break none.
local fields = require "fields"

local negatives = {}

local OCCURRENCE, PROPERTY = "OccurenceConstraintViolation", "PropertyConstraintViolation"
local TYPE, FORMATION = "TypeConstraintViolation", "FormationViolation"

local function text_of(value)
  return json.encode(value)
end

-- Deeper than any message is, not deeper than JSON is read.
local nested = ("["):rep(20) .. ("]"):rep(20)

-- JSON texts of each type; `of` are the types of the table that take them.
local values = {
  { "a string", '"7"', of = { string = true } },
  { "an integer", "7", of = { integer = true, number = true } },
  { "a fraction", "7.5", of = { number = true } },
  { "more than 64 bits hold", "9223372036854775808", of = { number = true } },
  { "a truth value", "true", of = { boolean = true } },
  { "null", "null", of = {} },
  { "an object", "{}", of = { object = true } },
  { "an array", "[]", of = { array = true } },
  { "deep arrays", nested, of = { array = true } },
}

-- Strings that a format does not take.
local malformed = {
  ["date-time"] = { "", "noon", "2026-01-01", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z" },
  uri = { "", "no uri", "//host/file", "http:" },
}

local function other_case(word)
  return word:lower() ~= word and word:lower() or word:upper()
end

local function required_of(node)
  local names = {}
  for _, member in ipairs(node.members or {}) do
    if member.required then
      table.insert(names, member.name)
    end
  end
  return names
end

-- What is wrong with one node: what, the JSON text in its place, the code, the member that the path names below it, and how many
-- faults that makes.
local function faults_of(node, is_root)
  local list = {}
  local function add(what, text, code, member, count)
    table.insert(list, { what = what, text = text, code = code, member = member, count = count or 1 })
  end
  for _, v in ipairs(values) do
    if not v.of[node.type] then
      add(v[1], v[2], is_root and FORMATION or TYPE)
    end
  end
  if node.max_length then
    add("too long", text_of(("x"):rep(node.max_length + 1)), PROPERTY)
    add("too long in UTF-8", text_of(("é"):rep(node.max_length + 1)), PROPERTY)
  end
  if node.choices then
    add("an unknown word", '"Nonsense"', PROPERTY)
    add("an empty word", '""', PROPERTY)
    add("a longer word", text_of(node.choices[1] .. "s"), PROPERTY)
    add("a word and a blank", text_of(node.choices[1] .. " "), PROPERTY)
    add("a word in another case", text_of(other_case(node.choices[1])), PROPERTY)
  end
  for _, text in ipairs(malformed[node.format] or {}) do
    add("malformed: " .. text, text_of(text), PROPERTY)
  end
  if node.multiple_of then
    add("too fine", tostring(node.multiple_of * 1.5), PROPERTY)
  end
  if node.min_items then
    add("too few items", "[]", OCCURRENCE)
  end
  local required = required_of(node)
  if #required > 0 then
    add("empty", "{}", OCCURRENCE, required[1], #required)
  end
  return list
end

-- The text of an object, with one more member.
local function with_member(text, name)
  local inner = text:match "^{(.*)}$"
  return ("{%s%s%q:1}"):format(inner, inner == "" and "" or ",", name)
end

local function below(path, name)
  return path == "" and name or path .. "." .. name
end

local function without(value, name)
  local rest = {}
  for key, v in pairs(value) do
    rest[key] = key ~= name and v or nil
  end
  return rest
end

-- Calls `visit(node, path, place)` for every node of a value; place(text) is the whole payload with that JSON text there,
-- or without it.
local function walk(node, value, path, place, visit)
  visit(node, path, place, value)
  if node.type == "object" then
    for _, member in ipairs(node.members) do
      local function put(text)
        local parts = {}
        for _, other in ipairs(node.members) do
          local own = other == member
          local there = own and text or not own and value[other.name] ~= nil and text_of(value[other.name])
          if there then
            table.insert(parts, ("%q:%s"):format(other.name, there))
          end
        end
        return place("{" .. table.concat(parts, ",") .. "}")
      end
      walk(member, value[member.name], below(path, member.name), put, visit)
    end
  elseif node.type == "array" then
    -- The second of two, so that the index is seen to be counted.
    local function put(text)
      return place("[" .. text_of(value[1]) .. (text and "," .. text or "") .. "]")
    end
    walk(node.item, value[1], path .. "[1]", put, visit)
  end
end

local function unplaced(text)
  return text
end

-- All cases of a message, with `base` (or a sample) as the payload that is right: { what, payload, code, path, count
-- (of faults), unknown (a member that nobody knows) }.
function negatives.of(message, base)
  local root = fields.of(message)
  local cases = {}
  local function add(what, payload, code, path, count)
    table.insert(cases, {
      what = ("%s %s: %s"):format(message, path, what),
      payload = payload,
      code = code,
      path = path,
      count = count or 1,
      unknown = what == "unknown",
    })
  end
  local function visit(node, path, place, value)
    for _, f in ipairs(faults_of(node, path == "")) do
      add(f.what, place(f.text), f.code, f.member and below(path, f.member) or path, f.count)
    end
    if node.type == "object" then
      add("unknown", place(with_member(text_of(value), "unheardOf")), OCCURRENCE, below(path, "unheardOf"))
      for _, member in ipairs(node.members) do
        if member.required then
          add("missing", place(text_of(without(value, member.name))), OCCURRENCE, below(path, member.name))
        end
      end
    end
  end
  walk(root, base or fields.sample(root), "", unplaced, visit)
  return cases
end

-- JSON texts that a node takes and that are close to what it does not take.
local function bounds_of(node)
  local list = {}
  if node.max_length then
    list = { text_of(("x"):rep(node.max_length)), text_of(("é"):rep(node.max_length)), '""' }
  elseif node.multiple_of then
    list = { tostring(node.multiple_of), "0.3", "7", "0" }
  elseif node.type == "integer" then
    list = { "0", "9223372036854775807", "7.0" }
  elseif node.format == "date-time" then
    list = { '"2026-02-28T23:59:59+02:00"', '"2026-01-01T00:00:00.123456Z"' }
  elseif node.type == "array" and not node.min_items then
    list = { "[]" }
  end
  for _, choice in ipairs(node.choices or {}) do
    table.insert(list, text_of(choice))
  end
  return list
end

-- What is right, up to the bounds: JSON texts.
function negatives.controls(message)
  local root = fields.of(message)
  local texts = { text_of(fields.sample(root)), text_of(fields.sample(root, true)) }
  walk(root, fields.sample(root), "", unplaced, function(node, path, place)
    for _, text in ipairs(bounds_of(node)) do
      table.insert(texts, place(text))
    end
    if path ~= "" and not path:find "%]$" and not node.required then
      table.insert(texts, place())
    end
  end)
  return texts
end

return negatives
