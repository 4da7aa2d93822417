-- Members that are null where they should be absent. Lua does not see them, so returning the message drops them.
function normalize(message)
  return #message.nulls > 0 and message or nil
end
