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

/** An answer as it came over the wire. Header names in lower case. */
export interface SeenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
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

/**
 * What is wrong with an answer: a success must be declared and have every declared header, an error have the described form, and
 * a body fit and be of the declared type.
 */
export function findAnswerProblems(method: string, target: string, answer: SeenAnswer): string[] {
  const [pathname, query] = splitTarget(target);
  const call = findCall(method, pathname);
  if (!call) return [];
  const unwrapped =
    answer.status === 200 && new URLSearchParams(query).get("envelope") === "true" ? unwrap(answer) : answer;
  const { status, body } = unwrapped;
  const declared = call.responses[String(status)];
  const response = declared && resolve(declared);
  const problems = [...findTypeProblems(answer, call), ...(response ? findMissingHeaders(answer, response) : [])];
  if (status < 400) {
    if (!response) return [`status ${status} is not declared`];
    if (status === 204) return body === "" ? problems : [...problems, "204 with a body"];
    const [content] = Object.values((response.content ?? {}) as Record<string, { schema: object }>);
    return [...problems, ...(content ? findProblems(content.schema, body) : ["no body is described"])];
  }
  return [...problems, ...findProblems(ERROR_SCHEMA, body).filter((problem) => !isKnownDeviation(status, problem))];
}

/** Where real errors differ from their description: a 401 without a code, and parameters that are texts and numbers. */
function isKnownDeviation(status: number, problem: string): boolean {
  return (status === 401 && problem.includes("errorCode")) || /^\/parameters\/\d+ must be object$/.test(problem);
}

/** The answer in an envelope: the status stands beside the content, or beside the fields of a list. */
function unwrap({ headers, body }: SeenAnswer): SeenAnswer {
  const { status, content, ...list } = JSON.parse(body) as { status: number; content?: unknown };
  if (status === 204) return { status, headers, body: "" };
  return { status, headers, body: JSON.stringify(content ?? list) };
}

/** `Retry-After` "might be returned"; the other declared headers are always there. */
function findMissingHeaders({ headers }: SeenAnswer, response: Node): string[] {
  const declared = Object.entries((response.headers ?? {}) as Record<string, Node>);
  return declared.flatMap(([name, node]) => {
    const value = headers[name.toLowerCase()];
    if (value === undefined) return name === "Retry-After" ? [] : [`header ${name} is missing`];
    const { schema } = resolve(node) as { schema: object };
    return findProblems(schema, value).map((problem) => `header ${name} ${problem}`);
  });
}

/** The type of a success is described, also where there is no body. */
function findTypeProblems({ status, headers }: SeenAnswer, call: Call): string[] {
  const described = status >= 400 ? "application/json" : findSuccessType(call);
  const type = headers["content-type"]?.split(";")[0];
  return type === described ? [] : [`Content-Type is ${type}, not ${described}`];
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
  const type = findSuccessType(call);
  const accepted = isOfVersion(headers.accept, type) ? [] : [`Accept is ${headers.accept}, not ${type}`];
  const [sent] = Object.keys(call.requestBody?.content ?? {});
  const isTyped = isOfVersion(headers["content-type"], sent);
  return [...accepted, ...(isTyped ? [] : [`Content-Type is ${headers["content-type"]}, not ${sent}`])];
}

/** The media type of a call's success, which every call has. */
function findSuccessType({ responses }: Call): string | undefined {
  const success = Object.entries(responses).find(([status]) => status.startsWith("2"))?.[1];
  return Object.keys((success ? resolve(success).content : {}) as object)[0];
}

/** A later version of the API is answered by the newest one of the call up to it. What is no version is later than none. */
function isOfVersion(type: string | undefined, described: string | undefined): boolean {
  const toVersion = (text = "") => /^application\/vnd\.atlas\.(\d{4}-\d\d-\d\d)\+json$/.exec(text)?.[1] ?? "";
  return described === undefined || type === described || toVersion(type) > toVersion(described);
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
