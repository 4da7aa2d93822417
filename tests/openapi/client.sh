# Every warning of the linter fails; the client must compile with all of the compiler's checks.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=$OPENAPI_MODULES/node_modules/.bin
work=$OPENAPI_MODULES/work
rm -rf "$work"
mkdir "$work"
cd "$work"
curl -sSf -o openapi.json "$BUSBAR_URL/openapi.json"
"$bin/spectral" lint --ruleset "$here/ruleset.yaml" --fail-severity warn openapi.json
"$bin/openapi-ts" -i openapi.json -o client -c @hey-api/client-fetch
"$bin/tsc" --noEmit --strict --target es2022 --module esnext --moduleResolution bundler --lib es2022,dom,dom.iterable client/index.ts
