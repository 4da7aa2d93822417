#!/usr/bin/env bash
# Installs Debian packages: `packages.sh build` what it takes to build and run Busbar,
# `packages.sh test` what its tests need besides, `packages.sh bench` what the bench needs. Asks apt
# only for what is missing.
set -euo pipefail

build=(ca-certificates cmake fonts-dejavu-core g++ gcc libcurl4-openssl-dev liblua5.4-dev libpango1.0-dev
  libpq-dev libsimdjson-dev libsqlite3-dev libssl-dev libuv1-dev libwebsockets-dev libwebsockets-evlib-uv make ninja-build
  pkg-config tzdata curl)
test=(libcriterion-dev postgresql prometheus sqlite3 clang libclang-rt-14-dev git poppler-utils python3-aiosmtpd mandoc zsh)

bench=(jq postgresql)

case "${1:-}" in
build) wanted=("${build[@]}") ;;
test) wanted=("${build[@]}" "${test[@]}") ;;
bench) wanted=("${build[@]}" "${test[@]}" "${bench[@]}") ;;
*)
  echo "usage: packages.sh build|test|bench" >&2
  exit 2
  ;;
esac
# A Node.js from elsewhere brings npm along and conflicts with Debian's.
if [ "$1" != build ] && ! command -v npm >/dev/null; then
  wanted+=(nodejs npm)
fi

missing=()
for package in "${wanted[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "needs root or sudo to install: ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -q >/dev/null
# Packages' services are not wanted: tests start what they need, and of prometheus they need promtool only. Debian's
# postgresql would make a cluster of its own besides.
undo=()
undo() { for file in "${undo[@]}"; do "${as_root[@]}" rm -f "$file"; done; }
trap undo EXIT
# once FILE MODE TEXT: while packages are being installed, unless there is such a file.
once() {
  [ ! -e "$1" ] || return 0
  undo+=("$1")
  "${as_root[@]}" mkdir -p "${1%/*}"
  echo "$3" | "${as_root[@]}" tee "$1" >/dev/null
  "${as_root[@]}" chmod "$2" "$1"
}
once /etc/postgresql-common/createcluster.conf 644 "create_main_cluster = false"
once /usr/sbin/policy-rc.d 755 $'#!/bin/sh\nexit 101'
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
  -o Dpkg::Options::=--force-confdef "${missing[@]}" >/dev/null
# Nor at the next start of the machine.
if [[ " ${missing[*]} " == *" prometheus "* ]] && [ -d /run/systemd/system ]; then
  "${as_root[@]}" systemctl disable --quiet prometheus
fi
