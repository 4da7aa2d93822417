-- What notifications say in English. render(n) gives subject, text and html of an event.
local function money(minor, currency)
  return notification.money(minor, currency, ".")
end

local function clock(text, zone)
  local seconds = text and busbar.time.parse(text)
  if not seconds then
    return "an unknown time"
  end
  local t = busbar.time.at(seconds, zone)
  return string.format("%04d-%02d-%02d %02d:%02d", t.year, t.month, t.day, t.hour, t.minute)
end

local function energy(wh)
  return wh and string.format("%.2f kWh", wh / 1000) or "an unknown amount of energy"
end

local function place(d)
  return notification.place(d, "charger", "connector")
end

local says = {
  ["session.started"] = function(d, zone)
    return "Charging has begun", string.format("A session began at %s on %s.", place(d), clock(d.started_at, zone))
  end,
  ["session.stopped"] = function(d, zone)
    return "Charging has ended",
      string.format("The session at %s ended on %s. It took %s.", place(d), clock(d.stopped_at, zone), energy(d.energy_wh))
  end,
  ["session.billed"] = function(d, zone)
    return "Your charging session: " .. money(d.amount_minor, d.currency),
      string.format("The session at %s that ended on %s took %s and costs %s.", place(d), clock(d.stopped_at, zone),
        energy(d.energy_wh), money(d.amount_minor, d.currency))
  end,
  ["session.cut_off"] = function(d)
    return "Charging was cut off", string.format("The session at %s was stopped: %s.", place(d), d.reason or "the balance is used up")
  end,
  ["wallet.low"] = function(d)
    return "Your balance is low", string.format("The balance is %s, below %s.", money(d.balance_minor, d.currency),
      money(d.low_balance_minor, d.currency))
  end,
  ["charger.offline"] = function(d, zone)
    return "Offline: " .. place(d), string.format("Nothing has been heard of %s since %s.", place(d), clock(d.last_seen_at, zone))
  end,
  ["charger.online"] = function(d, zone)
    return "Back: " .. place(d), string.format("%s is back. It had been away since %s.", place(d), clock(d.offline_since, zone))
  end,
  ["charger.faulted"] = function(d, zone)
    return "Fault: " .. place(d), string.format("%s reported %s on %s. %s", place(d), d.error_code, clock(d.status_at, zone), d.info or "")
  end,
  ["security.event"] = function(d, zone)
    return "Security event: " .. tostring(d.type),
      string.format("%s: %s on %s. %s", place(d), d.type, clock(d.event_at, zone), d.tech_info or "")
  end,
  ["firmware.failed"] = function(d)
    return "Firmware failed: " .. place(d), string.format("The update of %s ended as %s. %s", place(d), d.state, d.reason or "")
  end,
  ["task.dead"] = function(d)
    return "Given up: " .. tostring(d.name), string.format("The task %s (%s) was given up after %d tries: %s", d.name, d.task_id, d.tries,
      d.error or "?")
  end,
  ["subscription.disabled"] = function(d, zone)
    return "Notifications switched off", string.format("Those by %s to %s have failed since %s and are switched off: %s", d.channel, d.target,
      clock(d.failing_since, zone), d.error or "?")
  end,
  test = function()
    return "A test", "This is a test. Notifications reach you."
  end,
}

function render(n)
  return notification.render(n, "en", says)
end
