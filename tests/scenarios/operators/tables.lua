-- Every table that names operators is asked for when its operator is to go, goes with it, goes with something that is asked for,
-- or stays as a trace: none was forgotten.
local known = {
  traces = "analytics_changes analytics_sums audit charger_faults deliveries events messages script_failures tasks",
  of_stations = "authorization_stations station_tokens local_list_stations",
  of_chargers = [[charger_certificates charger_job_statuses charger_jobs charger_outages charger_passwords charger_roots charging_keys
    charging_profiles connector_history connector_kinds connectors local_lists reservations security_events security_jobs tariff_assignments]],
  of_transactions = "meter_values session_cut_offs",
  of_wallets_and_payments = "wallet_entries wallet_holds wallet_journals payment_changes payment_disputes payment_events payment_postings payment_refunds",
  of_others = "file_links firmware_targets invoice_run_skips invoice_series",
}

server.sql(server.engine == "sqlite"
    and "create view holders as select m.name as name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and c.name = 'operator_id';"
  or [[create view holders as select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = current_schema()::regnamespace and a.attname = 'operator_id';]])
local names = server.sql_value(server.engine == "sqlite" and "select group_concat(name) from holders" or "select string_agg(name, chr(44)) from holders")

local root = arg[0]:match "^(.*)/tests/" or "."
local file = assert(io.open(root .. "/sql/operators/queries.sql"))
local queries = file:read "a"
file:close()

local expected, count = {}, 0
for _, list in pairs(known) do
  for name in list:gmatch "%S+" do
    expected[name] = true
  end
end
for name in names:gmatch "[^,]+" do
  count = count + 1
  local asked = queries:find("from " .. name .. " where operator_id = $1", 1, true)
  check(asked or expected[name], name .. " has an operator_id: what becomes of it when its operator goes?")
end
check(count > 60, names)
