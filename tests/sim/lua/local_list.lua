-- Whom a charger knows: the local authorization list that the server sends, and the cache of what
-- the server has answered.
local core = require "core"

local actions, methods = {}, {}

local function number(cp, key)
  return tonumber(cp.configuration[key])
end

local function count(entries)
  local n = 0
  for _ in pairs(entries) do
    n = n + 1
  end
  return n
end

-- The entries after the update, or nil if it cannot be done.
local function updated(old, update, full)
  local entries, seen = {}, {}
  for id_tag, info in pairs(full and {} or old) do
    entries[id_tag] = info
  end
  for _, entry in ipairs(update) do
    if seen[entry.idTag] or full and not entry.idTagInfo then
      return nil
    end
    seen[entry.idTag] = true
    entries[entry.idTag] = entry.idTagInfo
  end
  return entries
end

function actions.SendLocalList(cp, payload)
  local list, update, full = cp.local_list, payload.localAuthorizationList or {}, payload.updateType == "Full"
  if cp.configuration.LocalAuthListEnabled ~= "true" then
    return { status = "NotSupported" }
  elseif payload.listVersion <= 0 or #update > number(cp, "SendLocalListMaxLength") then
    return { status = "Failed" }
  elseif not full and payload.listVersion <= list.version then
    return { status = "VersionMismatch" }
  end
  local entries = updated(list.entries, update, full)
  if not entries or count(entries) > number(cp, "LocalAuthListMaxLength") then
    return { status = "Failed" }
  end
  list.entries, list.version = entries, payload.listVersion
  return { status = "Accepted" }
end

function actions.GetLocalListVersion(cp)
  if cp.configuration.LocalAuthListEnabled ~= "true" then
    return { listVersion = -1 }
  end
  return { listVersion = next(cp.local_list.entries) and cp.local_list.version or 0 }
end

function actions.ClearCache(cp)
  if cp.configuration.AuthorizationCacheEnabled ~= "true" then
    return { status = "Rejected" }
  end
  cp.cache = {}
  return { status = "Accepted" }
end

-- Keeps what the server said about a token.
function methods.remember(cp, id_tag, info)
  if info and id_tag then
    cp.cache[id_tag] = info
  end
end

local function is_good(cp, info)
  local expiry = info and info.expiryDate and core.parse_time(info.expiryDate)
  return info and info.status == "Accepted" and not (expiry and expiry <= cp:clock_ms())
end

-- What the list or else the cache knows about a token.
function methods.known_token(cp, id_tag)
  if cp.configuration.LocalAuthListEnabled == "true" and cp.local_list.entries[id_tag] then
    return cp.local_list.entries[id_tag], "list"
  elseif cp.configuration.AuthorizationCacheEnabled == "true" and cp.cache[id_tag] then
    return cp.cache[id_tag], "cache"
  end
end

-- Who is at the reader: the idTagInfo, and where it comes from: "list", "cache", "server", or "unknown" while
-- offline.
function methods.identify(cp, id_tag)
  local settings = cp.configuration
  local info, source = cp:known_token(id_tag)
  local good = is_good(cp, info)
  if cp.connected then
    if good and settings.LocalPreAuthorize == "true" then
      return info, source
    end
    return cp:authorize(id_tag), "server"
  elseif info and settings.LocalAuthorizeOffline == "true" then
    return good and info or { status = info.status == "Accepted" and "Expired" or info.status }, source
  end
  return { status = settings.AllowOfflineTxForUnknownId == "true" and "Accepted" or "Invalid" }, "unknown"
end

-- present{connector=, id_tag=}: a car is plugged in and a card shown. The session; or nil and why there is none.
function methods.present(cp, fields)
  local connector = fields.connector or 1
  local info, source = cp:identify(fields.id_tag)
  cp:say("%-20s %s is %s (%s)", "card", fields.id_tag, info.status, source)
  if info.status ~= "Accepted" then
    return nil, info.status
  elseif not cp:is_free(connector, fields.id_tag) then
    return nil, cp:reservation_of(connector) and "Reserved" or cp.connector[connector].status
  end
  return cp:begin(connector, fields.id_tag)
end

return {
  feature = "LocalAuthListManagement",
  configuration = {
    AllowOfflineTxForUnknownId = "false",
    AuthorizationCacheEnabled = "true",
    LocalAuthListEnabled = "true",
    LocalAuthListMaxLength = "100",
    LocalAuthorizeOffline = "true",
    LocalPreAuthorize = "false",
    SendLocalListMaxLength = "20",
  },
  readonly = { "LocalAuthListMaxLength", "SendLocalListMaxLength" },
  init = function(cp)
    cp.local_list = { version = 0, entries = {} }
    cp.cache = {}
  end,
  actions = actions,
  methods = methods,
}
