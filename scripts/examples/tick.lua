-- Nobody but the fleet takes more than 50 EUR at a time.
function tick(session)
  if session.user_id ~= "fleet" and (session.price_so_far_minor or 0) >= 5000 then
    return { cut_off = true, reason = "50 EUR are the most for one session" }
  end
  return nil
end
