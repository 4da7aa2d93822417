-- HTTP, with TLS or without: the REST side of a story, and files that chargers fetch and send.
local core = require "core"
local net = require "net"
local story = require "story"

local http = { timeout = 30 }

local function read_chunks(socket)
  local parts = {}
  while true do
    local line = socket:receive("\r\n", http.timeout)
    local size = line and tonumber(line:match "^%x+" or "", 16)
    if not size then
      return nil
    end
    local chunk = socket:receive(size + 2, http.timeout)
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
  socket:wait_closed(http.timeout)
  return socket:joined()
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
  return length == 0 and "" or socket:receive(length, http.timeout)
end

local function read_response(socket, method)
  local head, why = socket:receive("\r\n\r\n", http.timeout)
  if not head then
    return nil, socket.closed or why
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

local function has_header(headers, name)
  for other in pairs(headers) do
    if other:lower() == name then
      return true
    end
  end
end

local function request_text(request, url)
  local body, headers = request.body, request.headers or {}
  local lines = { string.format("%s %s HTTP/1.1", request.method, url.path), "Host: " .. url.authority, "Connection: close" }
  if request.key then
    lines[#lines + 1] = "Authorization: Bearer " .. request.key
  end
  if body ~= nil then
    body = type(body) == "string" and body or core.json_encode(body)
    if not has_header(headers, "content-type") then
      lines[#lines + 1] = "Content-Type: application/json"
    end
    lines[#lines + 1] = "Content-Length: " .. #body
  end
  for name, value in pairs(headers) do
    lines[#lines + 1] = name .. ": " .. value
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. (body or "")
end

-- The server's paths, or whole URLs; the API key goes to the server only, unless one is given.
local function address(request)
  local base = net.base and net.parse_url(net.base)
  if not request.path:find "^%w+://" then
    base.path = request.path
    return base, request.key == nil and net.key or request.key
  end
  local url = net.parse_url(request.path)
  url.path = url.path == "" and "/" or url.path
  local own = net.is_own(url)
  return url, request.key == nil and own and net.key or request.key
end

-- The response {status, headers, text, body (decoded JSON), peer (of TLS)}, or nil and the reason. Besides
-- the fields of http{} it takes `tls`, options as net.tls() takes them.
function http.try(request)
  local url, key = address(request)
  local socket, why = net.try_tcp(url.host, url.port, url.tls and net.tls(url.host, request.tls) or nil)
  if not socket then
    return nil, why
  end
  local method = request.method or "GET"
  socket:send(request_text({ method = method, body = request.body, headers = request.headers, key = key }, url))
  local response
  response, why = read_response(socket, method)
  socket:close()
  if response then
    response.peer = socket.peer
  end
  return response, why
end

local function demand(request)
  local response, why = http.try(request)
  if not response then
    story.fail("%s %s: %s", request.method or "GET", request.path, why)
  end
  return response
end

-- http{method=, path=, body=, key=, headers=}: key=false sends none, a string body goes as it is.
setmetatable(http, {
  __call = function(_, request)
    return demand(request)
  end,
})
for _, method in ipairs { "get", "post", "put", "delete" } do
  http[method] = function(path, body, options)
    local request = { method = method:upper(), path = path, body = body }
    for key, value in pairs(options or {}) do
      request[key] = value
    end
    return demand(request)
  end
end

return http
