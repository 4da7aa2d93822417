-- A script of the operator asks what is stored of a token.
seed.charger "CP1"
seed.token { id_tag = "ANNA", user_id = "anna", type = "app", name = "Anna's telephone" }
server.sql "insert into operators (id, name, created_at) values ('other', 'Other', '2026-01-01T00:00:00.000Z');"
equal(http.post("/api/admin/tokens", { id_tag = "THEIRS", operator_id = "other" }).status, 201)
server.reload { scripts = { { hook = "authorize", order = 500, file = server.write_file("policy.lua", [[
function authorize(question)
  local token = busbar.authorization.lookup(question.id_tag)
  if not token then
    return { status = "Invalid" }
  elseif token.type == "app" and token.user_id == "anna" and token.name == "Anna's telephone" and token.active == 0 then
    return { status = "Accepted", user_id = token.user_id }
  end
  return { status = "Blocked" }
end
]]) } } }
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
equal(cp:authorize("anna").status, "Accepted")
equal(cp:authorize("NOBODY").status, "Invalid")
equal(cp:authorize("THEIRS").status, "Invalid")
local session = cp:start { connector = 1, id_tag = "ANNA" }
equal(session.status, "Accepted")
equal(cp:authorize("ANNA").status, "Blocked")
