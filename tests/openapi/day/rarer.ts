// What an admin does now and then.
import type { Client } from "@hey-api/client-fetch";

import * as busbar from "../client";
import { check, done, equal, eventually, given, refused, setting } from "./asking";
import { ask_desk } from "./desk";

async function of_users(client: Client): Promise<void> {
  await done(busbar.putApiAdminUsersId({ client, path: { id: "anna" }, body: { language: "de" } }));
  await done(busbar.deleteApiAdminUsersIdSessions({ client, path: { id: "anna" } }), 204);
  await done(busbar.putApiAdminOperatorsId({ client, path: { id: "north" }, body: { name: "The north" } }));
  await done(busbar.postApiAdminOperatorsIdAuthorizationClearCache({ client, path: { id: "default" }, body: {} }));
}

async function of_money(client: Client, wallet: string, tariff: string, transaction: number): Promise<void> {
  await done(busbar.putApiAdminWalletsId({ client, path: { id: wallet }, body: { low_balance_minor: 100 } }));
  await done(busbar.putApiAdminUsersIdWallet({ client, path: { id: "anna" }, body: { low_balance_minor: 200 } }));
  await done(busbar.postApiAdminWalletsIdDebits({ client, path: { id: wallet }, body: { amount_minor: 10, reason: "a key ring" } }), 201);
  const body = { transaction_id: transaction, amount_minor: 1, reason: "for patience" };
  await done(busbar.postApiAdminWalletsIdRefunds({ client, path: { id: wallet }, body }), 201);
  const dearer = { currency: "EUR", bundled: "flat", settings: { price_per_kwh_minor: 60 } };
  await done(busbar.postApiAdminTariffsDiff({ client, body: { tariff_id: Number(tariff), tariff: dearer } }));
  await refused(busbar.postApiAdminTransactionsIdPrice({ client, path: { id: String(transaction) } }), 409);
  await done(busbar.getApiAdminInvoicesCheck({ client }));
}

async function of_rules(client: Client): Promise<void> {
  const { items } = await done(busbar.getApiAdminQuirkScripts({ client }));
  const path = { id: String(items[0]?.id) };
  await done(busbar.putApiAdminQuirkScriptsId({ client, path, body: { source: "function normalize(m) return m end -- as before" } }));
  await done(busbar.getApiAdminQuirkScriptsIdVersions({ client, path }));
  await done(busbar.getApiAdminQuirkScriptsId({ client, path }));
  await done(busbar.deleteApiAdminQuirkScriptsId({ client, path }), 204);
  const rules = await done(busbar.getApiAdminQuirkRules({ client }));
  const rule = { id: String(rules.items[0]?.id) };
  await done(busbar.getApiAdminQuirkRulesId({ client, path: rule }));
  await done(busbar.deleteApiAdminQuirkRulesId({ client, path: rule }), 204);
}

async function of_messages(client: Client): Promise<void> {
  const body = { target: `${setting("RECEIVER_URL")}/night`, events: ["session.*"] };
  const made = await done(busbar.postApiAdminWebhooks({ client, body }), 201);
  const path = { id: String(made.id) };
  await done(busbar.getApiAdminWebhooksId({ client, path }));
  await done(busbar.postApiAdminWebhooksIdRotateSecret({ client, path, body: {} }));
  const test = await done(busbar.postApiAdminWebhooksIdTest({ client, path }), 202);
  const delivery = { client, path: { id: String(test.delivery_id) } };
  await eventually("it is delivered", async () => (await done(busbar.getApiAdminDeliveriesId(delivery))).state === "delivered");
  await done(busbar.postApiAdminDeliveriesIdRedeliver(delivery), 202);
  await done(busbar.putApiAdminWebhooksId({ client, path, body: { active: false } }));
  await done(busbar.getApiAdminWebhooksIdDeliveries({ client, path }));
  await done(busbar.deleteApiAdminWebhooksId({ client, path }), 204);
  const language = { language: "en" };
  await done(busbar.putApiAdminNotificationTemplatesLanguage({ client, path: language, body: { source: "function render(n) return nil end" } }));
  await done(busbar.getApiAdminNotificationTemplatesLanguage({ client, path: language }));
  await done(busbar.deleteApiAdminNotificationTemplatesLanguage({ client, path: language }), 204);
  const channel = { channel: "sms" };
  const gateway = { url: setting("RECEIVER_URL"), method: "POST", body: "{{text}}", body_type: "text" } as const;
  await done(busbar.putApiAdminNotificationGatewaysChannel({ client, path: channel, body: gateway }));
  await done(busbar.getApiAdminNotificationGatewaysChannel({ client, path: channel }));
  await done(busbar.deleteApiAdminNotificationGatewaysChannel({ client, path: channel }), 204);
}

async function of_chargers(client: Client, id: string, station: string): Promise<void> {
  const asked = { client, path: { id } };
  await done(busbar.getConnectionsChargePointId({ client, path: { charge_point_id: "DAY-CP1" } }));
  await done(busbar.postApiAdminChargersIdExtendedTrigger({ ...asked, body: { requested_message: "Heartbeat" } }));
  await done(busbar.postApiAdminChargersIdListCertificates({ ...asked, body: { certificate_type: "ManufacturerRootCertificate" } }));
  await done(busbar.putApiAdminStationsIdLocalList({ client, path: { id: station }, body: { mode: "on" } }));
  await done(busbar.getApiAdminChargersIdLocalListEntries(asked));
  const { items } = await done(busbar.getApiAdminChargersIdReservations(asked));
  const path = { id, reservation_id: String(given(items[0]).reservation_id) };
  await done(busbar.getApiAdminChargersIdReservationsReservationId({ client, path }));
  await refused(busbar.deleteApiAdminChargersIdReservationsReservationId({ client, path }), 409); // the reboot has ended it
  const jobs = await done(busbar.getApiAdminFirmwareJobs({ client }));
  await done(busbar.getApiAdminFirmwareJobsId({ client, path: { id: String(jobs.items[0]?.id) } }));
  const uploads = await done(busbar.getApiAdminDiagnosticsJobs({ client }));
  await done(busbar.getApiAdminDiagnosticsJobsId({ client, path: { id: String(uploads.items[0]?.id) } }));
  const logs = await eventually("a log was asked for", async () => (await done(busbar.getApiAdminSecurityJobs({ client }))).items[0]);
  await done(busbar.getApiAdminSecurityJobsId({ client, path: { id: String(logs.id) } }));
  await done(busbar.deleteApiAdminChargersIdViolations(asked), 204);
}

async function of_stream(answer: unknown): Promise<void> {
  const reader = (answer as ReadableStream<Uint8Array>).getReader();
  const { value } = await reader.read();
  check((value?.length ?? 0) > 0, "something has happened");
  await reader.cancel();
}

async function of_server(client: Client, transaction: number): Promise<void> {
  const backup = await done(busbar.postApiAdminBackup({ client }));
  check(backup.size > 10000, "it has something");
  const task = await ask_desk<{ id: string }>("task");
  equal((await done(busbar.postApiAdminTasksIdRetry({ client, path: task }))).state, "waiting");
  await done(busbar.getApiLogsChargePointId({ client, path: { charge_point_id: "DAY-CP1" } }));
  await of_stream(await done(busbar.getApiEvents({ client, query: { last_event_id: "0" }, parseAs: "stream" })));
  await of_stream(await done(busbar.getApiTransactionsIdMeterValuesLive({ client, path: { id: String(transaction) }, parseAs: "stream" })));
}

export async function do_what_is_rarer(client: Client, places: { charger: string; station: string }, money: { wallet: string; tariff: string; transaction: number }): Promise<void> {
  await of_users(client);
  await of_money(client, money.wallet, money.tariff, money.transaction);
  await of_rules(client);
  await of_messages(client);
  await of_chargers(client, places.charger, places.station);
  await of_server(client, money.transaction);
}
