-- A browser for stories of users who sign in: it keeps the cookie and the token that changes need.
local M = {}

-- users { scrypt_log_n = ... }: cheap passwords, so that a story does not wait for them.
M.cheap = 10

function M.browser()
  local self = {}

  function self.call(method, path, body, headers)
    headers = headers or {}
    headers.Cookie = headers.Cookie or self.cookie
    if headers["X-CSRF-Token"] == nil then
      headers["X-CSRF-Token"] = self.csrf
    end
    return http { method = method, path = path, body = body, key = false, headers = headers }
  end

  -- Of an answer that begins a session.
  function self.keep(answer)
    local cookie = answer.headers["set-cookie"]
    self.cookie = cookie and cookie:match "^([^;]+)"
    self.csrf = answer.body.csrf_token
    return answer
  end

  function self.login(body)
    local answer = self.call("POST", "/auth/login", body)
    if answer.status == 200 then
      self.keep(answer)
    end
    return answer
  end

  return self
end

-- The code of an authenticator app, now or some steps of thirty seconds away. Two can be used without waiting: that of now,
-- then the next one.
function M.code(secret, steps)
  local letters, bits, bytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "", {}
  for c in secret:gmatch "." do
    local value = letters:find(c, 1, true) - 1
    for i = 4, 0, -1 do
      bits = bits .. (value >> i & 1)
    end
  end
  for byte in bits:gmatch "%d%d%d%d%d%d%d%d" do
    bytes[#bytes + 1] = string.char(tonumber(byte, 2))
  end
  local mac = crypto.unhex(crypto.hmac(table.concat(bytes), string.pack(">I8", os.time() // 30 + (steps or 0)), "SHA1"))
  local value = string.unpack(">I4", mac, (mac:byte(-1) & 15) + 1) & 0x7fffffff
  return string.format("%06d", value % 1000000)
end

return M
