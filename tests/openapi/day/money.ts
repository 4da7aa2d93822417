// What charging costs, and who pays.
import type { Client } from "@hey-api/client-fetch";

import * as busbar from "../client";
import { check, done, equal, eventually, given, refused } from "./asking";

export async function make_tariff(client: Client): Promise<string> {
  const tariff = { currency: "EUR", bundled: "flat", settings: { price_per_kwh_minor: 30, session_fee_minor: 50, tax_percent: 19 } };
  await done(busbar.postApiAdminTariffsCheck({ client, body: tariff }));
  const session = { started_at: "2026-11-01T08:00:00Z", stopped_at: "2026-11-01T09:00:00Z", energy_wh: 10000 };
  const bill = await done(busbar.postApiAdminTariffsTry({ client, body: { tariff, session } }));
  check(bill.total_minor > 300, "the energy costs");
  const made = await done(busbar.postApiAdminTariffs({ client, body: { name: "Day", ...tariff } }), 201);
  const id = String(made.id);
  await done(busbar.putApiAdminTariffsIdAssignment({ client, path: { id }, body: {} }));
  await done(busbar.putApiAdminTariffsId({ client, path: { id }, body: { name: "Day and night" } }));
  equal((await done(busbar.getApiAdminTariffsId({ client, path: { id } }))).name, "Day and night");
  check((await done(busbar.getApiAdminTariffsIdVersions({ client, path: { id } }))).items.length > 0, "it has versions");
  await done(busbar.getApiAdminTariffsIdAssignment({ client, path: { id } }));
  return id;
}

export async function charge_money(client: Client): Promise<string> {
  const made = await done(busbar.postApiAdminUsersIdWallet({ client, path: { id: "anna" }, body: { currency: "EUR", mode: "prepaid" } }), 201);
  const id = String(made.id);
  const body = { amount_minor: 5000, reference: "cash of the day" };
  const posted = await done(busbar.postApiAdminWalletsIdTopUps({ client, path: { id }, body }), 201);
  equal(posted.amount?.amount_minor, 5000);
  await done(busbar.postApiAdminWalletsIdAdjustments({ client, path: { id }, body: { amount_minor: -100, reason: "a test" } }), 201);
  await refused(busbar.postApiAdminWalletsIdTopUps({ client, path: { id }, body: { amount_minor: 1, currency: "USD" } }), 422);
  return id;
}

async function invoice(client: Client, transaction_id: number): Promise<void> {
  await refused(busbar.postApiAdminInvoices({ client, body: { transaction_id } }), 409);
  await done(busbar.putApiAdminInvoicesIssuer({ client, body: { legal_name: "Day Ltd", address: ["1 Day Street"], tax_id: "DE1" } }));
  await done(busbar.putApiAdminInvoicesRecipientsUserId({ client, path: { user_id: "anna" }, body: { name: "Anna", address: ["2 Day Street"] } }));
  const made = await done(busbar.postApiAdminInvoices({ client, body: { transaction_id } }), 201);
  const path = { id: String(made.id) };
  check((await done(busbar.getApiAdminInvoicesIdHtml({ client, path }))).includes("Day Ltd"), "who issues is on the page");
  const pdf = await done(busbar.getApiAdminInvoicesIdPdf({ client, path }));
  check(pdf.size > 1000, "there is a PDF");
}

export async function pay_for_it(client: Client, transaction_id: number, wallet: string): Promise<void> {
  const path = { id: String(transaction_id) };
  const bill = await eventually("it is billed", async () => {
    const { data } = await busbar.getApiAdminTransactionsIdBill({ client, path });
    return data?.state === "billed" && data;
  });
  const spent = given(bill.amount).amount_minor;
  equal((await done(busbar.getApiAdminWalletsId({ client, path: { id: wallet } }))).balance?.amount_minor, 4900 - spent);
  await done(busbar.getApiAdminWalletsIdEntries({ client, path: { id: wallet }, query: { transaction: Number(path.id) } }));
  await done(busbar.postApiAdminTransactionsIdPriceCheck({ client, path }));
  await done(busbar.getApiAdminTransactionsIdBill({ client, path }));
  await invoice(client, transaction_id);
}
