-- Guests of the fair may charge without being registered; at night the depot is for the fleet alone.
local function hour(at)
  return busbar.time.at(busbar.time.parse(at), "Europe/Berlin").hour
end

function authorize(question)
  if question.id_tag:sub(1, 5) == "FAIR-" then
    return { status = "Accepted", user_id = "fair" }
  end
  local night = hour(question.at) >= 22 or hour(question.at) < 5
  if night and question.charge_point_id:sub(1, 6) == "DEPOT-" and question.purpose ~= "stop" then
    local token = busbar.authorization.lookup(question.id_tag)
    if not token or token.parent_id_tag ~= "FLEET" then
      return { status = "Blocked" }
    end
  end
  return nil -- the list of tokens decides
end
