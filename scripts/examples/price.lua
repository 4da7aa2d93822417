-- Sessions of less than 100 Wh are free; all others are for the tariff to price.
function price(session)
  if session.energy_wh >= 100 then
    return nil
  end
  local line = { kind = "flat", description = "Too short to charge for", amount_minor = 0 }
  return { currency = "EUR", lines = { line }, total_minor = 0 }
end
