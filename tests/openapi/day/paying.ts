// Who pays beforehand, who is paid back, and what stands on paper.
import type { Client } from "@hey-api/client-fetch";

import * as busbar from "../client";
import { caller, check, done, equal, eventually } from "./asking";
import { ask_desk } from "./desk";
import type { Judge } from "./judge";
import { sign_in } from "./people";

async function pay(judge: Judge, id: string): Promise<void> {
  const told = await ask_desk<{ body: string; signature: string }>("payment", { id });
  const headers = { "Content-Type": "application/json", "Stripe-Signature": told.signature };
  const url = "/payments/stripe/webhook";
  const { response } = await caller(judge).post({ url, headers, body: told.body, bodySerializer: null });
  equal(response.status, 200);
}

async function payments(judge: Judge, admin: Client): Promise<void> {
  const of_anna = { path: { id: "anna" }, body: { amount_minor: 1500 } };
  const asked = await done(busbar.postApiAdminUsersIdWalletCheckout({ client: admin, ...of_anna }), 201);
  check(asked.url !== null, "there is a page to pay at");
  await pay(judge, asked.id);
  const path = { id: asked.id };
  await eventually("it is paid", async () => (await done(busbar.getApiAdminPaymentsId({ client: admin, path }))).state === "paid");
  await done(busbar.postApiAdminPaymentsIdRefund({ client: admin, path, body: { amount_minor: 500, reason: "too much" } }), 202);
  await eventually("it is given back", async () => (await done(busbar.getApiAdminPaymentsId({ client: admin, path }))).refunds.some((refund) => refund.state === "done"));
  const anna = await sign_in(judge, "anna@example.org");
  const own = await done(busbar.postUsersIdWalletCheckout({ client: anna, ...of_anna }), 201);
  equal((await done(busbar.getUsersIdPaymentsPaymentId({ client: anna, path: { id: "anna", payment_id: own.id } }))).state, "open");
}

async function papers(client: Client): Promise<void> {
  const { items } = await done(busbar.getApiAdminInvoices({ client }));
  const invoice_id = String(items[0]?.id);
  const path = { id: "anna", invoice_id };
  equal((await done(busbar.getUsersIdInvoicesInvoiceId({ client, path }))).kind, "invoice");
  await done(busbar.getUsersIdInvoicesInvoiceIdHtml({ client, path }));
  await done(busbar.getUsersIdInvoicesInvoiceIdPdf({ client, path }));
  const body = { reason: "for patience", amount_minor: 1 };
  const note = await done(busbar.postApiAdminInvoicesIdCreditNotes({ client, path: { id: invoice_id }, body }), 201);
  equal(note.kind, "credit_note");
  await done(busbar.postApiAdminInvoicesRun({ client, body: {} }), 202);
}

async function wallets(client: Client): Promise<void> {
  const made = await done(busbar.postApiAdminWallets({ client, body: { user_id: "otto", currency: "EUR" } }), 201);
  await done(busbar.deleteApiAdminWalletsId({ client, path: { id: String(made.id) } }), 204);
  await done(busbar.postApiAdminUsersIdWallet({ client, path: { id: "otto" }, body: { currency: "EUR" } }), 201);
  await done(busbar.deleteApiAdminUsersIdWallet({ client, path: { id: "otto" } }), 204);
}

// A card of nobody, and a tariff that does not know what to do with it: both are mended afterwards.
export async function stray_session(client: Client, charger: string): Promise<void> {
  const source = "function price(session) if session.id_tag == 'SPARE-TAG' then error 'a card of nobody' end return tariff.bill(session, {}) end";
  const tariff = await done(busbar.postApiAdminTariffs({ client, body: { name: "Moody", currency: "EUR", source } }), 201);
  const path = { id: String(tariff.id) };
  await done(busbar.putApiAdminTariffsIdAssignment({ client, path, body: { charger_id: Number(charger) } }));
  const of_charger = { client, path: { id: charger } };
  const start = { connector_id: 1, id_tag: "SPARE-TAG" };
  await eventually("it starts", async () => (await busbar.postApiAdminChargersIdRemoteStart({ ...of_charger, body: start })).data?.state === "accepted");
  const query = { id_tag: "SPARE-TAG" };
  const newest = async () => (await done(busbar.getApiAdminTransactions({ client, query }))).items[0];
  await eventually("it is measured", async () => ((await newest())?.meter_last_wh ?? 0) > 0);
  await done(busbar.postApiAdminChargersIdRemoteStop({ ...of_charger, body: { connector_id: 1 } }));
  const failed = await eventually("it has no price", async () => ((await newest())?.price_state === "failed" ? newest() : null));
  await done(busbar.deleteApiAdminTariffsIdAssignment({ client, path, query: { charger_id: Number(charger) } }), 204);
  await done(busbar.deleteApiAdminTariffsId({ client, path }), 204);
  const transaction = { id: String(failed.id) };
  await done(busbar.postApiAdminTransactionsIdPrice({ client, path: transaction }), 202);
  await eventually("it has one", async () => (await newest())?.price_state === "priced");
  await done(busbar.postApiAdminTransactionsIdBill({ client, path: transaction, body: { user_id: "anna" } }), 202);
}

export async function keep_money(judge: Judge, client: Client): Promise<void> {
  await payments(judge, client);
  await papers(client);
  await wallets(client);
}
