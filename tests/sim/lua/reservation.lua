-- Reservations: of a connector, or with connector 0 of any.
local core = require "core"
local task = require "task"

local actions, methods = {}, {}

-- The reservation of a connector, not counting those of connector 0.
function methods.reservation_of(cp, connector)
  for _, reservation in pairs(cp.reservations) do
    if reservation.connector == connector then
      return reservation
    end
  end
end

local function parent_of(cp, id_tag)
  local info = cp.local_list.entries[id_tag] or cp.cache[id_tag]
  return info and info.parentIdTag
end

local function is_for(cp, reservation, id_tag)
  return id_tag == reservation.id_tag
    or reservation.parent_id_tag ~= nil and reservation.parent_id_tag == parent_of(cp, id_tag)
end

-- How a connector stands to a reservation: Accepted, or the status to refuse with. `except` is replaced by it.
local function standing(cp, connector, except)
  local state = cp.connector[connector]
  local reserved = cp:reservation_of(connector)
  if state.status == "Faulted" then
    return "Faulted"
  elseif not state.available then
    return "Unavailable"
  elseif state.session or reserved and reserved ~= except then
    return "Occupied"
  end
  local idle = state.status == "Available" or state.status == "Reserved"
  return idle and "Accepted" or state.status == "Unavailable" and "Unavailable" or "Occupied"
end

local function count_open(cp, except)
  local open, refusal = 0, nil
  for connector = 1, cp.connectors do
    local found = standing(cp, connector, except)
    open = open + (found == "Accepted" and 1 or 0)
    refusal = refusal or found
  end
  for _, reservation in pairs(cp.reservations) do
    if reservation.connector == 0 and reservation ~= except then
      open = open - 1
    end
  end
  return open, refusal ~= "Accepted" and refusal or "Occupied"
end

-- Whether the token may have the connector: it is reserved for it, or nobody's reservation needs it.
function methods.may_use(cp, connector, id_tag)
  local own = cp:reservation_of(connector)
  if own then
    return is_for(cp, own, id_tag)
  end
  for _, reservation in pairs(cp.reservations) do
    if reservation.connector == 0 and is_for(cp, reservation, id_tag) then
      return true
    end
  end
  return next(cp.reservations) == nil or count_open(cp) > 0
end

-- Asks the server for the token's group, where a reservation for a group makes it matter.
function methods.learn_parent(cp, id_tag)
  for _, reservation in pairs(cp.reservations) do
    if reservation.parent_id_tag and cp.connected and not is_for(cp, reservation, id_tag) then
      return cp:authorize(id_tag)
    end
  end
end

local function judge(cp, payload, replaced)
  local connector = payload.connectorId
  local expiry = core.parse_time(payload.expiryDate)
  if not expiry or expiry <= cp:clock_ms() or not cp.connector[connector] then
    return "Rejected"
  elseif connector == 0 and cp.configuration.ReserveConnectorZeroSupported ~= "true" then
    return "Rejected"
  end
  local open, refusal = count_open(cp, replaced)
  if connector > 0 then
    local found = standing(cp, connector, replaced)
    return found == "Accepted" and open < 1 and "Occupied" or found
  elseif not cp.connector[0].available then
    return "Unavailable"
  end
  return open > 0 and "Accepted" or refusal
end

local function show(cp, connector)
  local state = cp.connector[connector]
  if connector > 0 and not state.session and (state.status == "Available" or state.status == "Reserved") then
    cp:tell_status(connector, cp:idle_status(connector))
  end
end

-- Forgets it; true if it was there.
local function remove(cp, reservation)
  if cp.reservations[reservation.id] ~= reservation then
    return false
  end
  cp.reservations[reservation.id] = nil
  if reservation.timer then
    reservation.timer:cancel()
  end
  return true
end

local function expire(cp, reservation)
  reservation.timer = nil
  if remove(cp, reservation) then
    cp:say("%-20s %d expired", "reservation", reservation.id)
    show(cp, reservation.connector)
  end
end

local function reserve(cp, payload)
  local reservation = {
    id = payload.reservationId,
    connector = payload.connectorId,
    id_tag = payload.idTag,
    parent_id_tag = payload.parentIdTag,
    expiry_ms = core.parse_time(payload.expiryDate),
  }
  cp.reservations[reservation.id] = reservation
  reservation.timer = core.timer(math.min((reservation.expiry_ms - cp:clock_ms()) / 1000, 1e8), function()
    task.spawn(expire, cp, reservation)
  end)
end

function actions.ReserveNow(cp, payload)
  local replaced = cp.reservations[payload.reservationId]
  local status = judge(cp, payload, replaced)
  if status ~= "Accepted" then
    return { status = status }
  end
  if replaced then
    remove(cp, replaced)
  end
  reserve(cp, payload)
  return { status = "Accepted" },
    function()
      if replaced and replaced.connector ~= payload.connectorId then
        show(cp, replaced.connector)
      end
      show(cp, payload.connectorId)
    end
end

function actions.CancelReservation(cp, payload)
  local reservation = cp.reservations[payload.reservationId]
  if not reservation then
    return { status = "Rejected" }
  end
  remove(cp, reservation)
  return { status = "Accepted" }, function()
    show(cp, reservation.connector)
  end
end

-- The reservation that a session on the connector takes; its id. `id`: as the story says, false for none.
function methods.use_reservation(cp, connector, id_tag, id)
  if id then
    if cp.reservations[id] then
      remove(cp, cp.reservations[id])
    end
    return id
  end
  local own, any = cp:reservation_of(connector), nil
  for _, reservation in pairs(cp.reservations) do
    if reservation.connector == 0 and is_for(cp, reservation, id_tag) then
      any = reservation
    end
  end
  local found = own and is_for(cp, own, id_tag) and own or any
  if found and id == nil then
    remove(cp, found)
    return found.id
  end
end

-- A connector, or with 0 the charger, that fails loses its reservations.
function methods.end_reservations(cp, connector)
  for _, reservation in pairs(cp.reservations) do
    if reservation.connector == connector or connector == 0 then
      remove(cp, reservation)
    end
  end
end

return {
  feature = "Reservation",
  configuration = { ReserveConnectorZeroSupported = "true" },
  readonly = { "ReserveConnectorZeroSupported" },
  init = function(cp)
    cp.reservations = {}
  end,
  actions = actions,
  methods = methods,
}
