-- Bare TCP, with TLS or without, and WebSocket frames by hand.
local core = require "core"
local story = require "story"
local task = require "task"

local net = { base = nil, key = nil }

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

-- Whether the URL is of the server that the story is told to: of net.base, or of its TLS listener, net.tls_base.
function net.is_own(url)
  for _, base in pairs { net.base, net.tls_base } do
    if net.parse_url(base).authority == url.authority then
      return true
    end
  end
  return false
end

-- Percent-encodes what a URL does not take as it is.
function net.escape(text)
  return (text:gsub("[^%w%-%._~]", function(c)
    return string.format("%%%02X", c:byte())
  end))
end

local Socket = {}
Socket.__index = Socket

-- How to speak TLS to the host by the options ca, certificate, key (PEM or files), tls_version,
-- ciphers and insecure; what busbar-sim was called with is the default.
function net.tls(host, options)
  options = options or {}
  local tls, why = core.tls {
    host = host,
    ca = options.ca or core.args.ca,
    insecure = options.insecure == nil and not options.ca and core.args.insecure or options.insecure,
    certificate = options.certificate,
    key = options.key,
    version = options.tls_version,
    ciphers = options.ciphers,
  }
  return tls or story.fail("%s", why)
end

local function new_socket()
  local socket = setmetatable({ parts = {}, size = 0, changed = task.condition() }, Socket)
  return socket, function(event, detail)
    if event == "open" then
      socket.open, socket.peer = true, socket.handle:peer()
    elseif event == "data" then
      socket.parts[#socket.parts + 1] = detail
      socket.size = socket.size + #detail
    else
      socket.closed = detail
    end
    socket.changed:notify()
  end
end

-- A connected socket, or nil and the reason. `tls`: what net.tls() made, or nil.
function net.try_tcp(host, port, tls)
  local socket, on_event = new_socket()
  socket.handle = core.tcp(host, port, on_event, tls)
  socket.changed:wait_for(function()
    return socket.open or socket.closed
  end, 10)
  if not socket.open then
    return nil, socket.closed or "timeout"
  end
  return socket
end

-- tcp(host, port, tls); without arguments, the server's. `tls`: a table of options as net.tls() takes.
function net.tcp(host, port, tls)
  local url = net.parse_url(net.base)
  local socket, why = net.try_tcp(host or url.host, port or url.port, tls and net.tls(host or url.host, tls))
  if not socket then
    story.fail("%s:%s: %s", host or url.host, port or url.port, why)
  end
  return socket
end

-- Runs fn(socket) as a task for each connection to a port (0: a free one) of 127.0.0.1. `tls`: certificate and key, as net.tls()
-- takes them. The listener: port(), close().
function net.listen(port, fn, tls)
  local context, why
  if tls then
    context, why = core.tls { server = true, certificate = tls.certificate, key = tls.key, version = tls.tls_version }
    context = context or story.fail("%s", why)
  end
  return core.listen(port, function(handle)
    local socket, on_event = new_socket()
    socket.handle = handle
    handle:on(on_event)
    task.spawn(fn, socket)
  end, context)
end

function Socket:send(bytes)
  return self.handle:send(bytes)
end

-- Everything that has come and was not taken.
function Socket:joined()
  if #self.parts > 1 then
    self.parts = { table.concat(self.parts) }
  end
  return self.parts[1] or ""
end

-- What has come by now, at least one byte; nil and "closed" or "timeout". With a count, exactly so
-- many bytes; with a pattern, up to and including its first match.
function Socket:receive(wanted, timeout)
  local count = type(wanted) == "number" and wanted
  local last
  local function ready()
    if count then
      last = self.size >= count and count
    elseif wanted then
      last = select(2, self:joined():find(wanted))
    else
      last = self.size > 0 and self.size
    end
    return last or self.closed
  end
  self.changed:wait_for(ready, timeout or 10)
  if not last then
    return nil, self.closed and "closed" or "timeout"
  end
  local data = self:joined()
  self.parts, self.size = { data:sub(last + 1) }, #data - last
  return data:sub(1, last)
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

return net
