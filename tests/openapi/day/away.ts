// Storage is away: /health says so, and everything else is a problem document.
import * as busbar from "../client";
import { by_key, caller, check, equal, eventually } from "./asking";
import { Judge } from "./judge";
import { read_description, told } from "./told";

told(async () => {
  const judge = new Judge(await read_description());
  const nobody = caller(judge);
  await eventually("health tells", async () => (await busbar.getHealth({ client: nobody })).response.status === 503);
  const { response, error } = await busbar.getApiAdminStations({ client: by_key(judge, "bb_of_nobody") });
  equal(response.status, 503);
  check(error !== undefined, "a problem");
});
