-- What docs/users.md has to be typed, typed by a user with a shell: it signs in, and does what it says.
settings { config = { users = { scrypt_log_n = 10 } } }
local net = require "net"
local root = arg[0]:match "^(.*)tests/scenarios/"

local typed, count = {}, 0
for line in io.lines(root .. "docs/users.md") do
  local command = line:match "^    (busbar%-key.*)$" or line:match "^    (curl .*)$"
  if command then
    local is_function = command:find("busbar-key() {", 1, true)
    count = count + (is_function and 0 or 1)
    command = command:gsub("93ab%.%.%.", "$(sed -n 's/.*\"csrf_token\":\"\\([0-9a-f]*\\)\".*/\\1/p' printed.2)")
    typed[#typed + 1] = is_function and command or command .. " > printed." .. count
  end
end
equal(count, 4)
server.write_file("typed", table.concat(typed, "\n") .. "\n")
equal(program { "bash", "-c", 'cd "$1" && bash -e typed', "bash", server.folder,
  env = { BUSBAR_URL = net.base, BUSBAR_KEY = net.key }, stderr = server.folder .. "/complaints" }, 0)

local function printed(n)
  local file = assert(io.open(server.folder .. "/printed." .. n))
  local text = file:read "a"
  file:close()
  return text
end
matches(json.decode(printed(1)), { name = "Anna", email = "anna@example.org", has_password = true })
local login = printed(2)
check(login:find("HTTP/1.1 200 OK", 1, true), login)
check(login:find "set%-cookie: __Host%-busbar=%x+; Path=/; Max%-Age=604800; HttpOnly; Secure; SameSite=Lax", login)
check(login:find '"totp_required":false', login)
matches(json.decode(printed(3)), { kind = "session", name = "Anna", role = "user" })
equal(printed(4), "")
equal(#http.get("/api/admin/users/" .. json.decode(printed(1)).id .. "/sessions").body.items, 0, "signed out")
