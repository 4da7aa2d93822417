-- What notifications say in German. render(n) gives subject, text and html of an event.
local function money(minor, currency)
  local digits = busbar.money.decimals(currency) or 2
  local whole = math.abs(minor)
  local text = digits == 0 and tostring(whole)
    or string.format("%d,%0" .. digits .. "d", whole // 10 ^ digits, whole % math.tointeger(10 ^ digits))
  return (minor < 0 and "-" or "") .. text .. " " .. currency
end

local function clock(text, zone)
  local seconds = text and busbar.time.parse(text)
  if not seconds then
    return "unbekannter Zeit"
  end
  local t = busbar.time.at(seconds, zone)
  return string.format("%02d.%02d.%04d %02d:%02d", t.day, t.month, t.year, t.hour, t.minute)
end

local function energy(wh)
  return wh and (string.format("%.2f kWh", wh / 1000):gsub("%.", ",")) or "eine unbekannte Menge"
end

local function place(d)
  local where = "Ladepunkt " .. tostring(d.charge_point_id or "?")
  return d.connector_id and d.connector_id > 0 and where .. ", Anschluss " .. d.connector_id or where
end

local says = {
  ["session.started"] = function(d, zone)
    return "Der Ladevorgang hat begonnen", string.format("An %s hat am %s ein Ladevorgang begonnen.", place(d), clock(d.started_at, zone))
  end,
  ["session.stopped"] = function(d, zone)
    return "Der Ladevorgang ist beendet",
      string.format("Der Ladevorgang an %s endete am %s. Geladen: %s.", place(d), clock(d.stopped_at, zone), energy(d.energy_wh))
  end,
  ["session.billed"] = function(d, zone)
    return "Ihr Ladevorgang: " .. money(d.amount_minor, d.currency),
      string.format("Der Ladevorgang an %s, beendet am %s: %s, Kosten %s.", place(d), clock(d.stopped_at, zone),
        energy(d.energy_wh), money(d.amount_minor, d.currency))
  end,
  ["session.cut_off"] = function(d)
    return "Der Ladevorgang wurde abgebrochen", string.format("Der Ladevorgang an %s wurde beendet: %s.", place(d), d.reason or "das Guthaben ist aufgebraucht")
  end,
  ["wallet.low"] = function(d)
    return "Ihr Guthaben ist niedrig", string.format("Das Guthaben beträgt %s, weniger als %s.", money(d.balance_minor, d.currency),
      money(d.low_balance_minor, d.currency))
  end,
  ["charger.offline"] = function(d, zone)
    return "Offline: " .. place(d), string.format("Von %s ist seit %s nichts zu hören.", place(d), clock(d.last_seen_at, zone))
  end,
  ["charger.online"] = function(d, zone)
    return "Wieder da: " .. place(d), string.format("%s ist wieder da, nach einer Pause seit %s.", place(d), clock(d.offline_since, zone))
  end,
  ["charger.faulted"] = function(d, zone)
    return "Störung: " .. place(d), string.format("%s meldete %s am %s. %s", place(d), d.error_code, clock(d.status_at, zone), d.info or "")
  end,
  ["security.event"] = function(d, zone)
    return "Sicherheitsereignis: " .. tostring(d.type),
      string.format("%s: %s am %s. %s", place(d), d.type, clock(d.event_at, zone), d.tech_info or "")
  end,
  ["firmware.failed"] = function(d)
    return "Firmware gescheitert: " .. place(d), string.format("Die Aktualisierung von %s endete mit %s. %s", place(d), d.state, d.reason or "")
  end,
  ["task.dead"] = function(d)
    return "Aufgegeben: " .. tostring(d.name), string.format("Die Aufgabe %s (%s) wurde nach %d Versuchen aufgegeben: %s", d.name, d.task_id, d.tries,
      d.error or "?")
  end,
  ["subscription.disabled"] = function(d, zone)
    return "Benachrichtigungen abgeschaltet", string.format("Die per %s an %s scheitern seit %s und sind abgeschaltet: %s", d.channel, d.target,
      clock(d.failing_since, zone), d.error or "?")
  end,
  test = function()
    return "Ein Test", "Dies ist ein Test. Benachrichtigungen erreichen Sie."
  end,
}

local function escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

function render(n)
  local say = says[n.event]
  local subject, text = n.event, n.event
  if say then
    subject, text = say(n.data, n.operator.time_zone)
  end
  return {
    subject = subject,
    text = text .. "\n\n" .. n.operator.name .. "\n",
    html = "<!doctype html><html lang=\"de\"><body><p>" .. escape(text) .. "</p><p>" .. escape(n.operator.name) .. "</p></body></html>",
  }
end
