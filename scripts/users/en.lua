-- What mails to users say in English.
local words = {
  language = "en",
  subject = { login = "Sign in", reset = "Your new password", invite = "Your account" },
  what = {
    login = "use this to sign in",
    reset = "use this to set a new password",
    invite = "an account has been made for you. Use this to set its password",
  },
  hello = "Hello %s,\n\n%s, within %s:",
  days = "days",
  minutes = "minutes",
  after = "It can be used once. If you have not asked for it, ignore this mail.",
}

function render(n)
  return user_mail.render(n, words)
end
