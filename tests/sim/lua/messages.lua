-- The charger's own OCPP 1.6 messages, with what a story does not care about filled in.
local check = require "check"
local task = require "task"

return function(Charger)
  function Charger:boot(fields)
    local payload = {
      chargePointVendor = self.vendor,
      chargePointModel = self.model,
      chargePointSerialNumber = self.serial,
      firmwareVersion = self.firmware,
    }
    for key, value in pairs(fields or {}) do
      payload[key] = value
    end
    local response = self:demand("BootNotification", payload)
    self.accepted = response.status == "Accepted"
    if self.accepted and response.interval > 0 then
      self.configuration.HeartbeatInterval = tostring(response.interval)
    end
    self:resume_queue()
    return response
  end

  function Charger:authorize(id_tag)
    local info = self:demand("Authorize", { idTag = id_tag }).idTagInfo
    self:remember(id_tag, info)
    return info
  end

  function Charger:heartbeat()
    return self:demand("Heartbeat", {})
  end

  -- status{connector=, status=, error=, info=, timestamp=, vendor_id=, vendor_error=}, or
  -- status(connector, "Charging")
  function Charger:status(fields, status)
    if type(fields) ~= "table" then
      fields = { connector = fields, status = status }
    end
    local connector = fields.connector or 1
    self:note_status(connector, fields.status)
    return self:demand("StatusNotification", {
      connectorId = connector,
      status = fields.status,
      errorCode = fields.error or "NoError",
      info = fields.info,
      timestamp = fields.timestamp or self:now(),
      vendorId = fields.vendor_id,
      vendorErrorCode = fields.vendor_error,
    })
  end

  -- Keeps it; a failed or unavailable connector loses its reservations.
  function Charger:note_status(connector, status)
    if self.connector[connector] then
      self.connector[connector].status = status
    end
    if status == "Faulted" or status == "Unavailable" then
      self:end_reservations(connector)
    end
  end

  function Charger:data_transfer(vendor_id, message_id, data)
    return self:demand("DataTransfer", { vendorId = vendor_id, messageId = message_id, data = data })
  end

  -- The meterValue element of {timestamp=, energy_wh=, power_w=, current_a=, voltage_v=, soc=,
  -- context=, samples= (a sampledValue list as it is)}.
  local measurands = {
    { "energy_wh", "Energy.Active.Import.Register", "Wh" },
    { "power_w", "Power.Active.Import", "W" },
    { "current_a", "Current.Import", "A" },
    { "voltage_v", "Voltage", "V" },
    { "soc", "SoC", "Percent" },
  }

  function Charger:meter_value(fields)
    local samples = fields.samples or {}
    if not fields.samples then
      for _, m in ipairs(measurands) do
        if fields[m[1]] then
          samples[#samples + 1] =
            { value = tostring(fields[m[1]]), measurand = m[2], unit = m[3], context = fields.context }
        end
      end
    end
    return { timestamp = fields.timestamp or self:now(), sampledValue = samples }
  end

  local Session = {}
  Session.__index = Session

  -- Transaction messages go through a queue: in order, kept while the line is down, sent again
  -- under the same message id until they are answered.
  local function enqueue(self, action, build)
    local entry = { action = action, build = build, id = self:new_message_id() }
    self.queue[#self.queue + 1] = entry
    self:resume_queue()
    return entry
  end

  -- After an error the message is tried again as a new one, TransactionMessageAttempts times in all.
  local function wants_retry(self, entry)
    entry.attempts = (entry.attempts or 0) + 1
    if entry.attempts >= (tonumber(self.configuration.TransactionMessageAttempts) or 1) then
      return false
    end
    task.sleep(entry.attempts * (tonumber(self.configuration.TransactionMessageRetryInterval) or 0))
    entry.id = self:new_message_id()
    return true
  end

  local function deliver(self, entry)
    local response, err = self:call(entry.action, entry.build(), { id = entry.id })
    if not response and (err.code == "Closed" or err.code == "Timeout") then
      return false
    elseif not response and wants_retry(self, entry) then
      return deliver(self, entry)
    end
    entry.response, entry.error, entry.done = response, err, true
    if entry.on_response and response then
      entry.on_response(response)
    end
    return true
  end

  function Charger:resume_queue()
    if self.flushing or not self.connected or self.accepted == false or #self.queue == 0 then
      return
    end
    self.flushing = true
    task.spawn(function()
      while self.connected and #self.queue > 0 and deliver(self, self.queue[1]) do
        table.remove(self.queue, 1)
        self.changed:notify()
      end
      self.flushing = false
      self.changed:notify()
    end)
  end

  -- Waits until everything queued has been answered.
  function Charger:flush(timeout)
    local empty = self.changed:wait_for(function()
      return #self.queue == 0
    end, timeout or self.timeout)
    if not empty then
      self:fail("%d messages are still waiting to be sent", #self.queue)
    end
  end

  -- The answer; nil while offline.
  local function wait_delivered(self, entry)
    local link = self.link
    if not self.connected or self.accepted == false then
      self:say("%-20s queued", entry.action)
      return nil
    end
    self.changed:wait_for(function()
      return entry.done or self.link ~= link
    end, self.timeout)
    if entry.error then
      self:fail("%s was answered %s: %s", entry.action, entry.error.code, entry.error.description)
    end
    return entry.response
  end

  -- start{connector=, id_tag=, meter_start=, timestamp=, reservation_id=}: a session. Once the
  -- server has answered it has id (transactionId) and status (of the idTag).
  function Charger:start(fields)
    local connector = fields.connector or 1
    local state = self.connector[connector] or { meter_wh = 0 }
    local session = setmetatable({
      charger = self,
      connector = connector,
      id_tag = fields.id_tag,
      meter_start = fields.meter_start or state.meter_wh,
      timestamp = fields.timestamp or self:now(),
    }, Session)
    session.meter_wh = session.meter_start
    state.session, state.meter_wh = session, session.meter_start
    local reservation_id = self:use_reservation(connector, session.id_tag, fields.reservation_id)
    local entry = enqueue(self, "StartTransaction", function()
      return {
        connectorId = connector,
        idTag = session.id_tag,
        meterStart = session.meter_start,
        timestamp = session.timestamp,
        reservationId = reservation_id or nil,
      }
    end)
    entry.on_response = function(response)
      session.id, session.status = response.transactionId, response.idTagInfo.status
      session.response = response
      self:remember(session.id_tag, response.idTagInfo)
    end
    wait_delivered(self, entry)
    return session
  end

  -- The session that runs on a connector.
  function Charger:session(connector)
    local state = self.connector[connector or 1]
    return state and state.session
  end

  -- meter{energy_wh=, power_w=, ..., timestamp=, values= (several such), meter_values= (as it is)}
  function Session:meter(fields)
    local cp = self.charger
    self.meter_wh = fields.energy_wh or self.meter_wh
    local values = fields.meter_values or {}
    if not fields.meter_values then
      for i, value in ipairs(fields.values or { fields }) do
        values[i] = cp:meter_value(value)
      end
    end
    local entry = enqueue(cp, "MeterValues", function()
      return { connectorId = self.connector, transactionId = self.id or -1, meterValue = values }
    end)
    return wait_delivered(cp, entry)
  end

  -- stop{meter_stop=, timestamp=, reason=, id_tag=, data= (as meter's values)}: the response.
  function Session:stop(fields)
    fields = fields or {}
    local cp, data = self.charger, nil
    if fields.data then
      data = {}
      for i, value in ipairs(fields.data) do
        data[i] = cp:meter_value(value)
      end
    end
    local state = cp.connector[self.connector]
    if state and state.session == self then
      state.session = nil
      cp:drop_profiles(self)
      cp.changed:notify()
      state.meter_wh = fields.meter_stop or self.meter_wh
    end
    local timestamp = fields.timestamp or cp:now()
    local entry = enqueue(cp, "StopTransaction", function()
      return {
        transactionId = fields.transaction_id or self.id or -1,
        meterStop = fields.meter_stop or self.meter_wh,
        timestamp = timestamp,
        reason = fields.reason,
        idTag = fields.id_tag,
        transactionData = data,
      }
    end)
    entry.on_response = function(response)
      self.stopped = response
      cp:remember(fields.id_tag, response.idTagInfo)
    end
    return wait_delivered(cp, entry)
  end

  local function session_of(self, fields)
    local connector = fields.connector or 1
    local session = self:session(connector)
    if fields.transaction_id and (not session or session.id ~= fields.transaction_id) then
      session = setmetatable({ charger = self, connector = connector, id = fields.transaction_id, meter_wh = 0 }, Session)
    end
    return session
  end

  -- meter{connector=, transaction_id=, ...}: as a session's; without a session, a clock-aligned one.
  function Charger:meter(fields)
    local session = session_of(self, fields)
    if session then
      return session:meter(fields)
    end
    return self:demand("MeterValues", {
      connectorId = fields.connector or 1,
      meterValue = fields.meter_values or { self:meter_value(fields) },
    })
  end

  -- stop{connector=, transaction_id=, ...}: as a session's.
  function Charger:stop(fields)
    fields = fields or {}
    local session = session_of(self, fields)
    if not session then
      self:fail("no session on connector %d", fields.connector or 1)
    end
    return session:stop(fields)
  end
end
