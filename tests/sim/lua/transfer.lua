-- Files that a charger fetches and sends. A story may take that over with `cp.fetch = function(url)`, which returns
-- the bytes, and `cp.send = function(url, name, bytes)`, which returns whether it went well: for FTP, say.
local core = require "core"
local http = require "http"
local task = require "task"

local transfer = {}

local function as_charger(cp, request)
  request.key = false
  request.tls = { ca = cp:trusted_roots(), insecure = cp.insecure }
  return request
end

local function is_http(url)
  return url:find "^https?://" ~= nil
end

-- The bytes, or nil and why not.
function transfer.fetch(cp, url)
  if cp.fetch then
    return cp.fetch(url)
  elseif not is_http(url) then
    return nil, "only HTTP is spoken"
  end
  local response, why = http.try(as_charger(cp, { path = url }))
  if not response or response.status ~= 200 then
    return nil, response and "HTTP " .. response.status or why
  end
  return response.text
end

local function multipart(name, bytes)
  local boundary = "busbar-" .. core.base64(core.random(9)):gsub("[+/=]", "x")
  local head = string.format(
    '--%s\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\nContent-Type: application/octet-stream\r\n\r\n',
    boundary,
    name
  )
  return head .. bytes .. "\r\n--" .. boundary .. "--\r\n", "multipart/form-data; boundary=" .. boundary
end

-- True, or nil and why not. `how`: "PUT" (the default), "POST" or "multipart".
function transfer.send(cp, url, name, bytes, how)
  if cp.send then
    return cp.send(url, name, bytes)
  elseif not is_http(url) then
    return nil, "only HTTP is spoken"
  end
  local body, kind = bytes, "application/octet-stream"
  if how == "multipart" then
    body, kind = multipart(name, bytes)
  end
  local request = {
    method = (how == nil or how == "PUT") and "PUT" or "POST",
    path = url:sub(-1) == "/" and url .. name or url,
    headers = { ["Content-Type"] = kind },
    body = body,
  }
  local response, why = http.try(as_charger(cp, request))
  if not response or response.status >= 300 then
    return nil, response and "HTTP " .. response.status or why
  end
  return true
end

-- Calls try(n) for n = 1, 2, ... until it returns something true, at most `retries` times after the first.
-- What it returned, or nil and the last reason; nil and "cancelled" once job.cancelled is set.
function transfer.attempt(job, try)
  local why
  for n = 1, 1 + (job.retries or 0) do
    if n > 1 then
      task.sleep(job.interval or 1)
    end
    if job.cancelled then
      return nil, "cancelled"
    end
    local result
    result, why = try(n)
    if result then
      return result
    end
  end
  return nil, why
end

local function seconds_to(cp, text)
  return text and (core.parse_time(text) - cp:clock_ms()) / 1000 or 0
end

-- Sleeps until the charger's clock shows `text`; before that, if there is time to wait, calls `tell`.
function transfer.wait_until(cp, text, tell)
  local left = seconds_to(cp, text)
  if left > 0 then
    if tell then
      tell()
    end
    task.sleep(math.max(seconds_to(cp, text), 0))
  end
end

-- Begins a job of the kind in place of the one that runs; true if there was one.
function transfer.begin(cp, kind, job, run)
  local old = cp.jobs[kind]
  local busy = old ~= nil and not old.ended
  if busy then
    old.cancelled = true
  end
  cp.jobs[kind] = job
  return busy, function()
    run(cp, job)
    job.ended = true
  end
end

-- The status that a trigger asks for.
function transfer.status(cp, kind)
  local job = cp.jobs[kind]
  return job and not job.ended and job.status or "Idle", job
end

return transfer
