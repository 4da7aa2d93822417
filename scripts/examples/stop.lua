-- Sessions that somebody ought to look at.
function stop(session)
  local hours = session.duration_s / 3600
  if session.energy_wh == 0 then
    return { flags = { "no_energy" } }
  elseif hours > 24 then
    return { flags = { "long" }, note = string.format("plugged in for %.0f hours", hours) }
  end
  return nil
end
