// What was made is taken away; what something refers to stays, and the answer says so.
import type { Client } from "@hey-api/client-fetch";

import * as busbar from "../client";
import { check, done, refused } from "./asking";
import type { People } from "./people";
import type { Places } from "./places";

export async function take_away(client: Client, people: People, places: Places, tariff: string): Promise<void> {
  await refused(busbar.deleteApiAdminStationsId({ client, path: { id: places.station } }), 409);
  await refused(busbar.deleteApiAdminChargersId({ client, path: { id: places.charger } }), 409);
  await done(busbar.deleteApiAdminChargersId({ client, path: { id: places.spare } }), 204);
  await refused(busbar.getApiAdminChargersId({ client, path: { id: places.spare } }), 404);
  await done(busbar.deleteApiAdminChargersIdConnectorsConnectorId({ client, path: { id: places.charger, connector_id: "1" } }), 204);
  await done(busbar.deleteApiAdminStationsIdTokensIdTag({ client, path: { id: places.station, id_tag: "DAY-TAG" } }), 204);
  await done(busbar.deleteApiAdminTariffsIdAssignment({ client, path: { id: tariff } }), 204);
  await done(busbar.deleteApiAdminTokensIdTag({ client, path: { id_tag: "SPARE-TAG" } }), 204);
  const { items } = await done(busbar.getApiAdminSubscriptions({ client }));
  await done(busbar.deleteApiAdminSubscriptionsId({ client, path: { id: String(items[0]?.id) } }), 204);
  await done(busbar.deleteApiAdminUsersId({ client, path: { id: "otto" } }), 204);
  await done(busbar.deleteApiAdminKeysId({ client, path: { id: people.key } }), 204);
  await done(busbar.deleteApiAdminOperatorsId({ client, path: { id: "north" } }), 204);
  await done(busbar.deleteApiAdminInvoicesRecipientsUserId({ client, path: { user_id: "anna" } }), 204);
  const first = async <T extends { id: number }>(list: Promise<{ items: T[] }>) => ({ id: String((await list).items[0]?.id) });
  await done(busbar.deleteApiAdminScriptsId({ client, path: await first(done(busbar.getApiAdminScripts({ client }))) }), 204);
  await done(busbar.deleteApiAdminTransferHostsId({ client, path: await first(done(busbar.getApiAdminTransferHosts({ client }))) }), 204);
  const waste = { body: new Blob(["of no use"]), bodySerializer: (blob: unknown) => blob };
  const file = await done(busbar.postApiAdminFiles({ client, query: { name: "waste.bin" }, ...waste }), 201);
  await done(busbar.deleteApiAdminFilesId({ client, path: { id: String(file.id) } }), 204);
  const { items: audit } = await done(busbar.getApiAdminAudit({ client }));
  check(audit[0]?.method === "DELETE", "the audit has it");
  await done(busbar.getApiAdminTasks({ client, query: { state: "done" } }));
}
