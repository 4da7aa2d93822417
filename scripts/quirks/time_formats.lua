-- Times without a zone are taken for UTC; offsets of hours alone, or without a colon, are completed.
function normalize(message)
  local changed = quirks.change_times(message, function(text)
    local time, rest = text:match("^(%d%d%d%d%-%d%d%-%d%d[Tt ]%d%d:%d%d:%d%d)(.*)$")
    if not time then return nil end
    local fraction = rest:match("^%.%d+") or ""
    local zone = rest:sub(#fraction + 1)
    local sign, hours, minutes = zone:match("^([+-])(%d%d):?(%d*)$")
    if zone == "" then return time .. fraction .. "Z" end
    if not sign or (minutes ~= "" and #minutes ~= 2) then return nil end
    return time .. fraction .. sign .. hours .. ":" .. (minutes == "" and "00" or minutes)
  end)
  return changed and message or nil
end
