#!/bin/sh
# A private PostgreSQL cluster for tests, on a free port of the loopback.
#
#   postgres.sh start DIR [--no-fsync]   makes and starts one, prints its URL (also in DIR/url)
#   postgres.sh down DIR                 stops it, at once and without a goodbye
#   postgres.sh up DIR                   starts it again, on the same port
#   postgres.sh stop DIR                 stops and removes it
#
# PostgreSQL refuses to run as root: root becomes the user postgres. The files are in a folder of
# their own under /tmp, because that user may not be able to reach DIR.
set -eu

usage() {
	sed -n '/^#   /s/^# *//p' "$0" >&2
	exit 2
}

bin=$(find /usr/lib/postgresql/*/bin /usr/pgsql-*/bin -name initdb 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || bin=$(command -v initdb || true)
[ -n "$bin" ] || { echo "postgres.sh: no initdb: is PostgreSQL installed?" >&2; exit 1; }
bin=${bin%/*}

as_postgres() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@")
	else
		"$@"
	fi
}

ctl() {
	as_postgres "$bin/pg_ctl" -s -w -t 60 -D "$home/data" -l "$home/log" "$@" </dev/null >/dev/null
}


configure() {
	cat >"$home/data/busbar.conf" <<-END
		listen_addresses = '127.0.0.1'
		unix_socket_directories = '$home'
		port = $1
		max_connections = 200
		fsync = $fsync
	END
}

random_port() {
	echo $((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
}

start() {
	[ ! -e "$dir/home" ] || stop
	mkdir -p "$dir"
	home=$(mktemp -d /tmp/busbar-postgres.XXXXXX)
	echo "$home" >"$dir/home"
	[ "$(id -u)" != 0 ] || chown postgres: "$home"
	as_postgres "$bin/initdb" -D "$home/data" -U busbar -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$home/initdb.log" 2>&1 ||
		{ cat "$home/initdb.log" >&2; exit 1; }
	echo "include 'busbar.conf'" >>"$home/data/postgresql.conf"
	for try in 1 2 3 4 5 6 7 8; do
		port=$(random_port)
		configure "$port"
		if ctl start 2>/dev/null; then
			break
		fi
		[ "$try" != 8 ] || { tail -20 "$home/log" >&2; exit 1; }
	done
	"$bin/createdb" -h "$home" -p "$port" -U busbar busbar
	echo "postgresql://busbar@127.0.0.1:$port/busbar" | tee "$dir/url"
}

find_home() {
	home=$(cat "$dir/home" 2>/dev/null) || { echo "postgres.sh: no cluster in $dir" >&2; exit 1; }
}

stop() {
	find_home
	ctl stop -m immediate 2>/dev/null || true
	rm -rf "$home" "$dir/home" "$dir/url"
}

[ $# -ge 2 ] || usage
command=$1
dir=$2
fsync=on
[ "${3:-}" != --no-fsync ] || fsync=off

case $command in
start) start ;;
up) find_home && ctl start ;;
down) find_home && ctl stop -m immediate ;;
stop) stop ;;
*) usage ;;
esac
