// The charger comes, is asked what it is, and charges.
import type { Client } from "@hey-api/client-fetch";

import * as busbar from "../client";
import { check, done, equal, eventually, given, refused } from "./asking";

export async function is_connected(client: Client, id: string): Promise<void> {
  await eventually("the charger is there", async () => {
    const charger = await done(busbar.getApiAdminChargersId({ client, path: { id } }));
    return charger.connected && charger.connectors?.some((connector) => connector.status === "Available");
  });
}

async function commands(client: Client, id: string): Promise<void> {
  const asked = { client, path: { id } };
  const got = await done(busbar.postApiAdminChargersIdCommands({ ...asked, body: { action: "GetConfiguration", payload: { key: ["HeartbeatInterval"] } } }));
  equal(got.state, "accepted");
  await done(busbar.getApiAdminCommandsId({ client, path: { id: given(got.id) } }));
  const bad = await refused(busbar.postApiAdminChargersIdCommands({ ...asked, body: { action: "Reset", payload: { type: "Gentle" } } }), 422);
  equal(bad.errors?.[0]?.path, "type");
  await done(busbar.postApiChargePointsChargePointIdRequest({ client, path: { charge_point_id: "DAY-CP1" }, body: { action: "ClearCache" } }));
  const later = await done(busbar.postApiAdminChargersIdCommands({ ...asked, body: { action: "Reset", payload: { type: "Soft" } } }));
  equal(later.state, "accepted");
  await is_connected(client, id);
}

async function session(client: Client, id: string): Promise<number> {
  const asked = { client, path: { id } };
  const start = { connector_id: 1, id_tag: "DAY-TAG" };
  await eventually("it starts", async () => (await busbar.postApiAdminChargersIdRemoteStart({ ...asked, body: start })).data?.state === "accepted");
  const running = await eventually("it runs", async () => {
    const { items } = await done(busbar.getApiAdminTransactions({ client, query: { charger: "DAY-CP1", state: "active" } }));
    return items[0];
  });
  const path = { id: String(running.id) };
  await eventually("it is measured", async () => (await done(busbar.getApiAdminTransactionsIdMeterValues({ client, path }))).items.length > 1);
  await done(busbar.getApiAdminTransactionsIdRunning({ client, path }));
  const stopped = await done(busbar.postApiAdminChargersIdRemoteStop({ ...asked, body: { transaction_id: given(running.id) } }));
  equal(stopped.state, "accepted");
  return given(running.id);
}

export async function charge(client: Client, id: string): Promise<number> {
  await is_connected(client, id);
  await commands(client, id);
  const number = await session(client, id);
  const path = { id: String(number) };
  const over = await eventually("it is priced", async () => {
    const transaction = await done(busbar.getApiAdminTransactionsId({ client, path }));
    return transaction.price_state === "priced" && transaction;
  });
  check(given(over.price_lines).length > 0, "it has lines");
  const listed = await done(busbar.getApiAdminTransactions({ client, query: { user: "anna", from: "2026-01-01T00:00:00Z", limit: 1 } }));
  equal(listed.items[0]?.id, number);
  const csv = await done(busbar.getApiAdminTransactions({ client, query: { format: "csv" } }));
  check(String(csv).includes("DAY-CP1"), "the file has the session");
  await done(busbar.getUsersIdTransactions({ client, path: { id: "anna" } }));
  return number;
}
