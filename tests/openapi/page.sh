# Opens /docs. Packages are found from where a module lies, so it is copied beside them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$OPENAPI_WORK"
mkdir "$OPENAPI_WORK"
cp "$here/page.mjs" "$OPENAPI_WORK"
exec node "$OPENAPI_WORK/page.mjs"
