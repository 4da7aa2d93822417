-- Options of a plugin that cannot be: a reload refuses them, says why and changes nothing, and so does a start.
return function(plugin, options, words)
  local before, kept = #server.log(), server.config[plugin]
  server.config[plugin] = options
  server.write_config()
  server.signal "HUP"
  eventually(function()
    return server.log():sub(before + 1):find "reload refused"
  end)
  local said = server.log():sub(before + 1):gsub('\\"', '"')
  check(said:find(words, 1, true), said)
  server.stop()
  check(server.start_failing() ~= 0)
  server.config[plugin] = kept
  server.start()
end
