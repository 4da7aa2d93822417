-- What notifications say in German. render(n) gives subject, text and html of an event.
local function money(minor, currency)
  return notification.money(minor, currency, ",")
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
  return notification.place(d, "Ladepunkt", "Anschluss")
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

function render(n)
  return notification.render(n, "de", says)
end
