// Keys, users, and one who works with a browser.
import type { Client } from "@hey-api/client-fetch";

import * as busbar from "../client";
import { by_key, by_session, caller, done, equal, given, refused, whole } from "./asking";
import type { Judge } from "./judge";

const PASSWORD = "a horse that charges";

export interface People {
  key: string;
  user: string;
}

async function make_key(client: Client, body: busbar.RestKeyNew): Promise<busbar.RestKeyMade> {
  const made = await done(busbar.postApiAdminKeys({ client, body }), 201);
  equal((await done(busbar.getApiAdminKeysId({ client, path: { id: given(made.id) } }))).name, body.name);
  return made;
}

// Another operator's key finds nothing of ours.
async function another_operator(judge: Judge, client: Client): Promise<string> {
  await done(busbar.postApiAdminOperators({ client, body: { id: "north", name: "North" } }), 201);
  const made = await make_key(client, { name: "north", role: "operator", operator_id: "north" });
  const north = by_key(judge, given(made.key));
  equal((await done(busbar.getAuthProfile({ client: north }))).operator_id, "north");
  await refused(busbar.getApiAdminUsersId({ client: north, path: { id: "otto" } }), 404);
  await refused(busbar.getApiAdminKeys({ client: north }), 403);
  return given(made.id);
}

// Whom an answer signs in.
export function with_cookie(judge: Judge, { data, response }: { data: { csrf_token: string }; response: Response }): Client {
  const cookie = /^__Host-busbar=([^;]+)/.exec(response.headers.getSetCookie()[0] ?? "");
  return by_session(judge, given(cookie?.[1], "a cookie"), data.csrf_token);
}

export async function sign_in(judge: Judge, email: string, password = PASSWORD): Promise<Client> {
  return with_cookie(judge, await whole(busbar.postAuthLogin({ client: caller(judge), body: { email, password } })));
}

async function a_browser(judge: Judge): Promise<void> {
  await refused(busbar.postAuthLogin({ client: caller(judge), body: { email: "otto@example.org", password: "wrong" } }), 401);
  const otto = await sign_in(judge, "otto@example.org");
  equal((await done(busbar.getAuthProfile({ client: otto }))).kind, "session");
  await done(busbar.getAuthSessions({ client: otto }));
  await done(busbar.getAuthTotp({ client: otto }));
  await done(busbar.postAuthTotp({ client: otto, body: { password: PASSWORD } }));
  const station = await done(busbar.postApiAdminStations({ client: otto, body: { name: "Otto's" } }), 201);
  await done(busbar.deleteApiAdminStationsId({ client: otto, path: { id: String(station.id) } }), 204);
  await done(busbar.postAuthLogout({ client: otto }), 204);
  await refused(busbar.getAuthProfile({ client: otto }), 401);
}

export async function make_people(judge: Judge, client: Client): Promise<People> {
  for (const [id, role] of [["otto", "operator"], ["anna", "user"]] as const) {
    const body = { id, name: id, role, operator_id: "default", email: `${id}@example.org`, password: PASSWORD };
    await done(busbar.postApiAdminUsers({ client, body }), 201);
  }
  await refused(busbar.postApiAdminUsers({ client, body: { id: "anna", name: "Anna", role: "user" } }), 409);
  equal((await done(busbar.getApiAdminUsers({ client, query: { role: "user" } }))).items.length, 1);
  const key = await another_operator(judge, client);
  await a_browser(judge);
  return { key, user: "anna" };
}
