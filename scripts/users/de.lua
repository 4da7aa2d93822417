-- What mails to users say in German.
local words = {
  language = "de",
  subject = { login = "Anmelden", reset = "Ihr neues Passwort", invite = "Ihr Konto" },
  what = {
    login = "hiermit melden Sie sich an",
    reset = "hiermit setzen Sie ein neues Passwort",
    invite = "für Sie wurde ein Konto angelegt. Hiermit setzen Sie sein Passwort",
  },
  hello = "Guten Tag %s,\n\n%s, innerhalb von %s:",
  days = "Tagen",
  minutes = "Minuten",
  after = "Das geht einmal. Haben Sie nicht darum gebeten, vergessen Sie diese Nachricht.",
}

function render(n)
  return user_mail.render(n, words)
end
