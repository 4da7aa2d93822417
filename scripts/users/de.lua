-- What mails to users say in German. render(n) gives subject, text and html; n.link is nil where the server has no page for it.
local says = {
  login = { "Anmelden", "hiermit melden Sie sich an" },
  reset = { "Ihr neues Passwort", "hiermit setzen Sie ein neues Passwort" },
  invite = { "Ihr Konto", "für Sie wurde ein Konto angelegt. Hiermit setzen Sie sein Passwort" },
}

local function span(minutes)
  return minutes % 1440 == 0 and minutes // 1440 .. " Tagen" or minutes .. " Minuten"
end

local function escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

function render(n)
  local subject, what = table.unpack(says[n.purpose])
  local before = string.format("Guten Tag %s,\n\n%s, innerhalb von %s:", n.name, what, span(n.valid_min))
  local after = "Das geht einmal. Haben Sie nicht darum gebeten, vergessen Sie diese Nachricht."
  local html = n.link and string.format('<a href="%s">%s</a>', escape(n.link), escape(n.link)) or "<code>" .. escape(n.token) .. "</code>"
  return {
    subject = subject,
    text = before .. "\n\n" .. (n.link or n.token) .. "\n\n" .. after .. "\n",
    html = '<!doctype html><html lang="de"><body><p>' .. escape(before):gsub("\n\n", "</p><p>") .. "</p><p>" .. html .. "</p><p>" .. after .. "</p></body></html>",
  }
end
