-- What a page of docs/ has people type: its blocks ```sh, in order, each with the block ```text that follows it, if one does.
local root = debug.getinfo(1, "S").source:match "^@(.*)/tests/scenarios/"

return function(page)
  local file = assert(io.open(root .. "/docs/" .. page))
  local text = file:read "a"
  file:close()
  local found = {}
  for language, block in text:gmatch "\n```(%l+)\n(.-\n)```" do
    if language == "sh" then
      found[#found + 1] = { commands = block }
    elseif language == "text" then
      assert(#found > 0 and not found[#found].output, page .. ": what is this printed by? " .. block)
      found[#found].output = block
    end
  end
  return found, root
end
