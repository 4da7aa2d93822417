-- Payloads that break one rule of the table of fields each, with the code and the path that the error must name.
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

-- What is wrong with one node: what, the JSON text in its place, the code, and the member that the path names below it.
local function faults_of(node, is_root)
  local list = {}
  local function add(what, text, code, member)
    table.insert(list, { what = what, text = text, code = code, member = member })
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
  for _, member in ipairs(node.members or {}) do
    if member.required then
      add("empty", "{}", OCCURRENCE, member.name)
      break
    end
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

-- All cases of a message, with `base` (or a sample) as the payload that is right: { what, payload, code, path, unknown (a
-- member that nobody knows) }.
function negatives.of(message, base)
  local root = fields.of(message)
  local cases = {}
  local function add(what, payload, code, path)
    table.insert(cases, {
      what = ("%s %s: %s"):format(message, path, what), payload = payload, code = code, path = path, unknown = what == "unknown",
    })
  end
  local function visit(node, path, place, value)
    for _, f in ipairs(faults_of(node, path == "")) do
      add(f.what, place(f.text), f.code, f.member and below(path, f.member) or path)
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
  walk(root, base or fields.sample(root), "", function(text)
    return text
  end, visit)
  return cases
end

return negatives
