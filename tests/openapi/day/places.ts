// Stations, chargers and tokens: made once, changed by one admin at a time.
import type { Client } from "@hey-api/client-fetch";

import * as busbar from "../client";
import { done, equal, given, refused, whole } from "./asking";

export interface Places {
  station: string;
  charger: string;
  spare: string;
}

// The same request with the same key is done once.
async function make_station(client: Client): Promise<number> {
  const asked = { client, body: { name: "Day", time_zone: "Europe/Berlin" }, headers: { "Idempotency-Key": "station of the day" } };
  const first = await whole(busbar.postApiAdminStations(asked), 201);
  const again = await whole(busbar.postApiAdminStations(asked), 201);
  equal(again.data, first.data);
  equal(again.response.headers.get("Idempotent-Replay"), "true");
  await refused(busbar.postApiAdminStations({ ...asked, body: { name: "Night" } }), 422);
  equal((await done(busbar.getApiAdminStations({ client }))).items.length, 1);
  return given(first.data.id);
}

// Who was not there first is told so.
async function change_station(client: Client, id: string): Promise<void> {
  const { response } = await whole(busbar.getApiAdminStationsId({ client, path: { id } }));
  const headers = { "If-Match": given(response.headers.get("ETag"), "an ETag") };
  const changed = await whole(busbar.putApiAdminStationsId({ client, path: { id }, body: { address: "1 Day Street" }, headers }));
  equal(changed.response.headers.get("ETag") === headers["If-Match"], false);
  await refused(busbar.putApiAdminStationsId({ client, path: { id }, body: { address: "2 Day Street" }, headers }), 412);
}

async function make_chargers(client: Client, station_id: number): Promise<Pick<Places, "charger" | "spare">> {
  const body = { charge_point_id: "DAY-CP1", station_id, password: "the password of the day", security_profile: 1 };
  const charger = await done(busbar.postApiAdminChargers({ client, body }), 201);
  await refused(busbar.postApiAdminChargers({ client, body }), 409);
  const spare = await done(busbar.postApiAdminChargers({ client, body: { charge_point_id: "DAY-CP2" } }), 201);
  const id = String(charger.id);
  await done(busbar.putApiAdminChargersId({ client, path: { id }, body: { validation: "strict" } }));
  const path = { id, connector_id: "1" };
  await done(busbar.putApiAdminChargersIdConnectorsConnectorId({ client, path, body: { type: "IEC_62196_T2", max_power_w: 22000 } }));
  equal((await done(busbar.getApiAdminChargers({ client, query: { charge_point_id: "DAY-CP1" } }))).items.length, 1);
  return { charger: id, spare: String(spare.id) };
}

async function make_tokens(client: Client, station: string): Promise<void> {
  await done(busbar.postApiAdminTokens({ client, body: { id_tag: "DAY-TAG", user_id: "anna" } }), 201);
  await done(busbar.postApiAdminTokens({ client, body: { id_tag: "SPARE-TAG" } }), 201);
  const problem = await refused(busbar.postApiAdminTokens({ client, body: { id_tag: "a tag that is much too long" } }), 422);
  equal(problem.errors?.[0]?.path, "id_tag");
  await done(busbar.putApiAdminTokensIdTag({ client, path: { id_tag: "DAY-TAG" }, body: { name: "Anna's card" } }));
  await done(busbar.putApiAdminStationsIdTokensIdTag({ client, path: { id: station, id_tag: "DAY-TAG" }, body: { rule: "allow" } }));
  await done(busbar.putApiAdminStationsIdAuthorization({ client, path: { id: station }, body: { unknown: "invalid" } }));
  await done(busbar.putApiAdminOperatorsIdAuthorization({ client, path: { id: "default" }, body: { max_active: 2 } }));
}

export async function make_places(client: Client): Promise<Places> {
  const station_id = await make_station(client);
  const station = String(station_id);
  await change_station(client, station);
  const chargers = await make_chargers(client, station_id);
  await make_tokens(client, station);
  return { station, ...chargers };
}
