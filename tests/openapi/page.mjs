// Runs the script of /docs, and looks for each thing that /openapi.json says: routes, parameters, bodies, answers, members.
import { JSDOM, VirtualConsole } from "jsdom";

const base = process.env.BUSBAR_URL;
const faults = [];
const virtualConsole = new VirtualConsole();
virtualConsole.on("jsdomError", (e) => faults.push(`the page: ${e.message}`));

const spec = await (await fetch(`${base}/openapi.json`)).json();
const { window } = await JSDOM.fromURL(`${base}/docs`, {
  runScripts: "dangerously",
  virtualConsole,
  beforeParse: (w) => { w.fetch = (path) => fetch(new URL(path, base)); },
});
const page = window.document;

async function until_drawn() {
  for (const deadline = Date.now() + 30000; Date.now() < deadline; await new Promise((go) => setTimeout(go, 20)))
    if (page.getElementById("routes").textContent !== "Loading.") return;
  throw new Error("the page is never drawn");
}

const text = (e) => e.textContent.replace(/\s+/g, " ").trim();
const rows = (e) => [...e.querySelectorAll("tr")].map((tr) => [...tr.cells].map(text));
const summary = (e) => text(e.querySelector(":scope > summary"));
const resolved = (s) => (s.$ref ? resolved(spec.components.schemas[s.$ref.slice("#/components/schemas/".length)]) : s);
function expect(holds, what) {
  if (!holds) faults.push(what);
}

// What a schema says of a value: each of it is to be read in the row.
function told(s) {
  const words = [s.type, s.format, s.enum, s.const, s.minimum, s.maximum, s.maxLength, s.default, s.description];
  return [...words.flat(), s.$ref?.split("/").pop(), s.items?.$ref?.split("/").pop()].filter((word) => word !== undefined).map(String);
}

function expect_row(table, name, s, place) {
  const row = table.find((cells) => cells[0] === name || cells[0] === `${name} *`);
  expect(row, `${place}: ${name} is not shown`);
  for (const word of row ? told(s) : [])
    expect(row.join(" ").includes(word.replace(/\s+/g, " ").trim()), `${place}: ${name} does not say ${word}`);
}

// The members of an object and of those in it, as far as these have no page of their own.
function expect_members(table, schema, place, prefix = "") {
  if (schema.items) return expect_members(table, schema.items, place, `${prefix}[]`);
  for (const [key, s] of Object.entries(schema.properties ?? {})) {
    const name = prefix ? `${prefix}.${key}` : key;
    expect_row(table, name, s, place);
    expect_members(table, s, place, name);
  }
}

function expect_content(box, content, place) {
  for (const [media, { schema }] of Object.entries(content ?? {})) {
    expect(text(box).includes(media), `${place}: ${media} is not shown`);
    expect_members(rows(box), resolved(schema), place);
    if (schema.$ref) {
      const name = schema.$ref.split("/").pop();
      expect([...box.querySelectorAll("a")].some((a) => text(a) === name), `${place}: no link to ${name}`);
    }
  }
}

const part = (box, title) => [...box.querySelectorAll(":scope > div")].find((div) => text(div).startsWith(title));

function expect_operation(box, o, place) {
  expect(summary(box).includes(o.summary), `${place}: no summary`);
  expect(text(box).includes(`Roles: ${o["x-roles"]}`), `${place}: no roles`);
  for (const p of o.parameters ?? []) {
    expect_row(rows(box), p.name, { ...p.schema, description: p.description }, place);
    expect(rows(box).some((cells) => cells[0].startsWith(p.name) && cells[1] === p.in), `${place}: ${p.name} is not in ${p.in}`);
  }
  if (o.requestBody) expect_content(part(box, "Body"), o.requestBody.content, `${place}, body`);
  for (const [status, answer] of Object.entries(o.responses)) {
    const shown = part(box, `Answer ${status}`);
    expect(shown, `${place}: no answer ${status}`);
    for (const name of Object.keys(answer.headers ?? {})) expect(text(shown).includes(name), `${place}: no header ${name}`);
    expect_content(shown, answer.content, `${place}, ${status}`);
  }
}

await until_drawn();
const drawn = new Map([...page.querySelectorAll("section > details")].map((box) => [summary(box), box]));
let count = 0;
for (const [path, methods] of Object.entries(spec.paths))
  for (const [method, o] of Object.entries(methods)) {
    count++;
    const box = [...drawn].find(([title]) => title.startsWith(`${method.toUpperCase()}${path} `))?.[1];
    expect(box, `${method} ${path} is not shown`);
    if (box) expect_operation(box, o, `${method} ${path}`);
  }
for (const [name, schema] of Object.entries(spec.components.schemas)) {
  const box = page.getElementById(name);
  expect(box, `${name} is not shown`);
  if (box) expect_members(rows(box), schema, name);
}
for (const a of page.querySelectorAll("main a")) {
  const to = page.getElementById(a.getAttribute("href").slice(1));
  expect(to, `a link leads nowhere: ${a.getAttribute("href")}`);
  if (to && !to.open) {
    a.click();
    expect(to.open, `${a.getAttribute("href")} is not opened by its link`);
  }
}
expect(count > 30 && count + Object.keys(spec.components.schemas).length === drawn.size, `${drawn.size} are drawn`);
console.log(`${count} routes, ${faults.length} faults`, ...new Set(faults.slice(0, 40).map((fault) => `\n${fault}`)));
process.exit(faults.length ? 1 : 0);
