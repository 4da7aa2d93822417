-- What an operator does by busbarctl script: push, look, activate, roll back, see failures.
local ctl = require "ctl"
local function done(line, pattern)
  return ctl.done("script " .. line, pattern)
end
local function refused(line, status, pattern)
  ctl.refused("script " .. line, status, pattern)
end
local folder = server.folder .. "/"
local function told()
  return http.get("/api/admin/scripts/activations").body.items[1]
end

equal(program { "mkdir", "-p", server.folder .. "/shop" }, 0)
local one = "local words = require 'words'\nfunction stop(session)\n  return { note = words.note }\nend\n"
server.write_file("shop/main.lua", one)
server.write_file("shop/words.lua", "return { note = 'one' }\n")
done("push " .. folder .. "shop note=first", "hooks%s+stop.*main%s+1.*words%s+1")
matches(told(), { number = 1, scripts = 2, note = "first", created_by = "admin" })
done("push " .. folder .. "shop", "changed%s+false")
server.write_file("words.lua", "return { note = 'two' }\n")
done("push " .. folder .. "words.lua", "number%s+2")
server.write_file("words.lua", "return {\n note = = 'two' }\n")
refused("push " .. folder .. "words.lua", 1, "422 words:2:.*scripts%[0%].source")
done("list", "main%s+1%s+1.*words%s+2%s+2")
equal(done "show main", one)
equal(done "show words 1", "return { note = 'one' }\n")
equal(json.decode(ctl.done "--json script show words").version, 2)
done("versions words", "2%s.*1%s")
done("activate words=1 note:='\"back\"'", "number%s+3")
done("rollback", "number%s+4.*words%s+2")
done("rollback 1", "number%s+5.*words%s+1")
done("activations", "default%s+5%s+1%s+stop")
refused("remove words", 1, "422 main:1:")
refused("remove nothing", 1, "there is no script nothing")
refused("show nothing", 1, "there is no script nothing")
refused("push nothing.lua", 1, "nothing.lua: No such file")
equal(program { "mkdir", server.folder .. "/empty" }, 0)
refused("push " .. folder .. "empty", 1, "empty: there is no .lua file")
refused("activate words=x", 2, "the version is a number")
refused("push", 2, "script push FILE|DIR")
refused("versions", 2, "script versions SCRIPT")
refused("nonsense", 2, "script has no nonsense; it has check, try, ")
done("failures")
done("deactivate", "scripts")
equal(told().scripts, 0)
done("remove main")
equal(#http.get("/api/admin/scripts").body.items, 1)
