/** What the check against the description finds, and what it lets pass. */
import type { Exchange, Fault } from "pulumi-atlas-secrets-simulator";
import { ContractLog } from "./contract-log.js";

const TYPE = "application/vnd.atlas.2024-08-05+json";
const ACCOUNT = "/api/atlas/v2/groups/0123456789abcdef01234567/serviceAccounts/mdb_sa_id_0123456789abcdef01234567";

const SECRET = {
  id: "aaaaaaaaaaaaaaaaaaaaaaa1",
  createdAt: "2026-03-01T08:00:00Z",
  expiresAt: "2026-03-31T08:00:00Z",
  secret: "mdb_sa_sk_notARealSecretForTestsOnly-0000_wxyz",
};
const LIMIT = { "ratelimit-limit": "1200", "ratelimit-remaining": "1199" };
const SUCCESS_HEADERS = { ...LIMIT, "content-type": `${TYPE};charset=utf-8` };
const ERROR = { error: 409, errorCode: "DATA_CONCURRENCY_ERROR", reason: "Conflict", detail: "x", parameters: [] };

const DELETION = {
  method: "DELETE",
  target: `${ACCOUNT}/secrets/${SECRET.id}`,
  sent: "",
  status: 204,
  answered: "",
} as const;

interface Changes {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: Exchange["headers"];
  readonly sent?: unknown;
  readonly status?: number;
  readonly answered?: unknown;
  readonly answerHeaders?: Readonly<Record<string, string>>;
  readonly fault?: Fault["kind"];
}

/** A creation as described, changed as given. */
function toExchange({ method = "POST", target = `${ACCOUNT}/secrets`, fault, ...changes }: Changes = {}): Exchange {
  const { headers = { accept: TYPE, "content-type": TYPE }, sent = { secretExpiresAfterHours: 8 } } = changes;
  const { status = 201, answered = SECRET } = changes;
  const { answerHeaders = status < 400 ? SUCCESS_HEADERS : { "content-type": "application/json" } } = changes;
  const body = typeof answered === "string" ? answered : JSON.stringify(answered);
  return {
    method,
    target,
    headers,
    body: typeof sent === "string" ? sent : JSON.stringify(sent),
    outcome: { kind: "answer", status, headers: answerHeaders, body },
    changes: [],
    ...(fault && { fault }),
  };
}

function findProblems(changes: Changes, options = {}): string[] {
  const log = new ContractLog(options);
  log.note(toExchange(changes));
  return log.problems;
}

describe("ContractLog", () => {
  it("has nothing to say of an exchange as described, and remembers that it was seen", () => {
    const log = new ContractLog();
    log.note(toExchange());
    expect(log.problems).toEqual([]);
    expect([...log.seen]).toEqual([["POST /api/atlas/v2/groups/{id}/serviceAccounts/{clientId}/secrets 201", 1]]);
    expect(findProblems(DELETION)).toEqual([]);
  });

  it.each<{ name: string; changes: Changes; problem: string }>([
    { name: "no call of the API", changes: { method: "PUT" }, problem: "no call PUT" },
    { name: "an unknown parameter", changes: { target: `${ACCOUNT}/secrets?x=1` }, problem: "query parameter x" },
    {
      name: "another media type",
      changes: { headers: { accept: "text/html", "content-type": TYPE } },
      problem: "Accept is text/html",
    },
    { name: "a body of another type", changes: { headers: { accept: TYPE } }, problem: "Content-Type is undefined" },
    { name: "a field too many", changes: { sent: { secretExpiresAfterHours: 8, x: 1 } }, problem: "field x" },
    { name: "a field of another type", changes: { sent: { secretExpiresAfterHours: "8" } }, problem: "must be" },
    { name: "a body that is no JSON", changes: { sent: "{" }, problem: "not JSON" },
  ])("notes a request with $name, unless it is sent on purpose and refused", ({ changes, problem }) => {
    expect(findProblems(changes)).toEqual([expect.stringContaining(problem)]);
    const refused = { ...changes, status: 400, answered: ERROR };
    expect(findProblems(refused)).toEqual([expect.stringContaining(problem)]);
    expect(findProblems(refused, { mayAskWrongly: true })).toEqual([]);
    expect(findProblems(changes, { mayAskWrongly: true })).toEqual([expect.stringContaining(problem)]);
  });

  it.each<{ name: string; changes: Changes; problem: string }>([
    { name: "an undeclared success", changes: { status: 200 }, problem: "200 is not declared" },
    { name: "a time that is none", changes: { answered: { ...SECRET, createdAt: "today" } }, problem: "date-time" },
    { name: "an id of another shape", changes: { answered: { ...SECRET, id: "1" } }, problem: "/id must" },
    { name: "no JSON", changes: { answered: "<html>" }, problem: "not JSON" },
    { name: "an undeclared error that is none", changes: { status: 409, answered: {} }, problem: "must have required" },
    {
      name: "no declared header",
      changes: { answerHeaders: { "content-type": TYPE } },
      problem: "header RateLimit-Limit is missing",
    },
    {
      name: "a header of another type",
      changes: { answerHeaders: { ...SUCCESS_HEADERS, "ratelimit-remaining": "many" } },
      problem: "header RateLimit-Remaining",
    },
    { name: "no type", changes: { answerHeaders: LIMIT }, problem: "Content-Type is undefined" },
    {
      name: "a success of the type of errors",
      changes: { answerHeaders: { ...LIMIT, "content-type": "application/json" } },
      problem: "Content-Type is application/json",
    },
    {
      name: "a deletion without a type",
      changes: { ...DELETION, answerHeaders: LIMIT },
      problem: "Content-Type is undefined",
    },
    {
      name: "a limit without the headers that tell of it",
      changes: { status: 429, answered: { ...ERROR, error: 429 } },
      problem: "header RateLimit-Limit is missing",
    },
  ])("notes an answer with $name, and counts it apart when a fault made it", ({ changes, problem }) => {
    expect(findProblems(changes).join()).toContain(problem);
    const log = new ContractLog();
    log.note(toExchange({ ...changes, fault: "status" }));
    expect(log.problems).toEqual([]);
    expect([...log.exempt]).toEqual([["status", 1]]);
    expect([...log.seen]).toEqual([]);
  });

  it("takes an undeclared status with an error as described, and a 401 without a code", () => {
    expect(findProblems({ status: 409, answered: ERROR })).toEqual([]);
    const { errorCode: _code, ...bare } = { ...ERROR, error: 401 };
    expect(findProblems({ status: 401, answered: bare })).toEqual([]);
    expect(findProblems({ status: 403, answered: bare })).not.toEqual([]);
  });

  it("takes a limit that does not say how long to wait, and parameters that are texts and numbers", () => {
    const answerHeaders = { ...LIMIT, "content-type": "application/json" };
    const limited = { ...ERROR, error: 429, parameters: ["api/atlas/v2/orgs", 55] };
    expect(findProblems({ status: 429, answered: limited, answerHeaders })).toEqual([]);
    const retryAfter = { ...answerHeaders, "retry-after": "soon" };
    expect(findProblems({ status: 429, answered: limited, answerHeaders: retryAfter }).join()).toContain("Retry-After");
  });

  it("looks into an envelope, which for a list is the list itself", () => {
    const target = `${ACCOUNT}/secrets?envelope=true`;
    expect(findProblems({ target, status: 200, answered: { status: 201, content: SECRET } })).toEqual([]);
    const wrapped = { status: 201, content: { ...SECRET, id: "1" } };
    expect(findProblems({ target, status: 200, answered: wrapped }).join()).toContain("/id must");
    const list = { method: "GET", target: `${ACCOUNT.replace(/\/[^/]*$/, "")}?envelope=true`, status: 200, sent: "" };
    expect(findProblems({ ...list, answered: { status: 200, results: [] } })).toEqual([]);
    expect(findProblems({ ...list, answered: { status: 200, results: {} } }).join()).toContain("/results must");
  });

  it("has nothing to say of the token endpoint", () => {
    expect(findProblems({ target: "/api/oauth/token", sent: "grant_type=client_credentials" })).toEqual([]);
  });

  it("never quotes a value", () => {
    const value = "mdb_sa_sk_FAKE-created-canary-0123456789abcdefghij";
    const answered = { ...SECRET, createdAt: value, secret: value };
    expect(findProblems({ sent: { [value.slice(0, 4)]: value }, answered }).join()).not.toContain(value);
    expect(findProblems({ target: `${ACCOUNT}/secrets?x=${value}` }).join()).not.toContain(value);
  });
});
