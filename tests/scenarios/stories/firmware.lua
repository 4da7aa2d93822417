-- A charger gets new firmware from the server, after its session has ended, and hands in its diagnostics. The server must know
-- the address at which chargers reach its files: `files.base_url`.
settings { serves_files = true }
local id = arg[1] or "STORY-FIRMWARE"
local registered = seed.charger(id)
seed.token "STORY-FIRMWARE"
local api = "/api/admin/chargers/" .. registered.id

local image = "firmware 2.0\n" .. ("\0\1\2\3"):rep(50000)
local file = http.post("/api/admin/files?name=story-2.0.bin", image)
equal(file.status, 201, file.text)

local cp = charger { id = id, firmware = "1.0", firmware_plan = { version = "2.0" } }
cp:connect()
cp:boot()
cp:report_connectors()
local session = cp:present { connector = 1, id_tag = "STORY-FIRMWARE" }

local function ask(what, body)
  local answer = http.post(api .. "/" .. what, body)
  equal(answer.status, 200, answer.text)
  return answer.headers.location
end

local function becomes(job, state)
  return eventually(function()
    local found = http.get(job).body
    return found.state == state and found
  end, 30)
end

-- Nobody is cut off for it: it is fetched, and waits.
local job = ask("update-firmware", { file_id = file.body.id, expected_version = "2.0" })
becomes(job, "downloaded")
cp:finish(session, "Local")
becomes(job, "installed")
equal(cp.firmware_image, image)
eventually(function()
  return cp.accepted and http.get(api).body.firmware_version == "2.0"
end)
local steps = {}
for _, step in ipairs(http.get(job).body.history) do
  steps[#steps + 1] = step.status
end
equal(table.concat(steps, " "):match "^Downloading Downloaded Installing Installed", "Downloading Downloaded Installing Installed")

-- Another time the download fails twice, and then for good.
cp.firmware_plan = { fail = "DownloadFailed" }
becomes(ask("update-firmware", { file_id = file.body.id, retries = 1, retry_interval_s = 0 }), "download_failed")

-- What happened there? Its diagnostics tell.
local diagnostics = ask("get-diagnostics", { oldest_at = now(-3600) })
becomes(diagnostics, "uploaded")
local file_id = eventually(function()
  local found = http.get(diagnostics).body.file_id
  return found ~= json.null and found
end)
local content = http.get("/api/admin/files/" .. file_id .. "/content").text
check(content:find("BootNotification", 1, true), "the charger's diary")
cp:disconnect()
