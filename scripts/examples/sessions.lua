-- Sessions to try a tariff with, as POST /api/admin/tariffs/try takes them.
local function hourly(started_at, energy)
  local start, samples = busbar.time.parse(started_at), {}
  for i, wh in ipairs(energy) do
    samples[i] = { at = busbar.time.format(start + i * 3600), energy_wh = wh }
  end
  return samples
end

function sessions()
  return {
    {
      name = "short", description = "Twenty minutes at noon, 15 kWh, at a fast charger",
      session = {
        started_at = "2026-06-03T10:00:00Z", stopped_at = "2026-06-03T10:20:00Z", energy_wh = 15000, time_zone = "Europe/Berlin",
        idle_s = 0, connector = { type = "IEC_62196_T2_COMBO", max_power_w = 150000 },
      },
    },
    {
      name = "evening", description = "A Friday from 18:30 to 22:15, 30 kWh, read every hour, and then idle for a while",
      session = {
        started_at = "2026-06-05T16:30:00Z", stopped_at = "2026-06-05T20:15:00Z", energy_wh = 30000, time_zone = "Europe/Berlin",
        samples = hourly("2026-06-05T16:30:00Z", { 11000, 22000, 30000 }), connector = { type = "IEC_62196_T2", max_power_w = 11000 },
      },
    },
    {
      name = "night", description = "From 21:00 to 07:00, 40 kWh, full at 01:00",
      session = {
        started_at = "2026-06-02T19:00:00Z", stopped_at = "2026-06-03T05:00:00Z", energy_wh = 40000, time_zone = "Europe/Berlin",
        samples = hourly("2026-06-02T19:00:00Z", { 10000, 20000, 30000, 40000 }),
      },
    },
    {
      name = "idle", description = "One hour of charging, 11 kWh, and three hours of standing there",
      session = {
        started_at = "2026-06-03T08:00:00Z", stopped_at = "2026-06-03T12:00:00Z", energy_wh = 11000, time_zone = "Europe/Berlin",
        idle_s = 10800,
      },
    },
    {
      name = "summer-time", description = "The night in which clocks are put forward, 00:00 to 06:00, 25 kWh",
      session = {
        started_at = "2026-03-28T23:00:00Z", stopped_at = "2026-03-29T04:00:00Z", energy_wh = 25000, time_zone = "Europe/Berlin",
        idle_s = 0,
      },
    },
    {
      name = "winter-time", description = "The night in which clocks are put back, 00:00 to 06:00, 35 kWh",
      session = {
        started_at = "2026-10-24T22:00:00Z", stopped_at = "2026-10-25T05:00:00Z", energy_wh = 35000, time_zone = "Europe/Berlin",
        idle_s = 0,
      },
    },
    {
      name = "nothing", description = "Plugged in for five minutes, no energy",
      session = {
        started_at = "2026-06-03T10:00:00Z", stopped_at = "2026-06-03T10:05:00Z", energy_wh = 0, time_zone = "Europe/Berlin",
      },
    },
  }
end
