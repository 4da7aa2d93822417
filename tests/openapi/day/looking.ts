// Everything that can be read, as it stands at the end of the day: also what no page before has asked for.
import type { Client } from "@hey-api/client-fetch";

import * as busbar from "../client";
import { check, names } from "./asking";
import type { Judge, Operation } from "./judge";

type Asking = (options: { client: Client; path: Record<string, string>; query?: { format: string } }) => Promise<{ response: Response }>;

// As the generator calls it: "get_api_admin_chargers_id" is getApiAdminChargersId().
function function_of(operation: Operation): Asking {
  const name = operation.operationId.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const found = (busbar as unknown as Record<string, Asking>)[name];
  if (!found) {
    throw new Error(`${name} is not in the client`);
  }
  return found;
}

// Null: one of its names was never used.
function path_of(route: string): Record<string, string> | null {
  const path: Record<string, string> = {};
  for (const match of route.matchAll(/\{(\w+)\}/g)) {
    const value = names.get(route.slice(0, match.index + match[0].length));
    if (!value) {
      return null;
    }
    path[match[1] ?? ""] = value;
  }
  return path;
}

function is_endless(operation: Operation): boolean {
  return Object.values(operation.responses).some((response) => response.content?.["text/event-stream"]);
}

async function look(client: Client, route: string, operation: Operation): Promise<void> {
  const path = path_of(route);
  if (!path || is_endless(operation)) {
    return;
  }
  const ask = function_of(operation);
  const { response } = await ask({ client, path });
  check(response.status < 500, `${route}: ${response.status}`);
  if (operation.parameters?.some((parameter) => parameter.name === "format")) {
    await ask({ client, path, query: { format: "csv" } });
  }
}

export async function look_at_everything(judge: Judge, client: Client): Promise<void> {
  for (const [route, path] of Object.entries(judge.description.paths)) {
    if (path["get"]) {
      await look(client, route, path["get"]);
    }
  }
}
