-- Server-sent events of the story's server.
local core, net, story = require "core", require "net", require "story"
local sse = {}

local Stream = {}
Stream.__index = Stream

-- sse.try(path, {key, headers, base}): a stream, or nil and {status, head, text}. `base`: another server's.
function sse.try(path, options)
  options = options or {}
  local url = net.parse_url(options.base or net.base)
  local socket = net.tcp(url.host, url.port)
  local lines = { "GET " .. path .. " HTTP/1.1", "Host: " .. url.authority, "Accept: text/event-stream" }
  if options.key ~= false then
    lines[#lines + 1] = "Authorization: Bearer " .. (options.key or net.key)
  end
  for name, value in pairs(options.headers or {}) do
    lines[#lines + 1] = name .. ": " .. value
  end
  socket:send(table.concat(lines, "\r\n") .. "\r\n\r\n")
  local head = socket:receive("\r\n\r\n", 30) or story.fail("%s: no answer", path)
  local status = tonumber(head:match "^HTTP/1%.1 (%d+)")
  if status ~= 200 then
    local length = tonumber(head:lower():match "content%-length: (%d+)") or 0
    local text = length > 0 and socket:receive(length, 30) or ""
    socket:close()
    return nil, { status = status, head = head, text = text }
  end
  return setmetatable({ socket = socket, head = head, text = "", path = path }, Stream)
end

-- The status that a path without a stream is answered with.
function sse.refused(path, options)
  local stream, refusal = sse.try(path, options)
  return stream and story.fail("%s: is a stream", path) or refusal.status
end

function sse.open(path, options)
  local stream, refusal = sse.try(path, options)
  return stream or story.fail("%s: HTTP %d, %s", path, refusal.status, refusal.text)
end

-- One more chunk into `text`; nil at the end, or when nothing comes.
function Stream:pull(seconds)
  local line = self.socket:receive("\r\n", seconds)
  local size = line and tonumber(line:match "^%x+", 16)
  if not size then
    self.cut = self.socket.closed ~= nil
    return nil
  end
  local chunk = self.socket:receive(size + 2, 30)
  if not chunk then
    self.cut = true
    return nil
  end
  if size == 0 then
    self.ended = true
    return nil
  end
  self.text = self.text .. chunk:sub(1, -3)
  return true
end

-- The next event {id, mark, event, data}, its id as a number and as it is written, comments and the like left out; nil: none within the time.
function Stream:next(seconds)
  local deadline = core.mono_us() + (seconds or 30) * 1e6
  while true do
    local block, rest = self.text:match "^(.-)\n\n(.*)$"
    if block then
      self.text = rest
      local data = block:match "\ndata: ([^\n]*)" or block:match "^data: ([^\n]*)"
      if data then
        return {
          id = tonumber(block:match "^id: (%d+)"),
          mark = block:match "^id: ([^\n]*)",
          event = block:match "event: ([^\n]*)",
          data = core.json_decode(data),
        }
      end
      self.retry = tonumber(block:match "retry: (%d+)") or self.retry
      self.comments = (self.comments or 0) + (block:match "^:" and 1 or 0)
    elseif self.ended or self.cut or not self:pull(math.max(0, (deadline - core.mono_us()) / 1e6)) then
      return nil
    end
  end
end

-- The next one that fn(event) is true of; those before it go to `self.passed`.
function Stream:find(fn, seconds)
  while true do
    local event = self:next(seconds)
    if not event then
      story.fail("%s: the event has not come%s", self.path, self.ended and ", the stream has ended" or self.cut and ", the line was cut" or "")
    end
    if fn(event) then
      return event
    end
  end
end

-- The next one of a name: transaction.started, or that of the stream itself.
function Stream:expect(name, seconds)
  return self:find(function(e)
    return e.event == name or e.data.event == name
  end, seconds)
end

-- Waits for its end: "ended" in order, or "cut".
function Stream:finish(seconds)
  while self:next(seconds or 30) do
  end
  return self.ended and "ended" or self.cut and "cut" or "open"
end

function Stream:close()
  self.socket:close()
end

return sse
