// A second charger: the files that it fetches and sends, its password, its certificates.
import type { Client } from "@hey-api/client-fetch";

import * as busbar from "../client";
import { caller, check, done, equal, eventually } from "./asking";
import { ask_desk } from "./desk";
import type { Judge } from "./judge";

const PASSWORD = "the password of the night";

async function where(action: string): Promise<{ token: string; name: string }> {
  return ask_desk<{ token: string; name: string }>("where", { action });
}

async function files(nobody: Client, client: Client, id: string): Promise<void> {
  const asked = { client, path: { id } };
  const image = { body: new Blob(["firmware of the night"]), bodySerializer: (blob: unknown) => blob };
  const file = await done(busbar.postApiAdminFiles({ client, query: { name: "night.bin" }, ...image }), 201);
  await done(busbar.postApiAdminChargersIdUpdateFirmware({ ...asked, body: { file_id: file.id } }));
  const fetched = await done(busbar.getFilesTokenName({ client: nobody, path: await where("UpdateFirmware") }));
  equal(fetched.size, image.body.size);
  const sent = { client: nobody, ...image };
  const upload = async () => {
    await done(busbar.postApiAdminChargersIdGetDiagnostics({ ...asked, body: {} }));
    return where("GetDiagnostics");
  };
  const named = async () => ({ token: (await upload()).token, name: "day.log" });
  await done(busbar.putFilesTokenName({ ...sent, path: await named() }), 201);
  await done(busbar.postFilesTokenName({ ...sent, path: await named() }), 201);
  await done(busbar.putFilesToken({ ...sent, path: { token: (await upload()).token } }), 201);
  await done(busbar.postFilesToken({ ...sent, path: { token: (await upload()).token } }), 201);
}

async function sign_firmware(client: Client, id: string): Promise<void> {
  const image = { body: new Blob(["signed firmware of the night"]), bodySerializer: (blob: unknown) => blob };
  const file = await done(busbar.postApiAdminFiles({ client, query: { name: "signed.bin" }, ...image }), 201);
  const asked = await done(busbar.postApiAdminChargersIdSignedUpdateFirmware({ client, path: { id }, body: { file_id: file.id } }));
  equal(asked.state, "accepted");
  await eventually("it is installed", async () => {
    const { items } = await done(busbar.getApiAdminSecurityJobs({ client, query: { command_id: asked.id } }));
    return items[0]?.state === "installed";
  });
}

async function certificates(client: Client, id: string): Promise<void> {
  const asked = { client, path: { id } };
  equal((await ask_desk<{ status: string }>("sign")).status, "Accepted");
  const accepted = async () => (await done(busbar.getApiAdminCertificates({ client, query: { state: "accepted" } }))).items[0];
  const first = await eventually("it is signed", accepted);
  check((await done(busbar.getApiAdminCertificatesId({ client, path: { id: String(first.id) } }))).chain !== null, "there it is");
  await done(busbar.postApiAdminChargersIdRenewCertificate({ ...asked, body: {} }));
  const newer = await eventually("it is renewed", async () => {
    const newest = await accepted();
    return newest && newest.id > first.id && newest;
  });
  const { certificate } = await ask_desk<{ certificate: string }>("root");
  const root = { certificate_type: "CentralSystemRootCertificate", certificate } as const;
  await done(busbar.postApiAdminChargersIdInstallCertificate({ ...asked, body: root }));
  const { items } = await done(busbar.getApiAdminInstalledCertificates({ client }));
  const installed = items.find((item) => item.subject === "CN=Root of the day");
  await done(busbar.postApiAdminChargersIdDeleteCertificate({ ...asked, body: { id: Number(installed?.id) } }));
  await done(busbar.postApiAdminCertificatesIdRevoke({ client, path: { id: String(newer.id) }, body: { reason: "the end of the day" } }));
}

export async function keep_safe(judge: Judge, client: Client): Promise<void> {
  const body = { charge_point_id: "DAY-CP3", password: PASSWORD, security_profile: 1 };
  const made = await done(busbar.postApiAdminChargers({ client, body }), 201);
  const asked = { client, path: { id: String(made.id) } };
  await ask_desk("charger", { id: "DAY-CP3", password: PASSWORD });
  await files(caller(judge), client, asked.path.id);
  await sign_firmware(client, asked.path.id);
  await eventually("it is back", async () => (await done(busbar.getApiAdminChargersId(asked))).connected);
  equal((await done(busbar.postApiAdminChargersIdRotatePassword({ ...asked, body: {} }))).state, "accepted");
  await ask_desk("over_tls");
  await eventually("it takes the profile", async () => (await busbar.postApiAdminChargersIdRaiseSecurityProfile({ ...asked, body: { security_profile: 2 } })).data?.state === "accepted");
  await ask_desk("boot");
  await certificates(client, asked.path.id);
}
