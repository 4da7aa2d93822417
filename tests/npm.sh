# Sourced: npm_install FOLDER MODULES puts the packages of FOLDER's lock file into MODULES, if they are not there.
npm_install()
{
  mkdir -p "$2"
  (
    flock 9
    if ! cmp -s "$1/package-lock.json" "$2/installed.json"; then
      cp "$1/package.json" "$1/package-lock.json" "$2/"
      npm ci --prefix "$2" --no-audit --no-fund --loglevel=error
      cp "$1/package-lock.json" "$2/installed.json"
    fi
  ) 9>"$2/lock"
}
