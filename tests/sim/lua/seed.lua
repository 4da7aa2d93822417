-- What a story needs to be there before it begins, made over REST. What exists already is kept.
local check = require "check"
local http = require "http"
local net = require "net"
local story = require "story"
local task = require "task"

local seed = {}

local function post(path, body, what)
  local response = http.post(path, body)
  while response.status == 429 do
    task.sleep(tonumber(response.headers["retry-after"]) or 1)
    response = http.post(path, body)
  end
  if response.status ~= 201 and response.status ~= 200 and response.status ~= 409 then
    story.fail("cannot make %s: HTTP %d, %s", what, response.status, response.text)
  end
  return response.status ~= 409 and response.body or nil
end

-- seed.charger{charge_point_id=, ...}, or seed.charger "CP1"
function seed.charger(fields)
  if type(fields) == "string" then
    fields = { charge_point_id = fields }
  end
  local id = fields.charge_point_id
  return post("/api/admin/chargers", fields, "charger " .. check.show(id))
    or http.get("/api/admin/chargers?charge_point_id=" .. net.escape(id)).body.items[1]
end

-- seed.token{id_tag=, ...}, or seed.token "TAG"
function seed.token(fields)
  if type(fields) == "string" then
    fields = { id_tag = fields }
  end
  return post("/api/admin/tokens", fields, "token " .. check.show(fields.id_tag))
    or http.get("/api/admin/tokens/" .. net.escape(fields.id_tag)).body
end

-- seed.tariff{name=, ...}
function seed.tariff(fields)
  return post("/api/admin/tariffs", fields, "tariff " .. check.show(fields.name))
    or http.get("/api/admin/tariffs?name=" .. net.escape(fields.name)).body.items[1]
end

return seed
