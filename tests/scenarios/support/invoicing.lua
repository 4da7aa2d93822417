-- Priced sessions by the hundred, past the server: what a month's invoices are made of.
local invoicing = {}

-- The month before the present one, and a day in it.
function invoicing.last_month()
  local t = os.date "!*t"
  local first = os.time { year = t.year, month = t.month - 1, day = 1, hour = 12 }
  return os.date("!%Y-%m", first), os.date("!%Y-%m-10T08:00:00.000Z", first)
end

function invoicing.issuer(operator_id)
  local issuer = { legal_name = "ACME " .. (operator_id or ""), address = { "Here" }, tax_id = "DE1" }
  equal(http.put("/api/admin/invoices/issuer" .. (operator_id and "?operator_id=" .. operator_id or ""), issuer).status, 200)
end

-- `users` users U001, U002, ... with `sessions` sessions each at that charger, each with lines of energy (100 and
-- the session's number in minor units) and 19 % of tax on top; and their addresses.
function invoicing.sessions(options)
  local operator_id, currency = options.operator_id or "default", options.currency or "EUR"
  local numbers = string.format("with recursive u(i) as (select 1 union all select i + 1 from u where i < %d), "
    .. "s(k) as (select 1 union all select k + 1 from s where k < %d)", options.users, options.sessions)
  local prefix = options.prefix or "U"
  local user = string.format("'%s' || substr(cast(1000 + u.i as text), 2)", prefix)
  local at = options.at
  server.sql(string.format([[
    insert into transactions (operator_id, charger_id, connector_id, protocol, id_tag, user_id, token_status, state, meter_start_wh,
      energy_wh, started_at, stopped_at, ended_at, received_at, start_key, price_state, currency, price_minor, priced_at)
    %s select '%s', %d, 1, 'ocpp1.6', %s, %s, 'Accepted', 'completed', 0, 1000, '%s', '%s', '%s', '%s',
      '%s' || u.i || '/' || s.k, 'priced', '%s', 119 + s.k, '%s' from u, s;]], numbers, operator_id, options.charger, user, user, at, at, at, at,
    prefix .. currency .. at, currency, at))
  server.sql(string.format([[
    insert into price_lines (transaction_id, line, kind, description, quantity, unit, unit_price_minor, amount_minor)
    select id, 1, 'energy', 'Energy', 1, 'kWh', price_minor - 19, price_minor - 19 from transactions where start_key like '%s%%';
    insert into price_lines (transaction_id, line, kind, description, quantity, unit, unit_price_minor, amount_minor)
    select id, 2, 'tax', 'Tax 19 %%', 19, '%%', 1, 19 from transactions where start_key like '%s%%';]],
    prefix .. currency .. at, prefix .. currency .. at))
  if options.nameless then return end
  server.sql(string.format([[
    insert into invoice_parties (operator_id, user_id, details, created_at, updated_at)
    %s select '%s', %s, '{"name": "User", "address": ["There"]}', '%s', '%s' from u, s where s.k = 1
    on conflict (operator_id, user_id) do nothing;]],
    numbers, operator_id, user, at, at))
end

function invoicing.run_ended(month, operator_id)
  local run
  eventually(function()
    for _, item in ipairs(http.get("/api/admin/invoices/runs?month=" .. month).body.items) do
      if item.operator_id == (operator_id or "default") then run = item end
    end
    return run and run.state == "done"
  end, 120)
  return run
end

-- All documents of a kind.
function invoicing.all(filter)
  local list, cursor = {}, nil
  repeat
    local page = http.get("/api/admin/invoices?limit=500&" .. filter .. (cursor and "&cursor=" .. cursor or "")).body
    for _, item in ipairs(page.items) do list[#list + 1] = item end
    cursor = page.next_cursor ~= json.null and page.next_cursor or nil
  until not cursor
  return list
end

return invoicing
