-- A charger whose messages let a script send a request: ask{url =, ...} gives what the script was answered, as text.
local SCRIPT = [[
local function wanted(text)
  local r = { headers = {} }
  for key, value in text:gmatch "(%w+)=([^\n]*)\n" do
    if key == "header" then
      local name, rest = value:match "^([^:]*):(.*)$"
      r.headers[name] = rest:gsub("\\n", "\n")
    elseif key == "json" then
      r.body = { value = value, list = { 1, 2 } }
    elseif key == "timeout" then
      r.timeout_s = tonumber(value)
    else
      r[key] = value
    end
  end
  return r
end

function data_transfer(question)
  local ok, answer = pcall(busbar.transfer.http, wanted(question.data))
  local text
  if not ok then
    text = "refused: " .. answer
  elseif answer.error then
    text = "error: " .. answer.error
  elseif answer.json then
    text = "json: " .. answer.json.word
  else
    text = answer.status .. " " .. answer.headers["content-length"] .. " " .. answer.body
  end
  return { status = "Accepted", data = text }
end
]]

return function(name)
  server.reload { scripts = { { hook = "data_transfer", file = server.write_file("asks_out.lua", SCRIPT) } } }
  seed.charger(name)
  local cp = charger { id = name }
  cp:connect()
  cp:boot()
  return function(request)
    local lines = {}
    for key, value in pairs(request) do
      lines[#lines + 1] = key .. "=" .. value .. "\n"
    end
    local answer = cp:demand("DataTransfer", { vendorId = "v", data = table.concat(lines) })
    equal(answer.status, "Accepted")
    return answer.data
  end
end
