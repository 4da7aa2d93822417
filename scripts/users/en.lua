-- What mails to users say in English. render(n) gives subject, text and html; n.link is nil where the server has no page for it.
local says = {
  login = { "Sign in", "use this to sign in" },
  reset = { "Your new password", "use this to set a new password" },
  invite = { "Your account", "an account has been made for you. Use this to set its password" },
}

local function span(minutes)
  return minutes % 1440 == 0 and minutes // 1440 .. " days" or minutes .. " minutes"
end

local function escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

function render(n)
  local subject, what = table.unpack(says[n.purpose])
  local before = string.format("Hello %s,\n\n%s, within %s:", n.name, what, span(n.valid_min))
  local after = "It can be used once. If you have not asked for it, ignore this mail."
  local html = n.link and string.format('<a href="%s">%s</a>', escape(n.link), escape(n.link)) or "<code>" .. escape(n.token) .. "</code>"
  return {
    subject = subject,
    text = before .. "\n\n" .. (n.link or n.token) .. "\n\n" .. after .. "\n",
    html = '<!doctype html><html lang="en"><body><p>' .. escape(before):gsub("\n\n", "</p><p>") .. "</p><p>" .. html .. "</p><p>" .. after .. "</p></body></html>",
  }
end
