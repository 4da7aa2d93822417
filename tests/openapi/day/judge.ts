// Holds every answer against what /openapi.json says of its route and status. What it does not describe ends the day.
import addFormats from "ajv-formats";
import { Ajv2020 } from "ajv/dist/2020";

export interface Described {
  content?: Record<string, unknown>;
}

export interface Operation {
  operationId: string;
  parameters?: { name: string; in: string }[];
  responses: Record<string, Described>;
}

export interface Description {
  paths: Record<string, Record<string, Operation>>;
}

export interface Answer {
  method: string;
  route: string; // the path as it is described: "/api/admin/chargers/{id}"
  status: number;
  type: string | null;
  text: string;
}

const ROOT = "openapi.json";

function pointer(...parts: string[]): string {
  return `${ROOT}#/${parts.map((part) => encodeURIComponent(part.replace(/~/g, "~0").replace(/\//g, "~1"))).join("/")}`;
}

function is_time_zone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function is_json(type: string): boolean {
  return type === "application/json" || type.endsWith("+json");
}

export class Judge {
  readonly done = new Set<string>(); // operations that were answered with success
  answers = 0;
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(readonly description: Description) {
    addFormats(this.ajv);
    this.ajv.addFormat("time-zone", is_time_zone);
    this.ajv.addFormat("month", /^\d{4}-(0[1-9]|1[0-2])$/);
    this.ajv.addSchema(description, ROOT);
  }

  operation(method: string, route: string): Operation {
    const operation = this.description.paths[route]?.[method.toLowerCase()];
    if (!operation) {
      throw new Error(`${method} ${route} is not described`);
    }
    return operation;
  }

  check(answer: Answer): void {
    const fault = this.fault(answer);
    if (fault) {
      throw new Error(`${answer.method} ${answer.route}, ${answer.status} ${answer.type}: ${fault}\n${answer.text.slice(0, 2000)}`);
    }
    this.answers++;
    if (answer.status < 300) {
      this.done.add(this.operation(answer.method, answer.route).operationId);
    }
  }

  private fault(answer: Answer): string | null {
    const { responses } = this.operation(answer.method, answer.route);
    const status = [String(answer.status), `${String(answer.status)[0]}XX`, "default"].find((name) => responses[name]);
    if (!status) {
      return "the status is not described";
    }
    const content = responses[status]?.content;
    if (!content) {
      return answer.text ? "a body where none is described" : null;
    }
    const type = (answer.type ?? "").split(";")[0] ?? "";
    if (!answer.text || !content[type]) {
      return `described are ${Object.keys(content).join(", ")}`;
    }
    return is_json(type) ? this.body_fault(answer, pointer("paths", answer.route, answer.method.toLowerCase(), "responses", status, "content", type, "schema")) : null;
  }

  private body_fault(answer: Answer, schema: string): string | null {
    const validate = this.ajv.getSchema(schema);
    if (!validate) {
      return `there is no schema ${schema}`;
    }
    return validate(JSON.parse(answer.text)) ? null : this.ajv.errorsText(validate.errors, { dataVar: "body" });
  }
}
