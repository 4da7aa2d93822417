# Sourced: an empty work folder, and in it the server's description and the client of it.
bin=$OPENAPI_MODULES/node_modules/.bin
rm -rf "$OPENAPI_WORK"
mkdir "$OPENAPI_WORK"
cd "$OPENAPI_WORK"
curl -sSf ${BUSBAR_CA:+--cacert "$BUSBAR_CA"} -o openapi.json "$BUSBAR_URL/openapi.json"
"$bin/openapi-ts" -i openapi.json -o client -c @hey-api/client-fetch
