/**
 * What a request must look like: https://www.mongodb.com/docs/atlas/api/versioned-api-overview/ and the description of each
 * call at https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-service-accounts
 */
import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { type Call, closeApis, MEDIA_TYPE, openApi, toPath } from "./helpers.js";

afterEach(closeApis);

const OLDER = "application/vnd.atlas.2023-01-01+json";
const NO_DATE = "application/vnd.atlas.2024-12-31+json";
const LATER = "application/vnd.atlas.2025-03-12+json";

describe("a request outside the description", () => {
  it.each<{ name: string; changes: Partial<Call>; status: number; code: string }>([
    {
      name: "a later version and half a date",
      changes: { accept: "application/vnd.atlas.2025-03+json" },
      status: 406,
      code: "NOT_ACCEPTABLE",
    },
    { name: "no Atlas media type", changes: { accept: "application/json" }, status: 406, code: "NOT_ACCEPTABLE" },
    { name: "a version that is gone", changes: { accept: OLDER }, status: 410, code: "VERSION_GONE" },
    { name: "a date without a version", changes: { accept: NO_DATE }, status: 400, code: "INVALID_VERSION_DATE" },
    {
      name: "a body of another type",
      changes: { contentType: "text/plain" },
      status: 415,
      code: "UNSUPPORTED_MEDIA_TYPE",
    },
    { name: "a body without a type", changes: { contentType: null }, status: 415, code: "UNSUPPORTED_MEDIA_TYPE" },
    { name: "a body that is not JSON", changes: { body: "{" }, status: 400, code: "VALIDATION_ERROR" },
    { name: "a list as body", changes: { body: "[]" }, status: 400, code: "VALIDATION_ERROR" },
    { name: "no lifetime", changes: { body: "{}" }, status: 400, code: "VALIDATION_ERROR" },
    {
      name: "a lifetime as text",
      changes: { body: '{"secretExpiresAfterHours":"8"}' },
      status: 400,
      code: "VALIDATION_ERROR",
    },
    {
      name: "half an hour",
      changes: { body: '{"secretExpiresAfterHours":8.5}' },
      status: 400,
      code: "VALIDATION_ERROR",
    },
    {
      name: "an unknown field",
      changes: { body: '{"secretExpiresAfterHours":8,"label":"x"}' },
      status: 400,
      code: "INVALID_ATTRIBUTE",
    },
  ])("is refused with $status and counted: $name", async ({ changes, status, code }) => {
    const api = await openApi();
    const account = await api.add();
    const reply = await api.create(account, 8, changes);
    expect([reply.status, reply.body.errorCode, reply.headers.get("x-error-code")]).toEqual([status, code, code]);
    expect((await api.simulator.counters()).contractViolations).toHaveLength(1);
    expect(await api.shown(account)).toEqual([]);
  });

  it.each([
    { name: "an unknown parameter", query: "?label=x", status: 400 },
    { name: "a page of no accounts", query: "?itemsPerPage=0", status: 400 },
    { name: "a page of 500", query: "?itemsPerPage=500", status: 200 },
    { name: "a page of 501", query: "?itemsPerPage=501", status: 400 },
    { name: "page 0", query: "?pageNum=0", status: 400 },
    { name: "page 1", query: "?pageNum=1", status: 200 },
    { name: "a boolean that is none", query: "?pretty=1", status: 400 },
    { name: "system accounts", query: "?includeSystemManaged=true", status: 200 },
  ])("answers $status to a list with $name", async ({ query, status }) => {
    const api = await openApi();
    expect((await api.list({ ownerId: DEMO_PROJECT_ID }, query)).status).toBe(status);
    expect((await api.simulator.counters()).contractViolations).toHaveLength(status === 200 ? 0 : 1);
  });

  it.each([
    { name: "project", target: "/api/atlas/v2/groups/xyz/serviceAccounts" },
    { name: "account", target: `/api/atlas/v2/groups/${DEMO_PROJECT_ID}/serviceAccounts/mdb_sa_id_x` },
  ])("is refused for a malformed id of the $name", async ({ target }) => {
    const api = await openApi();
    const { status, body } = await api.send({ target });
    expect([status, body.errorCode]).toEqual([400, "PATH_PARAM_PARSE_ERROR"]);
  });

  it("is refused with 404 and counted for a call that does not exist", async () => {
    const api = await openApi();
    const account = await api.add();
    expect((await api.send({ method: "PATCH", target: toPath(account) })).status).toBe(404);
    expect((await api.simulator.counters()).contractViolations).toEqual([`PATCH ${toPath(account)}`]);
  });
});

describe("a later version of the API", () => {
  it("is answered by the newest of these calls up to it, which the answer's type names", async () => {
    const api = await openApi();
    const account = await api.add();
    const later = { accept: LATER, contentType: LATER };
    const replies = [await api.create(account, 8, later), await api.get(account, { accept: LATER })];
    expect(replies.map(({ status }) => status)).toEqual([201, 200]);
    for (const { headers } of replies) expect(headers.get("content-type")).toBe(`${MEDIA_TYPE};charset=utf-8`);
    expect((await api.simulator.counters()).contractViolations).toEqual([]);
  });
});

describe("envelope, pretty and pages", () => {
  it("takes a list as its own envelope, with the status beside its fields", async () => {
    const api = await openApi();
    const { clientId, ownerId } = await api.add();
    const { status, body } = await api.list({ ownerId }, "?envelope=true");
    expect([status, body.status, body.totalCount, body.results?.[0]?.clientId]).toEqual([200, 200, 1, clientId]);
    expect(body).not.toHaveProperty("content");
  });

  it("wraps an answer and its status in a 200", async () => {
    const api = await openApi();
    const account = await api.add();
    const reply = await api.send({ target: `${toPath(account)}?envelope=true` });
    expect(reply.body).toMatchObject({ status: 200, content: { clientId: account.clientId } });
    const other = toPath(account).replace(/.$/, (digit) => (digit === "f" ? "e" : "f"));
    const missing = await api.send({ target: `${other}?envelope=true` });
    expect([missing.status, missing.body.status]).toEqual([200, 404]);
  });

  it("indents an answer only when it is asked to", async () => {
    const api = await openApi();
    const account = await api.add();
    expect((await api.send({ target: toPath(account) })).text).not.toContain("\n");
    expect((await api.send({ target: `${toPath(account)}?pretty=true` })).text).toContain("\n");
  });

  it("pages through accounts with a count and a link to the next page", async () => {
    const api = await openApi();
    const seeded = await api.simulator.seed({ projects: 2, accountsPerProject: 5 });
    const ownerId = seeded[0]?.ownerId ?? "";
    const ids: (string | undefined)[] = [];
    for (const [pageNum, size] of [2, 2, 1].entries()) {
      const { body } = await api.list({ ownerId }, `?itemsPerPage=2&pageNum=${pageNum + 1}`);
      expect([body.results?.length, body.totalCount]).toEqual([size, 5]);
      expect(body.links?.some(({ rel }) => rel === "next")).toBe(pageNum < 2);
      ids.push(...(body.results ?? []).map(({ clientId }) => clientId));
    }
    expect(ids).toEqual(seeded.slice(0, 5).map(({ clientId }) => clientId));
  });
});

const toLimit = (headers: Headers) => [headers.get("ratelimit-limit"), headers.get("ratelimit-remaining")];

describe("the headers that tell of a rate limit", () => {
  it("count down with every success, of whichever call", async () => {
    const api = await openApi({ rateLimits: { capacity: 5, refill: 5, seconds: 60 } });
    const account = await api.add();
    const created = await api.create(account);
    const replies = [
      created,
      await api.get(account),
      await api.list(account),
      await api.delete(account, created.body.id ?? ""),
    ];
    expect(replies.map(({ status }) => status)).toEqual([201, 200, 200, 204]);
    expect(replies.map(({ headers }) => toLimit(headers))).toEqual([
      ["5", "4"],
      ["5", "3"],
      ["5", "2"],
      ["5", "1"],
    ]);
  });

  it("tell of a full limit when there is none", async () => {
    const api = await openApi({ rateLimits: false });
    const account = await api.add();
    for (let count = 0; count < 2; count++) expect(toLimit((await api.get(account)).headers)).toEqual(["1200", "1199"]);
  });

  // As recorded: https://github.com/mongodb/mongodb-atlas-cli, the .snaphost files below test/e2e
  it("are with the errors of what is there, and with none of a project that is not", async () => {
    const api = await openApi({ rateLimits: { capacity: 5, refill: 5, seconds: 60 } });
    const account = await api.add();
    expect(toLimit((await api.create(account, 7)).headers)).toEqual(["5", "4"]);
    expect(toLimit((await api.list({ ownerId: "f".repeat(24) })).headers)).toEqual([null, null]);
  });
});

describe("the rate limit of a project", () => {
  it("lets 1200 requests through, refuses the next with a wait, and refills 500 a minute", async () => {
    const api = await openApi();
    const account = await api.add();
    for (let count = 0; count < 1200; count++) await api.get(account);
    const { status, body, headers } = await api.get(account);
    const retryAfter = Number(headers.get("retry-after"));
    expect(retryAfter).toBeGreaterThan(0);
    const path = toPath(account).slice(1);
    // As the sample of https://www.mongodb.com/docs/atlas/api/api-rate-limit
    expect([status, body]).toEqual([
      429,
      {
        error: 429,
        errorCode: "RATE_LIMITED_TOKEN_BUCKET",
        reason: "Too Many Requests",
        detail: `Rate limit exceeded for ${path}. Please retry after ${retryAfter} seconds. Request capacity: 1200. Refill rate: 500 per 60 seconds.`,
        parameters: [path, retryAfter, 1200, 500, 60],
      },
    ]);
    expect(toLimit(headers)).toEqual(["1200", "0"]);
    await api.simulator.setSwitches({ retryAfter: "zero" });
    expect((await api.get(account)).headers.get("retry-after")).toBe("0");
    await api.simulator.setSwitches({ retryAfter: "absent" });
    expect((await api.get(account)).headers.get("retry-after")).toBeNull();
    await api.simulator.advance(60_000);
    for (let count = 0; count < 500; count++) expect((await api.get(account)).status).toBe(200);
    expect((await api.get(account)).status).toBe(429);
  });
});
