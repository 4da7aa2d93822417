# day.sh: the day is compiled with the client of this very server, and told to it. `day.sh away`: what was compiled is told that
# storage is away.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export NODE_EXTRA_CA_CERTS="$BUSBAR_CA"
if [ "${1-}" != away ]; then
  . "$here/generate.sh"
  cp -r "$here/day" "$here/tsconfig.json" .
  "$bin/tsc" --project .
fi
exec node "$OPENAPI_WORK/js/day/${1-main}.js"
