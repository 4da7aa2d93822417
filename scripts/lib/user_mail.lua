-- What mails to users share in every language.
local user_mail = {}

-- The answer of render(n). `words` has the `language`, the `subject` and the sentence `what` of each purpose, `hello` (a format of
-- name, sentence and span), `days`, `minutes`, and what stands `after` the link. n.link is nil where the server has no page for it.
function user_mail.render(n, words)
  local minutes, escape = n.valid_min, notification.escape
  local span = minutes % 1440 == 0 and minutes // 1440 .. " " .. words.days or minutes .. " " .. words.minutes
  local before = string.format(words.hello, n.name, words.what[n.purpose], span)
  local shown = n.link and string.format('<a href="%s">%s</a>', escape(n.link), escape(n.link)) or "<code>" .. escape(n.token) .. "</code>"
  local parts = { (escape(before):gsub("\n\n", "</p><p>")), shown, escape(words.after) }
  return {
    subject = words.subject[n.purpose],
    text = before .. "\n\n" .. (n.link or n.token) .. "\n\n" .. words.after .. "\n",
    html = '<!doctype html><html lang="' .. words.language .. '"><body><p>' .. table.concat(parts, "</p><p>") .. "</p></body></html>",
  }
end

return user_mail
