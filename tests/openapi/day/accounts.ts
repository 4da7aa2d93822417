// Those who sign in: by invitation, by link, with a second factor; and how sessions end.
import type { Client } from "@hey-api/client-fetch";

import * as busbar from "../client";
import { caller, check, done, equal, refused, whole } from "./asking";
import { ask_desk } from "./desk";
import type { Judge } from "./judge";
import { sign_in, with_cookie } from "./people";

const EMAIL = "nina@example.org";
const CHOSEN = "a lamp that glows";
const CHANGED = "a lamp that glows again";

async function token_by_mail(): Promise<string> {
  return (await ask_desk<{ token: string }>("mail", { to: EMAIL })).token;
}

async function code_of(secret: string, steps: number): Promise<string> {
  return (await ask_desk<{ code: string }>("code", { secret, steps })).code;
}

async function invited(judge: Judge, admin: Client): Promise<void> {
  const body = { id: "nina", name: "Nina", role: "operator", operator_id: "default", email: EMAIL } as const;
  await done(busbar.postApiAdminUsers({ client: admin, body }), 201);
  await done(busbar.postApiAdminUsersIdInvite({ client: admin, path: { id: "nina" } }), 202);
  const nobody = caller(judge);
  await done(busbar.postAuthResetConsume({ client: nobody, body: { token: await token_by_mail(), password: CHOSEN } }), 204);
}

async function by_link(judge: Judge): Promise<Client> {
  const nobody = caller(judge);
  await done(busbar.postAuthLink({ client: nobody, body: { email: EMAIL } }), 202);
  const token = await token_by_mail();
  const nina = with_cookie(judge, await whole(busbar.postAuthLinkConsume({ client: nobody, body: { token } })));
  await refused(busbar.postAuthLinkConsume({ client: nobody, body: { token } }), 401);
  return nina;
}

async function passwords(judge: Judge, nina: Client): Promise<void> {
  await done(busbar.postAuthPassword({ client: nina, body: { current: CHOSEN, new: CHANGED } }), 204);
  await done(busbar.postAuthReset({ client: caller(judge), body: { email: EMAIL } }), 202);
  const body = { token: await token_by_mail(), password: CHOSEN };
  await done(busbar.postAuthResetConsume({ client: caller(judge), body }), 204);
  await refused(busbar.getAuthProfile({ client: nina }), 401);
}

async function second_factor(judge: Judge, admin: Client): Promise<void> {
  const nina = await sign_in(judge, EMAIL, CHOSEN);
  const { secret } = await done(busbar.postAuthTotp({ client: nina, body: { password: CHOSEN } }));
  const { recovery_codes } = await done(busbar.postAuthTotpConfirm({ client: nina, body: { code: await code_of(secret, 0) } }));
  const anew = await done(busbar.postAuthTotpRecoveryCodes({ client: nina, body: { recovery_code: String(recovery_codes[0]) } }));
  check(!anew.recovery_codes.includes(String(recovery_codes[1])), "they are other ones");
  await done(busbar.postAuthTotpDisable({ client: nina, body: { code: await code_of(secret, 1) } }), 204);
  equal((await done(busbar.getAuthTotp({ client: nina }))).enabled, false);
  await done(busbar.deleteApiAdminUsersIdTotp({ client: admin, path: { id: "nina" } }), 204);
}

async function sessions(judge: Judge): Promise<void> {
  const [first, second] = [await sign_in(judge, EMAIL, CHOSEN), await sign_in(judge, EMAIL, CHOSEN)];
  await sign_in(judge, EMAIL, CHOSEN);
  const { items } = await done(busbar.getAuthSessions({ client: first }));
  const newest = (await done(busbar.getAuthSessions({ client: second }))).items.find((session) => session.current);
  await done(busbar.deleteAuthSessionsId({ client: first, path: { id: String(newest?.id) } }), 204);
  await refused(busbar.getAuthProfile({ client: second }), 401);
  await done(busbar.deleteAuthSessions({ client: first }), 204);
  check((await done(busbar.getAuthSessions({ client: first }))).items.length < items.length, "only this one is left");
}

async function by_provider(judge: Judge, admin: Client): Promise<void> {
  const told = await ask_desk<{ body: string; id: string; time: string; signature: string }>("identity", { id: "day", email: "ina@example.org" });
  const headers = { "Content-Type": "application/json", "svix-id": told.id, "svix-timestamp": told.time, "svix-signature": told.signature };
  const url = "/webhooks/identity/{name}";
  const { response } = await caller(judge).post({ url, path: { name: "acme" }, headers, body: told.body, bodySerializer: null });
  equal(response.status, 200);
  equal((await done(busbar.getApiAdminUsers({ client: admin, query: { email: "ina@example.org" } }))).items.length, 1);
}

export async function keep_accounts(judge: Judge, admin: Client): Promise<void> {
  await invited(judge, admin);
  await passwords(judge, await by_link(judge));
  await second_factor(judge, admin);
  await sessions(judge);
  await by_provider(judge, admin);
}
