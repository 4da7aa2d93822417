-- Coroutines over the loop's callbacks: a task looks as if it blocked, others run meanwhile.
local core = require "core"

local task = { on_error = nil }

local function resume(co, ...)
  local ok, err = coroutine.resume(co, ...)
  if not ok then
    task.on_error(err, co)
  end
end

-- Runs fn(...) as a task of its own, up to its first wait.
function task.spawn(fn, ...)
  resume(coroutine.create(fn), ...)
end

-- Something to wait for; every waiter wakes at once when it is notified.
local Condition = {}
Condition.__index = Condition

function task.condition()
  return setmetatable({ waiters = {} }, Condition)
end

-- True when notified, false after `seconds` (nil: never).
function Condition:wait(seconds)
  local co, timer = coroutine.running()
  local waiters = self.waiters
  waiters[#waiters + 1] = co
  if seconds then
    timer = core.timer(math.max(seconds, 0), function()
      for i, other in ipairs(self.waiters) do
        if other == co then
          table.remove(self.waiters, i)
          return resume(co, false)
        end
      end
    end)
  end
  local notified = coroutine.yield()
  if timer then
    timer:cancel()
  end
  return notified
end

function Condition:notify()
  local waiters = self.waiters
  self.waiters = {}
  for _, co in ipairs(waiters) do
    core.timer(0, function()
      resume(co, true)
    end)
  end
end

-- Waits until `ready()` is true, looked at whenever it is notified; false after `seconds`.
function Condition:wait_for(ready, seconds)
  local deadline = core.mono_us() + seconds * 1e6
  while not ready() do
    local left = (deadline - core.mono_us()) / 1e6
    if left <= 0 or not self:wait(left) then
      return ready()
    end
  end
  return true
end

function task.sleep(seconds)
  task.condition():wait(seconds)
end

-- Runs the functions side by side, returns when all have ended.
function task.parallel(...)
  local left, done = select("#", ...), task.condition()
  for _, fn in ipairs { ... } do
    task.spawn(function()
      fn()
      left = left - 1
      if left == 0 then
        done:notify()
      end
    end)
  end
  while left > 0 do
    done:wait()
  end
end

return task
