// What chargers are asked for by their profiles, one and many at once.
import type { Client } from "@hey-api/client-fetch";

import * as busbar from "../client";
import { is_connected } from "./charging";
import { check, done, equal, eventually, given } from "./asking";

async function bulk(client: Client): Promise<void> {
  const body = { action: "TriggerMessage", payload: { requestedMessage: "Heartbeat" }, selection: { charge_point_ids: ["DAY-CP1"] } };
  const made = await done(busbar.postApiAdminBulkCommands({ client, body }), 202);
  const path = { id: given(made.id) };
  await eventually("all were asked", async () => (await done(busbar.getApiAdminBulkCommandsId({ client, path }))).state === "done");
  equal((await done(busbar.getApiAdminBulkCommandsIdChargers({ client, path }))).items[0]?.state, "accepted");
  const waiting = { ...body, selection: { charge_point_ids: ["DAY-CP2"] }, if_offline: "queue" as const };
  const other = await done(busbar.postApiAdminBulkCommands({ client, body: waiting }), 202);
  equal((await done(busbar.postApiAdminBulkCommandsIdStop({ client, path: { id: other.id } }))).state, "stopped");
}

async function profiles(client: Client, id: string): Promise<void> {
  const asked = { client, path: { id } };
  await done(busbar.postApiAdminChargersIdTrigger({ ...asked, body: { message: "Heartbeat" } }));
  const reservation = { connector_id: 2, id_tag: "DAY-TAG", expires_in_s: 3600 };
  const reserved = await done(busbar.postApiAdminChargersIdReservations({ ...asked, body: reservation }));
  const path = { id, reservation_id: String(reserved.reservation_id) };
  await done(busbar.deleteApiAdminChargersIdReservationsReservationId({ client, path }));
  await done(busbar.postApiAdminChargersIdReservations({ ...asked, body: reservation }));
  const charging_profile = {
    stackLevel: 0,
    chargingProfilePurpose: "TxDefaultProfile",
    chargingProfileKind: "Relative",
    chargingSchedule: { chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] },
  };
  await done(busbar.postApiAdminChargersIdChargingProfiles({ ...asked, body: { connector_id: 1, charging_profile } }));
  const set = (await done(busbar.getApiAdminChargersIdChargingProfiles(asked))).items[0];
  await done(busbar.deleteApiAdminChargersIdChargingProfilesChargingProfileId({ client, path: { id, charging_profile_id: String(set?.charging_profile_id) } }));
  await done(busbar.postApiAdminChargersIdCompositeSchedule({ ...asked, body: { connector_id: 1, duration_s: 600 } }));
  await done(busbar.postApiAdminChargersIdChargingProfilesClear({ ...asked, body: {} }));
  await done(busbar.putApiAdminChargersIdLocalList({ ...asked, body: { mode: "on" } }));
  await done(busbar.postApiAdminChargersIdLocalListSync({ ...asked, body: {} }), 202);
  await done(busbar.postApiAdminChargersIdGetLog({ ...asked, body: { log_type: "SecurityLog" } }));
  await done(busbar.postApiAdminChargersIdChangeAvailability({ ...asked, body: { connector_id: 2, type: "Inoperative" } }));
}

async function firmware(client: Client, id: string): Promise<void> {
  const body = new Blob(["the firmware of the day"]);
  const file = await done(busbar.postApiAdminFiles({ client, query: { name: "day.bin" }, body, bodySerializer: (blob) => blob }), 201);
  const content = await done(busbar.getApiAdminFilesIdContent({ client, path: { id: String(file.id) } }));
  equal(content.size, body.size);
  const asked = { client, path: { id } };
  await done(busbar.postApiAdminChargersIdUpdateFirmware({ ...asked, body: { file_id: given(file.id) } }));
  await eventually("it is installed", async () => (await done(busbar.getApiAdminChargersIdFirmwareJobs(asked))).items[0]?.state === "installed");
  await is_connected(client, id);
  await done(busbar.postApiAdminChargersIdGetDiagnostics({ ...asked, body: {} }));
  const campaign = { name: "Day", selection: { all: true }, file_id: given(file.id), from_at: "2099-01-01T00:00:00Z" };
  const made = await done(busbar.postApiAdminFirmwareCampaigns({ client, body: campaign }), 201);
  const path = { id: String(made.id) };
  equal((await done(busbar.postApiAdminFirmwareCampaignsIdPause({ client, path }))).state, "paused");
  equal((await done(busbar.postApiAdminFirmwareCampaignsIdResume({ client, path }))).state, "running");
  const stopped = await done(busbar.postApiAdminFirmwareCampaignsIdStop({ client, path }));
  check(stopped.state !== "running", "it is stopped");
}

// What was meant for a charger that is not there is taken back.
async function take_back(client: Client, id: string): Promise<void> {
  const asked = { client, path: { id } };
  const later = { if_offline: "queue", wait_s: 0 } as const;
  const file = (await done(busbar.getApiAdminFiles({ client }))).items[0];
  await done(busbar.postApiAdminChargersIdUpdateFirmware({ ...asked, body: { ...later, file_id: Number(file?.id) } }), 202);
  const firmware = (await done(busbar.getApiAdminChargersIdFirmwareJobs(asked))).items[0];
  equal((await done(busbar.postApiAdminFirmwareJobsIdCancel({ client, path: { id: String(firmware?.id) } }))).state, "cancelled");
  await done(busbar.postApiAdminChargersIdGetDiagnostics({ ...asked, body: later }), 202);
  const upload = (await done(busbar.getApiAdminChargersIdDiagnosticsJobs(asked))).items[0];
  equal((await done(busbar.postApiAdminDiagnosticsJobsIdCancel({ client, path: { id: String(upload?.id) } }))).state, "cancelled");
}

export async function keep_fleet(client: Client, id: string, spare: string): Promise<void> {
  await bulk(client);
  await profiles(client, id);
  await firmware(client, id);
  await take_back(client, spare);
}
