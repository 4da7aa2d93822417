-- Tokens and groups count from a time on, and up to a time; a charger is told the earlier end.
seed.charger "CP1"
local function at(seconds)
  return os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + seconds)
end
seed.token { id_tag = "LATER", valid_from = at(3600) }
seed.token { id_tag = "NOW", valid_from = at(-3600), expires_at = at(3600) }
seed.token { id_tag = "SUMMER", valid_from = at(-3600), expires_at = at(1800) }
seed.token { id_tag = "MEMBER", parent_id_tag = "summer", expires_at = at(3600) }
seed.token { id_tag = "SHORT", parent_id_tag = "summer", expires_at = at(60) }
seed.token { id_tag = "EVER", parent_id_tag = "SUMMER" }

local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
equal(cp:authorize("LATER").status, "Invalid")
local function ends(id_tag)
  return http.get("/api/admin/tokens/" .. id_tag).body.expires_at:gsub("%.000Z", "Z")
end
local function told(id_tag, expiry)
  matches(cp:authorize(id_tag), { status = "Accepted", expiryDate = ends(expiry), parentIdTag = id_tag ~= "NOW" and string.lower or nil })
end
told("NOW", "NOW")
told("MEMBER", "SUMMER")
told("SHORT", "SHORT")
told("EVER", "SUMMER")

http.put("/api/admin/tokens/summer", { valid_from = at(60) })
equal(cp:authorize("EVER").status, "Invalid")
http.put("/api/admin/tokens/summer", { valid_from = json.null, expires_at = at(-1) })
equal(cp:authorize("EVER").status, "Expired")
http.put("/api/admin/tokens/summer", { expires_at = json.null, status = "blocked" })
equal(cp:authorize("EVER").status, "Blocked")
http.put("/api/admin/tokens/later", { valid_from = at(-1) })
equal(cp:authorize("LATER").status, "Accepted")
