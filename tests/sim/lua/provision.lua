-- Makes the chargers and tokens that a load run uses: provision COUNT PREFIX [PASSWORD]
local count, prefix, password = tonumber(arg[1]), arg[2], arg[3]

local AT_ONCE = 16
local workers = {}
for first = 1, AT_ONCE do
  workers[first] = function()
    for number = first, count, AT_ONCE do
      seed.charger { charge_point_id = prefix .. number, password = password }
      seed.token(prefix .. number)
    end
  end
end
parallel(table.unpack(workers))
