# Every warning of the linter fails; the client must compile with all of the compiler's checks.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/generate.sh"
"$bin/spectral" lint --ruleset "$here/ruleset.yaml" --fail-severity warn openapi.json
"$bin/tsc" --noEmit --strict --target es2022 --module esnext --moduleResolution bundler --lib es2022,dom,dom.iterable client/index.ts
