-- A payment provider that stands in for Stripe: it checks requests as Stripe does, remembers their Idempotency-Keys, and signs what
-- it tells.
local stripe = { key = "sk_test_of_this_story", secret = "whsec_of_this_story", old_secret = "whsec_of_before" }

local function hmac(key, text)
  key = key .. ("\0"):rep(64 - #key)
  local function padded(with)
    return (key:gsub(".", function(c) return string.char(c:byte() ~ with) end))
  end
  return crypto.sha256(padded(0x5c) .. crypto.unhex(crypto.sha256(padded(0x36) .. text)))
end

local function unescape(text)
  return (text:gsub("+", " "):gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

local function form(body)
  local fields = {}
  for name, value in body:gmatch "([^&=]+)=([^&]*)" do
    fields[unescape(name)] = unescape(value)
  end
  return fields
end

local function problem(status, message)
  return { status = status, body = { error = { message = message } } }
end

local Gateway = {}
Gateway.__index = Gateway

-- How it stands with a payment, as an event or an answer shows it.
local function session_of(fields, id)
  return {
    id = id,
    object = "checkout.session",
    status = "open",
    payment_status = "unpaid",
    amount_total = tonumber(fields["line_items[0][price_data][unit_amount]"]) * tonumber(fields["line_items[0][quantity]"]),
    currency = fields["line_items[0][price_data][currency]"],
    client_reference_id = fields.client_reference_id,
    metadata = { payment = fields["metadata[payment]"] },
    expires_at = tonumber(fields.expires_at),
    url = "https://checkout.example/" .. id,
  }
end

function Gateway:create(fields)
  for _, name in ipairs { "success_url", "line_items[0][price_data][product_data][name]", "payment_intent_data[metadata][payment]" } do
    if not fields[name] then
      return problem(400, "Missing required param: " .. name)
    end
  end
  if fields.mode ~= "payment" or not fields["line_items[0][price_data][currency]"]:find "^%l%l%l$" then
    return problem(400, "Invalid mode or currency")
  end
  self.count = self.count + 1
  local session = session_of(fields, "cs_test_" .. self.count .. crypto.hex(crypto.random(4)))
  self.sessions[session.id], self.by_payment[session.metadata.payment] = session, session
  return { body = session }
end

function Gateway:refund(fields)
  local session = self.by_intent[fields.payment_intent]
  local amount = tonumber(fields.amount)
  if not session then
    return problem(404, "No such payment_intent")
  elseif self.refuse_refunds or amount > session.amount_total - session.refunded then
    return problem(400, "Refund amount is greater than unrefunded amount on charge")
  end
  session.refunded = session.refunded + amount
  self.count = self.count + 1
  local refund = { id = "re_" .. self.count, object = "refund", status = "succeeded", amount = amount, currency = session.currency,
    payment_intent = fields.payment_intent, metadata = { payment = fields["metadata[payment]"], refund = fields["metadata[refund]"] } }
  self.refunds[#self.refunds + 1] = refund
  return { body = refund }
end

-- The first request of a key is done, those that repeat it get its answer.
function Gateway:post(request, what)
  local key = request.headers["idempotency-key"]
  if not key then
    return problem(400, "this stand-in wants an Idempotency-Key")
  elseif request.headers["content-type"] ~= "application/x-www-form-urlencoded" then
    return problem(400, "not a form")
  end
  local before = self.keys[key]
  if before and before.body ~= request.body then
    return problem(400, "Keys for idempotent requests can only be used with the same parameters they were first used with.")
  end
  before = before or { body = request.body, answer = self[what](self, form(request.body)) }
  if before.answer.status ~= 400 then
    self.keys[key] = before
  end
  return before.answer
end

function Gateway:answer(request)
  if request.headers.authorization ~= "Bearer " .. stripe.key then
    return problem(401, "Invalid API Key provided")
  elseif request.method == "POST" and request.path == "/v1/checkout/sessions" then
    return self:post(request, "create")
  elseif request.method == "POST" and request.path == "/v1/refunds" then
    return self:post(request, "refund")
  end
  local session = self.sessions[request.path:match "^/v1/checkout/sessions/([%w_]+)$"]
  return session and { body = session } or problem(404, "No such checkout session")
end

-- Its page, in the payer's browser: they pay.
function Gateway:pay(id, status)
  local session = self.by_payment[id]
  self.count = self.count + 1
  session.status, session.payment_status, session.refunded = "complete", status or "paid", 0
  session.payment_intent = session.payment_intent or "pi_" .. self.count
  self.by_intent[session.payment_intent] = session
  return session
end

function Gateway:event(type, object, id)
  self.count = self.count + 1
  return { id = id or "evt_" .. self.count .. crypto.hex(crypto.random(4)), object = "event", type = type, created = math.floor(os.time()),
    data = { object = object } }
end

function Gateway:charge(id, refunded)
  local session = self.by_payment[id]
  return { id = "ch_1", object = "charge", amount = session.amount_total, amount_refunded = refunded, currency = session.currency,
    payment_intent = session.payment_intent, metadata = { payment = id } }
end

function Gateway:dispute(id, status, amount, name)
  local session = self.by_payment[id]
  return { id = name or "du_1", object = "dispute", amount = amount or session.amount_total, currency = session.currency, status = status,
    payment_intent = session.payment_intent, metadata = {} }
end

function stripe.signature(body, time, secret)
  return hmac(secret or stripe.secret, math.floor(time) .. "." .. body)
end

function stripe.header(body, time, secret)
  time = math.floor(time or os.time())
  return "t=" .. time .. ",v1=" .. stripe.signature(body, time, secret) .. ",v0=" .. ("0"):rep(64)
end

-- Sends it as it is; `header` false: without a signature.
function stripe.send(body, header)
  if header == nil then
    header = stripe.header(body)
  end
  return http { method = "POST", path = "/payments/stripe/webhook", body = body, key = false,
    headers = header and { ["Stripe-Signature"] = header } or {} }
end

-- Tells an event as Stripe does; it must be taken.
function Gateway:tell(type, object, id)
  local event = self:event(type, object, id)
  local answer = stripe.send(json.encode(event))
  equal(answer.status, 200, answer.text)
  return answer.body.outcome, event
end

-- `meddle(request, gateway)` may answer in its place, or return nothing.
function stripe.gateway()
  local g = setmetatable({ count = 0, sessions = {}, by_payment = {}, by_intent = {}, keys = {}, refunds = {} }, Gateway)
  g.server = http_server {
    answer = function(request)
      local instead
      if g.meddle then
        instead = g.meddle(request, g)
      end
      if instead ~= nil then
        return instead
      end
      return g:answer(request)
    end,
  }
  server.reload { payments_stripe = { api_base = g.server.url, secret_key = stripe.key, webhook_secret = stripe.secret,
    success_url = "https://operator.example/paid?a=b", cancel_url = "https://operator.example/", product = "Credit & more" } }
  return g
end

function stripe.checkout(user, amount_minor, fields)
  local body = { amount_minor = amount_minor }
  for k, v in pairs(fields or {}) do body[k] = v end
  return http.post("/api/admin/users/" .. user .. "/wallet/checkout", body)
end

function stripe.payment(id)
  return http.get("/api/admin/payments/" .. id).body
end

function stripe.when(id, state)
  return eventually(function()
    local p = stripe.payment(id)
    return p.state == state and p
  end)
end

function stripe.mismatches()
  local kinds = {}
  for _, m in ipairs(http.get("/api/admin/payments/mismatches").body.items) do
    kinds[#kinds + 1] = m.kind
  end
  return table.concat(kinds, " ")
end

return stripe
