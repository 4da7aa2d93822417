-- The worked tariffs of docs/tariff-guide.md: an array of { title, tariff, session, printed }.
local path = debug.getinfo(1, "S").source:match "^@(.*)/tests/scenarios/" .. "/docs/tariff-guide.md"

-- The indented blocks of a text, without their indentation; they are parted by lines without any.
local function blocks(text)
  local found, block = {}, nil
  for line in (text .. "\n"):gmatch "([^\n]*)\n" do
    local code = line:match "^    (.*)$"
    if code then
      block = (block or "") .. code .. "\n"
    elseif block then
      found[#found + 1] = block
      block = nil
    end
  end
  return found
end

local file = assert(io.open(path))
local text = file:read "a"
file:close()
local worked = {}
for section in (text:gsub("\n### ", "\0") .. "\0"):gmatch "[^\0]+" do
  local title = section:match "^%d+%. [^\n]+"
  if title then
    local tariff, session, printed = table.unpack(blocks(section))
    worked[#worked + 1] = { title = title, tariff = tariff, session = session, printed = printed }
  end
end
return worked
