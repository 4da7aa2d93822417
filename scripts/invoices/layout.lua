-- How an invoice, a receipt or a credit note looks: its figures and texts in the document's language,
-- and the page. The PDF shows the same texts. A further language is one more entry of `languages`.

local languages = {
  en = {
    point = ".", group = ",", date = "%d %s %d", period = "%s %d",
    months = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December" },
    invoice = "Invoice", receipt = "Receipt", credit_note = "Credit note",
    number = { invoice = "Invoice number", receipt = "Receipt number", credit_note = "Credit note number" },
    issued_on = "Date", month = "Period", customer = "Customer", tax_id = "Tax ID", your_tax_id = "Your tax ID",
    email = "E-mail", phone = "Phone", bank = "Bank details", connector = "connector", token = "token",
    credits = "Credit for invoice %s of %s", no_invoice = "This receipt is not an invoice.",
    cancels = "Reason: %s",
    columns = { "Description", "Quantity", "Unit price", "Amount" },
    net = "Net", tax = "VAT", gross = "Gross", total = "Total", paid = "Paid from balance", due = "Amount due", rate = "VAT rate", page = "Page {page} of {pages}",
    phrases = {}, units = {},
  },
  de = {
    point = ",", group = ".", date = "%d. %s %d", period = "%s %d",
    months = { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
      "Dezember" },
    invoice = "Rechnung", receipt = "Beleg", credit_note = "Gutschrift",
    number = { invoice = "Rechnungsnummer", receipt = "Belegnummer", credit_note = "Gutschriftsnummer" },
    issued_on = "Datum", month = "Zeitraum", customer = "Kunde", tax_id = "Steuernummer", your_tax_id = "Ihre Steuernummer",
    email = "E-Mail", phone = "Telefon", bank = "Bankverbindung", connector = "Anschluss", token = "Karte",
    credits = "Gutschrift zur Rechnung %s vom %s", no_invoice = "Dieser Beleg ist keine Rechnung.",
    cancels = "Grund: %s",
    columns = { "Beschreibung", "Menge", "Einzelpreis", "Betrag" },
    net = "Netto", tax = "MwSt.", gross = "Brutto", total = "Gesamtbetrag", paid = "Vom Guthaben bezahlt", due = "Zu zahlen",
    rate = "Steuersatz",
    page = "Seite {page} von {pages}",
    phrases = {
      Energy = "Energie", Time = "Zeit", Charging = "Laden", Parking = "Parken", ["Charging time"] = "Ladezeit",
      ["Idle time"] = "Standzeit", ["Parking time"] = "Parkzeit", ["Session fee"] = "Startgebühr", Cap = "Höchstpreis",
      ["Minimum price"] = "Mindestpreis", ["Maximum price"] = "Höchstpreis",
    },
    units = { session = "Vorgang", day = "Tag", h = "Std.", min = "Min." },
  },
}

local function words_of(document)
  return languages[document.language] or languages.en
end

-- "1,234.50": `digits` behind the point, which is given as "1234.50".
local function localized(words, text)
  local sign, whole, rest = text:match "^(-?)(%d+)%.?(%d*)$"
  local groups = #whole
  while groups > 3 do
    groups = groups - 3
    whole = whole:sub(1, groups) .. words.group .. whole:sub(groups + 1)
  end
  return sign .. whole .. (rest ~= "" and words.point .. rest or "")
end

local function amount(words, document, minor)
  local unit = math.tointeger(10 ^ document.decimals)
  local size = minor < 0 and -minor or minor
  local text = (minor < 0 and "-" or "") .. size // unit
  if document.decimals > 0 then text = string.format("%s.%0" .. document.decimals .. "d", text, size % unit) end
  return localized(words, text)
end

local function money(words, document, minor)
  return amount(words, document, minor) .. " " .. document.currency
end

-- At least `least` digits behind the point, at most `most`.
local function number(words, value, least, most)
  local text = string.format("%." .. most .. "f", value)
  if most > 0 then
    local whole, rest = text:match "^(.-)%.(%d+)$"
    while #rest > least and rest:sub(-1) == "0" do rest = rest:sub(1, -2) end
    text = rest == "" and whole or whole .. "." .. rest
  end
  return localized(words, text)
end

local function unit_price(words, document, minor)
  local digits = document.decimals
  return number(words, minor / 10 ^ digits, digits, digits + 4)
end

local function percent(words, value)
  return value and number(words, value, 0, 4) .. " %" or "?"
end

-- Local times are texts: "2026-11-21T09:14:05+01:00".
local function date(words, text)
  local year, month, day = text:match "^(%d+)-(%d+)-(%d+)"
  return string.format(words.date, tonumber(day), words.months[tonumber(month)], tonumber(year))
end

local function span(words, from, to)
  local start, stop = from:sub(12, 16), to:sub(12, 16)
  -- Clocks were changed meanwhile.
  if from:sub(20) ~= to:sub(20) then start, stop = start .. " (" .. from:sub(20) .. ")", stop .. " (" .. to:sub(20) .. ")" end
  if from:sub(1, 10) == to:sub(1, 10) then return date(words, from) .. ", " .. start .. " – " .. stop end
  return date(words, from) .. ", " .. start .. " – " .. date(words, to) .. ", " .. stop
end

local function description(words, line)
  if line.kind == "tax" and line.unit == "%" and line.quantity then return words.tax .. " " .. percent(words, line.quantity) end
  local first, rest = line.description:match "^(.-)(, .*)$"
  if first and words.phrases[first] then return words.phrases[first] .. rest end
  return words.phrases[line.description] or line.description
end

local function line_cells(words, document, line)
  local quantity, price = "", ""
  if line.kind == "tax" then
    if line.unit_price_minor and line.unit == "%" then
      price = amount(words, document, math.floor(line.unit_price_minor * 100 + 0.5))
    end
  elseif line.quantity then
    quantity = number(words, line.quantity, 0, 3)
    if line.unit then quantity = quantity .. " " .. (words.units[line.unit] or line.unit) end
    if line.unit_price_minor then price = unit_price(words, document, line.unit_price_minor) end
  end
  return busbar.array { description(words, line), quantity, price, amount(words, document, line.amount_minor) }
end

local function place(words, session)
  local parts = { session.station or session.charge_point_id }
  if session.station then parts[2] = session.charge_point_id end
  parts[#parts + 1] = words.connector .. " " .. session.connector_id
  return table.concat(parts, ", ")
end

-- { language, currency, decimals, sessions }: the rows of the table, { style, cells }.
function rows(document)
  local words, list = words_of(document), {}
  for _, session in ipairs(document.sessions) do
    list[#list + 1] = { style = "session", cells = busbar.array {
      span(words, session.started_at, session.stopped_at), number(words, session.energy_wh / 1000, 0, 3) .. " kWh", "",
      amount(words, document, session.total_minor) } }
    list[#list + 1] = { style = "place", cells = busbar.array { place(words, session), "", "", "" } }
    for _, line in ipairs(session.lines) do
      list[#list + 1] = { style = "line", cells = line_cells(words, document, line) }
    end
  end
  return busbar.array(list)
end

local function lines_of(...)
  local list = {}
  for _, part in ipairs { ... } do
    for _, line in ipairs(type(part) == "table" and part or { part }) do
      if line ~= "" then list[#list + 1] = line end
    end
  end
  return list
end

local function labelled(label, value)
  return value and label .. ": " .. value or ""
end

local function facts(words, document)
  local list = { { words.number[document.kind], document.number }, { words.issued_on, date(words, document.issued_on) } }
  if document.month then
    local year, month = document.month:match "^(%d+)-(%d+)$"
    list[#list + 1] = { words.month, string.format(words.period, words.months[tonumber(month)], tonumber(year)) }
  end
  if document.user_id then list[#list + 1] = { words.customer, document.user_id } end
  if document.recipient and document.recipient.tax_id then
    list[#list + 1] = { words.your_tax_id, document.recipient.tax_id }
  end
  for i, fact in ipairs(list) do list[i] = busbar.array(fact) end
  return busbar.array(list)
end

local function tax_rows(words, document)
  local list = {}
  for i, rate in ipairs(document.taxes) do
    list[i] = busbar.array { percent(words, rate.percent), amount(words, document, rate.net_minor),
      amount(words, document, rate.tax_minor), amount(words, document, rate.gross_minor) }
  end
  return busbar.array(list)
end

local function totals(words, document)
  local list = { { words.net, document.net_minor }, { words.tax, document.tax_minor }, { words.total, document.total_minor } }
  if (document.paid_minor or 0) > 0 then
    list[4], list[5] = { words.paid, -document.paid_minor }, { words.due, document.due_minor }
  end
  for i, sum in ipairs(list) do list[i] = busbar.array { sum[1], money(words, document, sum[2]) } end
  return busbar.array(list)
end

local function credit_rows(words, document)
  if document.kind ~= "credit_note" then return busbar.array {} end
  local text = string.format(words.credits, document.refers_to_number, date(words, document.refers_to_issued_on))
  return busbar.array { { style = "line", cells = busbar.array { text, "", "", amount(words, document, document.total_minor) } } }
end

-- All but the rows of sessions.
function head(document)
  local words, issuer, recipient = words_of(document), document.issuer, document.recipient or {}
  return {
    language = languages[document.language] and document.language or "en",
    title = words[document.kind] .. " " .. document.number,
    sender = table.concat(lines_of(issuer.legal_name, issuer.address), " · "),
    issuer = busbar.array(lines_of(issuer.legal_name, issuer.address, labelled(words.tax_id, issuer.tax_id),
      labelled(words.email, issuer.email), labelled(words.phone, issuer.phone), issuer.website or "")),
    recipient = busbar.array(lines_of(recipient.name or "", recipient.address or "")),
    facts = facts(words, document),
    intro = busbar.array(lines_of(document.reason and string.format(words.cancels, document.reason) or "")),
    columns = busbar.array(words.columns),
    rows = credit_rows(words, document),
    tax_columns = busbar.array { words.rate, words.net, words.tax, words.gross },
    taxes = tax_rows(words, document),
    totals = totals(words, document),
    notes = busbar.array(lines_of(document.kind == "receipt" and words.no_invoice or "",
      document.kind == "invoice" and (document.due_minor or 1) > 0 and issuer.note or "")),
    footer = busbar.array(lines_of(issuer.bank and words.bank .. ": " .. table.concat(issuer.bank, ", ") or "",
      issuer.footer or {})),
    page = words.page,
  }
end

-- HTML.

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

local function escape(text)
  return (text:gsub("[&<>\"']", entities))
end

local style = [[
@page { size: A4; margin: 18mm 18mm 20mm 22mm }
body { font: 10pt/1.35 "DejaVu Sans", "Liberation Sans", Arial, sans-serif; color: #111; max-width: 172mm; margin: 0 auto; padding: 4mm }
@media print { body { padding: 0 } }
header { display: flex; justify-content: space-between; gap: 8mm; margin-bottom: 8mm }
.sender { font-size: 7.5pt; border-bottom: 0.3mm solid #999; margin-bottom: 2mm }
.issuer { text-align: right; font-size: 9pt }
h1 { font-size: 15pt; margin: 0 0 3mm }
table { border-collapse: collapse; width: 100%; margin: 4mm 0 }
th, td { padding: 0.8mm 2mm 0.8mm 0; text-align: right; vertical-align: top; overflow-wrap: anywhere }
th { border-bottom: 0.3mm solid #111; white-space: nowrap; overflow-wrap: normal }
th:first-child, td:first-child { text-align: left }
thead { display: table-header-group }
tr { break-inside: avoid }
tr.session td { font-weight: bold; padding-top: 2mm }
tr.place td { color: #444; font-size: 9pt }
tr.session, tr.place { break-after: avoid }
.facts { width: auto } .facts td { text-align: left; padding-right: 6mm }
.sums { margin-left: auto; width: 60% } .sums tr:last-child td { font-weight: bold; border-top: 0.3mm solid #111 }
footer { margin-top: 8mm; border-top: 0.3mm solid #999; padding-top: 2mm; font-size: 8pt; text-align: center }
]]

local function paragraphs(list, class)
  if #list == 0 then return "" end
  local parts = {}
  for i, line in ipairs(list) do parts[i] = escape(line) end
  return '<p class="' .. class .. '">' .. table.concat(parts, "<br>") .. "</p>\n"
end

local function cells(list, tag)
  local parts = {}
  for i, cell in ipairs(list) do parts[i] = "<" .. tag .. ">" .. escape(cell) .. "</" .. tag .. ">" end
  return table.concat(parts)
end

local function html_table(list, class, columns)
  local parts = { '<table class="' .. class .. '">\n' }
  if columns then parts[2] = "<thead><tr>" .. cells(columns, "th") .. "</tr></thead>\n" end
  for _, row in ipairs(list) do parts[#parts + 1] = "<tr>" .. cells(row, "td") .. "</tr>\n" end
  parts[#parts + 1] = "</table>\n"
  return table.concat(parts)
end

local function html_lines(list)
  local parts = {}
  for i, row in ipairs(list) do parts[i] = '<tr class="' .. row.style .. '">' .. cells(row.cells, "td") .. "</tr>\n" end
  return table.concat(parts)
end

function html_head(document)
  local m = head(document)
  return table.concat {
    '<!DOCTYPE html>\n<html lang="', escape(m.language), '">\n<head>\n<meta charset="utf-8">\n<title>', escape(m.title),
    "</title>\n<style>\n", style, "</style>\n</head>\n<body>\n<header>\n<div>\n", '<div class="sender">', escape(m.sender),
    "</div>\n", paragraphs(m.recipient, "recipient"), "</div>\n", paragraphs(m.issuer, "issuer"), "</header>\n<h1>",
    escape(m.title), "</h1>\n", html_table(m.facts, "facts"), paragraphs(m.intro, "intro"),
    '<table class="lines">\n<thead><tr>', cells(m.columns, "th"), "</tr></thead>\n<tbody>\n", html_lines(m.rows),
  }
end

function html_rows(document)
  return html_lines(rows(document))
end

function html_foot(document)
  local m = head(document)
  return table.concat {
    "</tbody>\n</table>\n", html_table(m.taxes, "taxes", m.tax_columns), html_table(m.totals, "sums"),
    paragraphs(m.notes, "notes"), #m.footer > 0 and "<footer>" .. paragraphs(m.footer, "footer") .. "</footer>\n" or "",
    "</body>\n</html>\n",
  }
end
