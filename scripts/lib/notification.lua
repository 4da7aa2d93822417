-- What the words of notifications share in every language.
local notification = {}

-- An amount in minor units: "12.34 EUR"; `point` is the language's own.
function notification.money(minor, currency, point)
  local digits = busbar.money.decimals(currency) or 2
  local unit, size = math.tointeger(10 ^ digits), math.abs(minor)
  local text = tostring(size // unit)
  if digits > 0 then text = text .. point .. string.format("%0" .. digits .. "d", size % unit) end
  return (minor < 0 and "-" or "") .. text .. " " .. currency
end

-- The charger of an event, and its connector if it names one, by what the language calls them.
function notification.place(data, charger, connector)
  local where = charger .. " " .. tostring(data.charge_point_id or "?")
  local id = data.connector_id
  return id and id > 0 and where .. ", " .. connector .. " " .. id or where
end

-- A text as it stands in HTML.
function notification.escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

-- The answer of render(n): says[event](data, time_zone) gives subject and text.
function notification.render(n, language, says)
  local say = says[n.event]
  local subject, text = n.event, n.event
  if say then subject, text = say(n.data, n.operator.time_zone) end
  local escape, name = notification.escape, n.operator.name
  return {
    subject = subject,
    text = text .. "\n\n" .. name .. "\n",
    html = '<!doctype html><html lang="' .. language .. '"><body><p>' .. escape(text) .. "</p><p>" .. escape(name) .. "</p></body></html>",
  }
end

return notification
