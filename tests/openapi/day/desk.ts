// Where the day asks for what others do: who reads mail, who pays, who provides identities, and a second charger. The story plays them.
import { setting } from "./asking";

export async function ask_desk<T = Record<string, never>>(what: string, body: Record<string, string | number> = {}): Promise<T> {
  const response = await fetch(`${setting("DESK_URL")}/${what}`, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) {
    throw new Error(`the desk, ${what}: ${response.status} ${await response.text()}`);
  }
  return (await response.json()) as T;
}
