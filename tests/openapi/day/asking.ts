// Callers of the server, each a client of its own, and what is expected of answers.
import { type Auth, type Client, createClient, createConfig } from "@hey-api/client-fetch";

import type { RestProblem } from "../client";
import { Judge } from "./judge";

declare const process: { env: Record<string, string | undefined> };

export function setting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

// What was used in the place of a path's names: "/api/admin/chargers/{id}" was 7.
export const names = new Map<string, string>();

function note_names(route: string, path: Record<string, unknown>): void {
  for (const match of route.matchAll(/\{(\w+)\}/g)) {
    const value = path[match[1] ?? ""];
    names.set(route.slice(0, match.index + match[0].length), String(value));
  }
}

export function caller(judge: Judge, auth?: (scheme: Auth) => string | undefined, headers?: Record<string, string>): Client {
  const client = createClient(createConfig({ baseUrl: setting("BUSBAR_URL"), auth, headers }));
  client.interceptors.response.use(async (response, request, options) => {
    const type = response.headers.get("content-type");
    const text = type?.startsWith("text/event-stream") ? "goes on" : await response.clone().text();
    judge.check({ method: request.method, route: options.url, status: response.status, type, text });
    if (response.ok && options.path) {
      note_names(options.url, options.path);
    }
    return response;
  });
  return client;
}

export function by_key(judge: Judge, key: string): Client {
  return caller(judge, (scheme) => (scheme.scheme === "bearer" ? key : undefined));
}

// A browser: it has the cookie, and the token that changes need besides.
export function by_session(judge: Judge, cookie: string, csrf: string): Client {
  return caller(judge, (scheme) => (scheme.in === "cookie" ? cookie : undefined), { "X-CSRF-Token": csrf });
}

type Asked<D, E> = Promise<({ data: D; error: undefined } | { data: undefined; error: E }) & { request: Request; response: Response }>;

function expected(request: Request, response: Response, status: number, told: unknown): void {
  if (response.status !== status) {
    throw new Error(`${request.method} ${request.url}: ${response.status} and not ${status}: ${JSON.stringify(told)}`);
  }
}

export async function done<D>(asked: Asked<D, unknown>, status = 200): Promise<NonNullable<D>> {
  return (await whole(asked, status)).data;
}

// With its headers.
export async function whole<D>(asked: Asked<D, unknown>, status = 200): Promise<{ data: NonNullable<D>; response: Response }> {
  const { data, error, request, response } = await asked;
  expected(request, response, status, error ?? data);
  return { data: given(data), response };
}

export async function refused(asked: Asked<unknown, RestProblem>, status: number): Promise<RestProblem> {
  const { data, error, request, response } = await asked;
  expected(request, response, status, error ?? data);
  const problem = given(error);
  equal(problem.status, status);
  return problem;
}

export function given<T>(value: T | null | undefined, what = "a value"): NonNullable<T> {
  if (value === null || value === undefined) {
    throw new Error(`${what} is missing`);
  }
  return value;
}

export function equal<T>(actual: T, wanted: T): void {
  const [a, w] = [JSON.stringify(actual), JSON.stringify(wanted)];
  if (a !== w) {
    throw new Error(`${a} and not ${w}`);
  }
}

export function check(holds: boolean, what: string): void {
  if (!holds) {
    throw new Error(what);
  }
}

// Until it gives something.
export async function eventually<T>(what: string, fn: () => Promise<T | null | undefined | false>, seconds = 60): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const got = await fn();
    if (got) {
      return got;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what}: not within ${seconds} s`);
}
