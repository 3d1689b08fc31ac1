/**
 * Checks requests and answers against the official description of the Atlas Administration API (the slice for service
 * accounts, version 2024-08-05, from https://www.mongodb.com/docs/atlas/reference/api-resources-spec/v2/).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Call {
  readonly parameters?: readonly Node[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, Node>>;
}

type Node = Readonly<Record<string, unknown>>;

/** A request as it went over the wire. Header names in lower case. */
export interface SentRequest {
  readonly method: string;
  /** Path with query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

const description = JSON.parse(
  readFileSync(join(__dirname, "atlas-service-accounts.openapi.json"), "utf8"),
) as Description;

const ajv = new Ajv({ strict: false, allErrors: true });
(addFormats as unknown as (target: Ajv) => void)(ajv);
ajv.addFormat("int32", true);
ajv.addSchema(toJsonSchema({ components: description.components }), "atlas");

/** What is wrong with a request by the description; empty when nothing is. */
export function findRequestProblems(request: SentRequest): string[] {
  const [pathname, query] = splitTarget(request.target);
  const call = findCall(request.method, pathname);
  if (!call) return [`no call ${request.method} ${pathname}`];
  return [
    ...findUnknownParameters(query, call).map((name) => `query parameter ${name} is not described`),
    ...findHeaderProblems(request, call),
    ...findBodyProblems(request, call),
  ];
}

/** What is wrong with an answer: a success must be declared, an error have the described form, and a body fit. */
export function findAnswerProblems(method: string, target: string, status: number, body: string): string[] {
  const [pathname, query] = splitTarget(target);
  const call = findCall(method, pathname);
  if (!call) return [];
  if (status === 200 && new URLSearchParams(query).get("envelope") === "true") {
    const wrapped = JSON.parse(body) as { status: number; content: unknown };
    const content = wrapped.status === 204 ? "" : JSON.stringify(wrapped.content);
    return findAnswerProblems(method, pathname, wrapped.status, content);
  }
  const response = call.responses[String(status)];
  if (status < 400) {
    if (!response) return [`status ${status} is not declared`];
    if (status === 204) return body === "" ? [] : ["204 with a body"];
    const [content] = Object.values((resolve(response).content ?? {}) as Record<string, { schema: object }>);
    return content ? findProblems(content.schema, body) : ["no body is described"];
  }
  // The 401 that Atlas really sends has no errorCode, which the description requires.
  const isKnownDeviation = status === 401;
  const problems = findProblems(ERROR_SCHEMA, body);
  return problems.filter((problem) => !(isKnownDeviation && problem.includes("errorCode")));
}

function splitTarget(target: string): [pathname: string, query: string] {
  const [pathname = "", query = ""] = target.split("?", 2);
  return [pathname, query];
}

function findUnknownParameters(query: string, { parameters = [] }: Call): string[] {
  if (query === "") return [];
  const allowed = parameters.map(resolve).filter((parameter) => parameter.in === "query");
  return [...new URLSearchParams(query).keys()].filter((name) => !allowed.some((parameter) => parameter.name === name));
}

function findHeaderProblems({ headers }: SentRequest, call: Call): string[] {
  const success = Object.entries(call.responses).find(([status]) => status.startsWith("2"))?.[1];
  const [type] = Object.keys((success ? resolve(success).content : {}) as object);
  const accepted = type === undefined || headers.accept === type ? [] : [`Accept is ${headers.accept}, not ${type}`];
  const [sent] = Object.keys(call.requestBody?.content ?? {});
  const isTyped = sent === undefined || headers["content-type"] === sent;
  return [...accepted, ...(isTyped ? [] : [`Content-Type is ${headers["content-type"]}, not ${sent}`])];
}

function findBodyProblems({ body = "" }: SentRequest, call: Call): string[] {
  const [content] = Object.values(call.requestBody?.content ?? {});
  if (!content) return body === "" ? [] : ["a body where none is described"];
  const problems = findProblems(content.schema, body);
  if (problems.includes(NOT_JSON)) return problems;
  const parsed = JSON.parse(body) as object;
  const known = resolve(content.schema as Node).properties as Record<string, unknown>;
  const unknown = Object.keys(parsed).filter((name) => !(name in known));
  return [...problems, ...unknown.map((name) => `field ${name} is not described`)];
}

const paths = Object.entries(description.paths).map(([path, calls]) => ({
  pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/:]+")}$`),
  calls,
}));

function findCall(method: string, pathname: string): Call | undefined {
  return paths.find(({ pattern }) => pattern.test(pathname))?.calls[method.toLowerCase()] as Call | undefined;
}

/** Every described call with its statuses, the names in its path left out as in `ContractLog.seen`. */
export function listCalls(): { readonly call: string; readonly statuses: readonly number[] }[] {
  return Object.entries(description.paths).flatMap(([path, calls]) =>
    Object.entries(calls).map(([method, call]) => ({
      call: `${method.toUpperCase()} ${path
        .replace("{clientId}", "{client}")
        .replace(/\{\w+Id\}/g, "{id}")
        .replace("{client}", "{clientId}")}`,
      statuses: Object.keys((call as Call).responses).map(Number),
    })),
  );
}

const NOT_JSON = "the body is not JSON";

const ERROR_SCHEMA = { $ref: "#/components/schemas/ApiError" };

/** By the object in the description: turning a schema into text for each check would take longer than the check. */
const validators = new WeakMap<object, ValidateFunction>();

function findProblems(schema: object, body: string): string[] {
  let validate = validators.get(schema);
  if (!validate) {
    validate = ajv.compile(toJsonSchema(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"atlas#/'))));
    validators.set(schema, validate);
  }
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch {
    return [NOT_JSON];
  }
  return validate(data)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || "/"} ${message}`);
}

function resolve(node: Node): Node {
  const reference = node.$ref;
  if (typeof reference !== "string") return node;
  const found = reference
    .slice(2)
    .split("/")
    .reduce<unknown>((parent, key) => (parent as Record<string, unknown>)[key], description);
  return found as Node;
}

/** OpenAPI 3.0 as JSON Schema: `nullable` becomes a type, boolean `exclusiveMinimum` a number. */
function toJsonSchema(node: unknown): object {
  return JSON.parse(JSON.stringify(node), (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const { nullable, exclusiveMinimum, ...schema } = value as Record<string, unknown>;
    if (exclusiveMinimum === true) {
      schema.exclusiveMinimum = schema.minimum;
      delete schema.minimum;
    }
    if (nullable === true && typeof schema.type === "string") schema.type = [schema.type, "null"];
    return schema;
  }) as object;
}
