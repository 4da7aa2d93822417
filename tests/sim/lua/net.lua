-- Bare TCP, WebSocket frames by hand, and HTTP for the REST side of a story.
local core = require "core"
local story = require "story"
local task = require "task"

local net = { base = nil, key = nil, http_timeout = 30 }

-- "ws://host:port/path" or "http://..." in its parts.
function net.parse_url(url)
  local scheme, authority, path = url:match "^(%w+)://([^/]+)(.*)$"
  if not scheme then
    story.fail("not a URL: %s", url)
  end
  local tls = scheme == "wss" or scheme == "https"
  local host, port = authority:match "^%[?([^%]]-)%]?:(%d+)$"
  return {
    tls = tls,
    host = host or authority,
    port = tonumber(port) or (tls and 443 or 80),
    authority = authority,
    path = path,
  }
end

-- Percent-encodes what a URL does not take as it is.
function net.escape(text)
  return (text:gsub("[^%w%-%._~]", function(c)
    return string.format("%%%02X", c:byte())
  end))
end

local Socket = {}
Socket.__index = Socket

-- A connected socket, or nil and the reason.
function net.try_tcp(host, port)
  local socket = setmetatable({ data = "", changed = task.condition() }, Socket)
  socket.handle = core.tcp(host, port, function(event, detail)
    if event == "open" then
      socket.open = true
    elseif event == "data" then
      socket.data = socket.data .. detail
    else
      socket.closed = detail
    end
    socket.changed:notify()
  end)
  socket.changed:wait_for(function()
    return socket.open or socket.closed
  end, 10)
  if not socket.open then
    return nil, socket.closed or "timeout"
  end
  return socket
end

-- tcp(host, port); without arguments, the server's.
function net.tcp(host, port)
  local url = net.parse_url(net.base)
  local socket, why = net.try_tcp(host or url.host, port or url.port)
  if not socket then
    story.fail("%s:%s: %s", host or url.host, port or url.port, why)
  end
  return socket
end

function Socket:send(bytes)
  return self.handle:send(bytes)
end

-- What has come by now, at least one byte; nil and "closed" or "timeout". With a count, exactly so
-- many bytes; with a pattern, up to and including its first match.
function Socket:receive(wanted, timeout)
  local count = type(wanted) == "number" and wanted
  local last
  local function ready()
    if count then
      last = #self.data >= count and count
    elseif wanted then
      last = select(2, self.data:find(wanted))
    else
      last = #self.data > 0 and #self.data
    end
    return last or self.closed
  end
  self.changed:wait_for(ready, timeout or 10)
  if not last then
    return nil, self.closed and "closed" or "timeout"
  end
  local bytes = self.data:sub(1, last)
  self.data = self.data:sub(last + 1)
  return bytes
end

-- Waits until the other side closes; false after `timeout`.
function Socket:wait_closed(timeout)
  return self.changed:wait_for(function()
    return self.closed
  end, timeout or 10)
end

function Socket:close()
  self.handle:close()
end

function Socket:reset()
  self.handle:reset()
end

-- A WebSocket frame as a client sends it. options: fin (true), rsv (0), mask (true).
function net.ws_frame(opcode, payload, options)
  options = options or {}
  local first = (options.fin == false and 0 or 0x80) | ((options.rsv or 0) << 4) | opcode
  local masked = options.mask ~= false
  local bit, len = masked and 0x80 or 0, options.length or #payload
  local head
  if len < 126 then
    head = string.pack(">BB", first, bit | len)
  elseif len < 65536 then
    head = string.pack(">BBI2", first, bit | 126, len)
  else
    head = string.pack(">BBI8", first, bit | 127, len)
  end
  -- A mask of zeroes is a mask, and leaves the payload readable.
  return head .. (masked and "\0\0\0\0" or "") .. payload
end

-- The lines of a WebSocket handshake. options: version, key, subprotocol, headers (lines), method.
function net.ws_handshake(path, options)
  options = options or {}
  local lines = {
    string.format("%s %s HTTP/1.1", options.method or "GET", path),
    "Host: " .. net.parse_url(net.base).authority,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: " .. (options.key or core.base64(core.random(16))),
    "Sec-WebSocket-Version: " .. (options.version or "13"),
  }
  if options.subprotocol then
    lines[#lines + 1] = "Sec-WebSocket-Protocol: " .. options.subprotocol
  end
  for _, line in ipairs(options.headers or {}) do
    lines[#lines + 1] = line
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

local function read_chunks(socket)
  local parts = {}
  while true do
    local line = socket:receive("\r\n", net.http_timeout)
    local size = line and tonumber(line:match "^%x+" or "", 16)
    if not size then
      return nil
    end
    local chunk = socket:receive(size + 2, net.http_timeout)
    if not chunk then
      return nil
    end
    if size == 0 then
      return table.concat(parts)
    end
    parts[#parts + 1] = chunk:sub(1, -3)
  end
end

local function read_rest(socket)
  socket:wait_closed(net.http_timeout)
  return socket.data
end

local function read_body(socket, method, status, headers)
  if method == "HEAD" or status == 204 or status == 304 then
    return ""
  end
  if (headers["transfer-encoding"] or ""):find "chunked" then
    return read_chunks(socket)
  end
  local length = tonumber(headers["content-length"])
  if not length then
    return read_rest(socket)
  end
  return length == 0 and "" or socket:receive(length, net.http_timeout)
end

local function read_response(socket, method)
  local head, why = socket:receive("\r\n\r\n", net.http_timeout)
  if not head then
    return nil, why
  end
  local status = tonumber(head:match "^HTTP/1%.[01] (%d%d%d)")
  local headers = {}
  for name, value in head:gmatch "\r\n([^:\r\n]+):%s*([^\r\n]*)" do
    headers[name:lower()] = value
  end
  local text = read_body(socket, method, status, headers)
  if not text then
    return nil, "the body ended early"
  end
  local response = { status = status, headers = headers, text = text }
  if (headers["content-type"] or ""):find "json" then
    response.body = core.json_decode(text)
  end
  return response
end

local function request_text(request, url)
  local body = request.body
  local lines = { string.format("%s %s HTTP/1.1", request.method, url.path), "Host: " .. url.authority, "Connection: close" }
  local key = request.key == nil and net.key or request.key
  if key then
    lines[#lines + 1] = "Authorization: Bearer " .. key
  end
  if body ~= nil then
    body = type(body) == "string" and body or core.json_encode(body)
    lines[#lines + 1] = "Content-Type: application/json"
    lines[#lines + 1] = "Content-Length: " .. #body
  end
  for name, value in pairs(request.headers or {}) do
    lines[#lines + 1] = name .. ": " .. value
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. (body or "")
end

-- The response {status, headers, text, body (decoded JSON)}, or nil and the reason.
function net.try_http(request)
  local url = net.parse_url(net.base)
  url.path = request.path
  if url.tls then
    story.fail("https is not spoken here; use http")
  end
  local socket, why = net.try_tcp(url.host, url.port)
  if not socket then
    return nil, why
  end
  request.method = request.method or "GET"
  socket:send(request_text(request, url))
  local response
  response, why = read_response(socket, request.method)
  socket:close()
  return response, why
end

local function demand(request)
  local response, why = net.try_http(request)
  if not response then
    story.fail("%s %s: %s", request.method, request.path, why)
  end
  return response
end

-- http{method=, path=, body=, key=, headers=}: key=false sends none, a string body goes as it is.
net.http = setmetatable({}, {
  __call = function(_, request)
    return demand(request)
  end,
})
for _, method in ipairs { "get", "post", "put", "delete" } do
  net.http[method] = function(path, body, options)
    local request = { method = method:upper(), path = path, body = body }
    for key, value in pairs(options or {}) do
      request[key] = value
    end
    return demand(request)
  end
end

return net
