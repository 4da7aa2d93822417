-- A server that stands in for somebody else's: a webhook's receiver, a gateway.
local core = require "core"
local net = require "net"

local Server = {}
Server.__index = Server

local PHRASES = { [200] = "OK", [201] = "Created", [204] = "No Content", [302] = "Found", [400] = "Bad Request", [500] = "Internal Server Error" }

local function read_request(socket)
  local head = socket:receive("\r\n\r\n", 3600)
  if not head then
    return nil
  end
  local method, path = head:match "^(%S+) (%S+) HTTP/1%.[01]\r\n"
  local headers = {}
  for name, value in head:gmatch "\r\n([^:\r\n]+):%s*([^\r\n]*)" do
    headers[name:lower()] = value
  end
  local length = tonumber(headers["content-length"] or "0")
  local body = length > 0 and socket:receive(length, 30) or ""
  return { method = method, path = path, headers = headers, body = body, head = head, socket = socket, at = core.now_ms() }
end

local function send_answer(socket, answer)
  local body, headers = answer.body or "", answer.headers or {}
  local status = answer.status or 200
  local lines = { string.format("HTTP/1.1 %d %s", status, PHRASES[status] or "Whatever") }
  if type(body) == "table" then
    body = core.json_encode(body)
    lines[#lines + 1] = "Content-Type: application/json"
  end
  for name, value in pairs(headers) do
    lines[#lines + 1] = name .. ": " .. value
  end
  lines[#lines + 1] = "Content-Length: " .. #body
  socket:send(table.concat(lines, "\r\n") .. "\r\n\r\n" .. body)
end

function Server:serve(socket)
  self.connections = self.connections + 1
  while not socket.closed do
    local request = read_request(socket)
    if not request then
      return
    end
    request.json = request.body:find "^[{%[]" and core.json_decode(request.body) or nil
    self.requests[#self.requests + 1] = request
    local answer = self.answer and self.answer(request)
    if answer == false then
      return socket:close()
    elseif not request.taken then
      send_answer(socket, answer or {})
    else
      return
    end
  end
end

-- The requests whose path is that one; all of them without.
function Server:got(path)
  local found = {}
  for _, request in ipairs(self.requests) do
    if not path or request.path == path then
      found[#found + 1] = request
    end
  end
  return found
end

function Server:close()
  self.listener:close()
end

-- http_server{answer =, port =, tls = {certificate =, key =}}: `answer(request)` returns {status, headers, body}, a table as body
-- being sent as JSON; nil is 200 with nothing; false hangs up; one that sends by request.socket itself sets request.taken. It
-- may wait. The server has `url`, `port`, `requests` in the order of their coming, `connections`, got(path), close().
return function(options)
  options = options or {}
  local server = setmetatable({ requests = {}, connections = 0, answer = options.answer }, Server)
  server.listener = net.listen(options.port or 0, function(socket)
    server:serve(socket)
  end, options.tls)
  server.port = server.listener:port()
  server.url = string.format("%s://127.0.0.1:%d", options.tls and "https" or "http", server.port)
  return server
end
