// Scripts, quirks, and who is told what happens.
import type { Client } from "@hey-api/client-fetch";

import * as busbar from "../client";
import { done, eventually, given, refused, setting } from "./asking";

async function scripts(client: Client): Promise<void> {
  const scripts = [{ name: "main", source: "-- nothing yet" }];
  await done(busbar.postApiAdminScriptsCheck({ client, body: { scripts } }));
  await refused(busbar.postApiAdminScriptsCheck({ client, body: { scripts: [{ name: "main", source: "is no Lua" }] } }), 422);
  await done(busbar.postApiAdminScripts({ client, body: { scripts } }), 201);
  await done(busbar.postApiAdminScripts({ client, body: { scripts: [{ name: "main", source: "-- more" }], activate: false } }), 201);
  await done(busbar.postApiAdminScriptsActivate({ client, body: { versions: [{ name: "main", version: 2 }] } }));
  await done(busbar.postApiAdminScriptsRollback({ client, body: {} }));
  const { items } = await done(busbar.getApiAdminScripts({ client }));
  await done(busbar.getApiAdminScriptsIdVersionsVersion({ client, path: { id: String(items[0]?.id), version: "1" } }));
}

async function quirks(client: Client): Promise<void> {
  const rule = await done(busbar.postApiAdminQuirkRules({ client, body: { name: "Day", vendor: "Nobody*" } }), 201);
  await done(busbar.putApiAdminQuirkRulesId({ client, path: { id: String(rule.id) }, body: { active: false } }));
  const script = { name: "day", source: "function normalize(m) return m end" };
  await done(busbar.postApiAdminQuirkScripts({ client, body: script }), 201);
}

async function webhook(client: Client): Promise<void> {
  await done(busbar.postApiAdminTransferHosts({ client, body: { host: "hooks.example.com" } }), 201);
  const body = { channel: "webhook", target: `${setting("RECEIVER_URL")}/day`, events: ["*"], secret: "whsec_of_the_day_0123456789" } as const;
  const made = await done(busbar.postApiAdminSubscriptions({ client, body: { ...body, events: [...body.events] } }), 201);
  const path = { id: String(made.id) };
  await done(busbar.putApiAdminSubscriptionsId({ client, path, body: { name: "of the day" } }));
  const test = await done(busbar.postApiAdminSubscriptionsIdTest({ client, path }), 202);
  const delivery = { id: String(given(test.delivery_id)) };
  await eventually("the webhook is called", async () => (await done(busbar.getApiAdminDeliveriesId({ client, path: delivery }))).state === "delivered");
  await done(busbar.postApiAdminSubscriptionsIdRotateSecret({ client, path, body: {} }));
}

export async function keep_rules(client: Client): Promise<void> {
  await scripts(client);
  await quirks(client);
  await webhook(client);
}
