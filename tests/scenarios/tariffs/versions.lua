-- A session keeps the price of the version that held when it started; a change makes a new version.
local made = seed.tariff {
  name = "T", currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 10 },
}
local path = "/api/admin/tariffs/" .. made.id
equal(http.put(path .. "/assignment", json.decode "{}").status, 200)
seed.charger "CP"
seed.token "DRIVER"

local cp = charger { id = "CP", connectors = 2 }
cp:connect()
cp:boot()

local function last_price()
  local item
  eventually(function()
    item = http.get("/api/admin/transactions?limit=1").body.items[1]
    return item.price_state == "priced"
  end)
  return item
end

local first = cp:start { connector = 1, id_tag = "DRIVER", meter_start = 0 }
wait(0.02)
local response = http.put(path, { settings = { price_per_kwh_minor = 99 } })
equal(response.status, 200, response.text)
equal(response.body.version, 2)
first:stop { meter_stop = 10000 }
matches(last_price(), { price = { amount_minor = 100 }, tariff_version = 1 })

wait(0.02)
local second = cp:start { connector = 1, id_tag = "DRIVER", meter_start = 10000 }
second:stop { meter_stop = 20000 }
matches(last_price(), { price = { amount_minor = 990 }, tariff_version = 2 })

-- What changes no price makes no version; a stale If-Match changes nothing.
matches(http.put(path, { name = "Better name" }).body, { version = 2, name = "Better name" })
local etag = http.get(path).headers.etag
matches(http.put(path, { settings = { price_per_kwh_minor = 98 } }, { headers = { ["If-Match"] = etag } }).body, { version = 3 })
equal(http.put(path, { settings = { price_per_kwh_minor = 97 } }, { headers = { ["If-Match"] = etag } }).status, 412)

local versions = http.get(path .. "/versions").body.items
equal(#versions, 3)
equal(versions[1].settings.price_per_kwh_minor, 98)
equal(versions[3].settings.price_per_kwh_minor, 10)
check(versions[3].source:find("function price", 1, true), "the source is kept with the version")
cp:disconnect()

log "rolled back: an old version is the newest once more"
matches(http.put(path, { from_version = 1 }).body, { version = 4, settings = { price_per_kwh_minor = 10 }, name = "Better name", bundled = "flat" })
matches(http.put(path, { from_version = 4 }).body, { version = 4 })
matches(http.put(path, { from_version = 2, currency = "CHF" }).body, { version = 5, currency = "CHF", settings = { price_per_kwh_minor = 99 } })
equal(http.put(path, { from_version = 9 }).body.errors[1].path, "from_version")
