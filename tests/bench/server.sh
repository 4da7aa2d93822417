# What benches share: builds the programs (bin, tests), makes a folder (work), and starts servers that end with the script.

packaging/packages.sh bench
cmake --preset release >/dev/null
cmake --build --preset release >/dev/null
bin=build/release/bin tests=build/release/tests
work=$(mktemp -d)
pids=()
finish() {
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  [ ! -d "$work/postgres" ] || tests/postgres.sh stop "$work/postgres" >/dev/null 2>&1 || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
  -keyout "$work/server.key" -out "$work/server.pem" 2>/dev/null

now_ms() { date +%s%3N; }

# start ENGINE NAME [SQL]: a server on an empty database, or one with what the file puts there; sets port, tls_port, server,
# started_ms, sql (a program that reads SQL for that database), home (its folder).
start() {
  local engine=$1 began url
  home=$work/$2
  mkdir -p "$home"
  cat >"$home/busbar.lua" <<CONFIG
http = { listen = "127.0.0.1:0" }
tls = { listen = "127.0.0.1:0", certificate = "$work/server.pem", key = "$work/server.key" }
busbar = { log_level = "warn" }
storage = { engine = "$engine" }
chargers = { unknown = "accept" }
authorization = { unknown = "accept" }
rest = { per_key = 0, per_address = 0 }
CONFIG
  if [ "$engine" = sqlite ]; then
    echo "storage_sqlite = { path = \"$home/busbar.db\" }" >>"$home/busbar.lua"
    sql=(sqlite3 "$home/busbar.db")
  else
    url=$(database "$2")
    echo "storage_postgres = { url = \"$url\" }" >>"$home/busbar.lua"
    sql=(psql -q -v ON_ERROR_STOP=1 "$url")
  fi
  "$bin/busbard" --config "$home/busbar.lua" --migrate-only 2>"$home/log" || { cat "$home/log" >&2; exit 1; }
  [ -z "${3:-}" ] || "${sql[@]}" <"$3" >&2
  began=$(now_ms)
  "$bin/busbard" --config "$home/busbar.lua" --port-file "$home/port" 2>>"$home/log" &
  server=$!
  pids+=("$server")
  until [ -s "$home/port" ]; do
    kill -0 "$server" || { cat "$home/log" >&2; exit 1; }
    sleep 0.005
  done
  started_ms=$(($(now_ms) - began))
  { read -r port && read -r tls_port; } <"$home/port"
}

# configure LINE: another line of the server's configuration, in use.
configure() {
  echo "$1" >>"$home/busbar.lua"
  kill -HUP "$server"
  sleep 0.5
}

stop() {
  kill "$server"
  wait "$server" || true
}

# A database in use writes its WAL over old files; a new one makes each file of 16 MiB first, while all commits wait.
fill_wal() {
  psql -q "$1" -c "alter system set min_wal_size = '1GB'" -c "select pg_reload_conf()" \
    -c "select count(pg_logical_emit_message(false, 'fill', repeat(' ', 1000000))) from generate_series(1, 1000)" -c checkpoint >/dev/null
}

# A database of its own on the temporary cluster; prints its URL.
database() {
  local url
  if [ ! -e "$work/postgres.url" ]; then
    tests/postgres.sh start "$work/postgres" >"$work/postgres.url"
    fill_wal "$(cat "$work/postgres.url")"
  fi
  url=$(cat "$work/postgres.url")
  psql -q "$url" -c "create database $1" >/dev/null
  echo "$url" | sed -E "s#/[^/?]*(\\?.*)?\$#/$1\\1#"
}

# post PATH BODY: as the admin of `key`; the answer.
post() { "$bin/busbarctl" --url "http://127.0.0.1:$port" --key "$key" --json post "$1" "$2"; }

bootstrap() { key=$("$bin/busbarctl" --url "http://127.0.0.1:$port" bootstrap --key-only); }

# ask PATH: median and longest of 20 requests, as a line.
ask() {
  local i url="http://127.0.0.1:$port$1"
  for ((i = 0; i < 20; i++)); do
    curl -sf -o /dev/null -H "Authorization: Bearer $key" -w '%{time_total}\n' "$url"
  done | sort -n | awk -v path="$1" '{ t[NR] = $1 * 1000 } END { printf "%8.1f ms %8.1f ms  %s\n", t[int(NR / 2)], t[NR], path }'
}
