-- The PDF says what the document says: figures, umlauts, page by page; the same bytes each time.
local invoicing = require "invoicing"
local month, at = invoicing.last_month()
local station = http.post("/api/admin/stations", { name = "Köln Süd <b>", time_zone = "Europe/Berlin" }).body
local charger_id = http.post("/api/admin/chargers", { charge_point_id = "CP", station_id = station.id }).body.id
local issuer = {
  legal_name = "Müller & Söhne GmbH", address = { "Hafenstraße 1", "20457 Hamburg" }, tax_id = "DE123", language = "de",
  bank = { "IBAN DE02 1203 0000" }, footer = { "Geschäftsführer: Jörg Groß" }, note = "Zahlbar in 14 Tagen.",
}
equal(http.put("/api/admin/invoices/issuer", issuer).status, 200)

-- The text of a PDF, a page each.
local function pages_of(response)
  equal(response.status, 200, response.text)
  equal(response.headers["content-type"], "application/pdf")
  check(response.text:find "^%%PDF%-1", "it is a PDF")
  local path, out = server.folder .. "/x.pdf", server.folder .. "/x.txt"
  local file = assert(io.open(path, "wb"))
  file:write(response.text)
  file:close()
  equal(program { "pdftotext", "-layout", path, out }, 0)
  local pages = {}
  for page in io.open(out):read("a"):gmatch "([^\f]*)\f" do pages[#pages + 1] = page end
  return pages
end
local function has(text, ...)
  for _, wanted in ipairs { ... } do check(text:find(wanted, 1, true), wanted .. " is in\n" .. text) end
end
-- Narrow blanks before a percent sign are no blanks to pdftotext.
local function squeezed(text) return (text:gsub("%s+", " "):gsub("(%d)%%", "%1 %%")) end

log "a small one"
invoicing.sessions { users = 1, sessions = 2, charger = charger_id, at = at, prefix = "Small" }
local anna = { name = "Änne Öztürk <script>", address = { "Weg 2", "10115 Berlin" } }
equal(http.put("/api/admin/invoices/recipients/Small001", anna).status, 200)
local invoice = http.post("/api/admin/invoices", { user_id = "Small001", month = month }).body
local small = invoice
local path = "/api/admin/invoices/" .. invoice.id .. "/pdf"
local response = http.get(path)
equal(response.headers["content-disposition"], 'attachment; filename="' .. invoice.number .. '.pdf"')
local pages = pages_of(response)
equal(#pages, 1)
local text = squeezed(pages[1])
has(text, "Rechnung " .. invoice.number, "Müller & Söhne GmbH", "Hafenstraße 1", "Änne Öztürk <script>", "Köln Süd <b>, CP, Anschluss 1",
  "Energie 1 kWh 1,01 1,01", "MwSt. 19 % 1,00 0,19", "19 % 2,00 0,38 2,38", "0 % 0,03 0,00 0,03", "Netto 2,03 EUR", "MwSt. 0,38 EUR",
  "Gesamtbetrag 2,41 EUR", "Zahlbar in 14 Tagen.", "IBAN DE02 1203 0000", "Jörg Groß", "Seite 1 von 1")
-- Eight o'clock in UTC is what clocks in Berlin show later.
local offset = invoice.sessions[1].started_at:match "T(%d+):00:00%+0%d:00$"
check(offset == "09" or offset == "10", show(invoice.sessions[1]))
has(text, offset .. ":00 – " .. offset .. ":00")

log "the same bytes, now and after a restart; a known one is not sent again"
check(http.get(path).text == response.text)
equal(http.get(path, nil, { headers = { ["If-None-Match"] = response.headers.etag } }).status, 304)
server.restart()
check(http.get(path).text == response.text)

log "500 lines: repeated heads, page n of m, nothing lost"
invoicing.sessions { users = 1, sessions = 250, charger = charger_id, at = at, prefix = "Large" }
invoice = http.post("/api/admin/invoices", { user_id = "Large001", month = month }).body
equal(#invoice.sessions, 250)
path = "/api/admin/invoices/" .. invoice.id .. "/pdf"
pages = pages_of(http.get(path))
check(#pages >= 8, #pages .. " pages")
local energy, tax = 0, 0
for i, page in ipairs(pages) do
  local line = squeezed(page)
  has(line, "Seite " .. i .. " von " .. #pages, "Rechnung " .. invoice.number)
  if i < #pages then has(line, "Beschreibung Menge Einzelpreis Betrag") end
  for _ in line:gmatch "Energie 1 kWh" do energy = energy + 1 end
  for _ in line:gmatch "MwSt%. 19 %% 1,00 0,19" do tax = tax + 1 end
end
equal(energy, 250)
equal(tax, 250)
equal(invoice.total_minor, 250 * 119 + 250 * 251 // 2)
has(squeezed(pages[#pages]), string.format("Gesamtbetrag %d,%02d EUR", invoice.total_minor // 100, invoice.total_minor % 100))

log "many at once, while the server answers others"
path = "/api/admin/invoices/" .. small.id .. "/pdf"
local texts = {}
local all = {}
for i = 1, 12 do
  all[i] = function()
    local got = http.get(path)
    equal(got.status, 200)
    texts[i] = got.text
  end
end
all[13] = function()
  for _ = 1, 20 do equal(http.get("/health").status, 200) end
end
parallel(table.unpack(all))
for i = 2, 12 do check(texts[i] == texts[1]) end
