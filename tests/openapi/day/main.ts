// An admin's day, from the first key to the last thing that is taken away again.
import type { Client } from "@hey-api/client-fetch";

import * as busbar from "../client";
import { keep_accounts } from "./accounts";
import { by_key, caller, check, done, given, refused } from "./asking";
import { charge } from "./charging";
import { take_away } from "./ends";
import { keep_fleet } from "./fleet";
import { Judge } from "./judge";
import { look_at_everything } from "./looking";
import { charge_money, make_tariff, pay_for_it } from "./money";
import { keep_money, stray_session } from "./paying";
import { make_people } from "./people";
import { make_places } from "./places";
import { do_what_is_rarer } from "./rarer";
import { keep_rules } from "./rules";
import { keep_safe } from "./security";
import { read_description, told } from "./told";

async function first_key(judge: Judge): Promise<Client> {
  const nobody = caller(judge);
  await done(busbar.getHealth({ client: nobody }));
  await done(busbar.getDocs({ client: nobody }));
  await refused(busbar.getApiAdminStations({ client: nobody }), 401);
  const made = await done(busbar.postApiAdminBootstrap({ client: nobody }), 201);
  await refused(busbar.postApiAdminBootstrap({ client: nobody }), 409);
  return by_key(judge, given(made.key));
}

told(async () => {
  const judge = new Judge(await read_description());
  const admin = await first_key(judge);
  const people = await make_people(judge, admin);
  const places = await make_places(admin);
  const tariff = await make_tariff(admin);
  const wallet = await charge_money(admin);
  await keep_rules(admin);
  const transaction = await charge(admin, places.charger);
  await pay_for_it(admin, transaction, wallet);
  await keep_money(judge, admin);
  await stray_session(admin, places.charger);
  await keep_accounts(judge, admin);
  await keep_fleet(admin, places.charger, places.spare);
  await keep_safe(judge, admin);
  await do_what_is_rarer(admin, places, { wallet, tariff, transaction });
  await look_at_everything(judge, admin);
  await take_away(admin, people, places, tariff);
  const all = Object.values(judge.description.paths).flatMap((path) => Object.values(path).map((operation) => operation.operationId));
  const left = all.filter((id) => !judge.done.has(id));
  console.log(`${judge.answers} answers are as described, of ${all.length - left.length} of ${all.length} operations`);
  check(left.length === 0, `without success all day: ${left.join(" ")}`);
});
