-- The database of a story: an SQLite file, or a database in a PostgreSQL cluster.
local core = require "core"
local story = require "story"

local postgres_sh = core.args.argv[0]:match "^(.*)/[^/]+/[^/]+$" .. "/../postgres.sh"

local function run(...)
  local parts = {}
  for _, word in ipairs { ... } do
    parts[#parts + 1] = "'" .. word:gsub("'", "'\\''") .. "'"
  end
  local command = table.concat(parts, " ")
  local pipe = assert(io.popen(command .. " 2>&1"))
  local output = pipe:read "a"
  if not pipe:close() then
    story.fail("%s: %s", command, output)
  end
  return (output:gsub("%s+$", ""))
end

local database = {}

-- `empty`, while no server runs: as it was before the first one.
local function sqlite(folder)
  local path = folder .. "/busbar.db"
  return {
    config = { storage_sqlite = { path = path } },
    empty = function()
      for _, ending in ipairs { "", "-wal", "-shm" } do
        os.remove(path .. ending)
      end
    end,
    clean_up = function() end,
  }
end

local function empty_schema(url)
  return function()
    run("psql", "-q", "-o", "/dev/null", url, "-c", "set client_min_messages = error; drop schema public cascade; create schema public")
  end
end

-- A cluster that the story may stop and start.
local function own_cluster(folder)
  local cluster = folder .. "/postgres"
  local url = run(postgres_sh, "start", cluster, "--no-fsync")
  return {
    url = url,
    config = { storage_postgres = { url = url } },
    empty = empty_schema(url),
    stop = function()
      run(postgres_sh, "down", cluster)
    end,
    start = function()
      run(postgres_sh, "up", cluster)
    end,
    clean_up = function()
      run(postgres_sh, "stop", cluster)
    end,
  }
end

-- A new database in a cluster that others use too.
local function own_database(cluster_url)
  local name = string.format("busbar_%d_%s", core.now_ms(), core.random(4):gsub(".", function(c)
    return string.format("%02x", c:byte())
  end))
  run("psql", "-q", cluster_url, "-c", "create database " .. name)
  local url = cluster_url:gsub("/[^/]*$", "/" .. name)
  return {
    url = url,
    config = { storage_postgres = { url = url } },
    empty = empty_schema(url),
    clean_up = function()
      run("psql", "-q", cluster_url, "-c", "drop database " .. name .. " with (force)")
    end,
  }
end

function database.prepare(engine, folder, wants_own_cluster)
  if engine == "sqlite" then
    return sqlite(folder)
  end
  local shared = os.getenv "BUSBAR_TEST_POSTGRES"
  if shared and not shared:find "^postgres" then
    local file = io.open(shared .. "/url")
    shared = file and file:read "l"
    if file then
      file:close()
    end
  end
  if shared and not wants_own_cluster then
    return own_database(shared)
  end
  return own_cluster(folder)
end

return database
