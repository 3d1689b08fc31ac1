/**
 * What a request must look like: https://www.mongodb.com/docs/atlas/api/versioned-api-overview/ and the description of each
 * call at https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-service-accounts
 */
import { DEMO_PROJECT_ID } from "atlas-simulator";
import { type Call, closeApis, openApi, toPath } from "./helpers.js";

afterEach(closeApis);

const OLDER = "application/vnd.atlas.2023-01-01+json";
const NO_DATE = "application/vnd.atlas.2024-12-31+json";

describe("a request outside the description", () => {
  it.each<{ name: string; changes: Partial<Call>; status: number; code: string }>([
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
    expect([reply.status, reply.body.errorCode]).toEqual([status, code]);
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

describe("envelope, pretty and pages", () => {
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

describe("the rate limit of a project", () => {
  it("lets 1200 requests through, refuses the next with a wait, and refills 500 a minute", async () => {
    const api = await openApi();
    const account = await api.add();
    for (let count = 0; count < 1200; count++) await api.get(account);
    const { status, body, headers } = await api.get(account);
    expect([status, body.errorCode]).toEqual([429, "RATE_LIMITED_TOKEN_BUCKET"]);
    expect(body.parameters?.[0]).toMatchObject({ capacity: 1200, refill: 500, seconds: 60 });
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    await api.simulator.setSwitches({ retryAfter: "zero" });
    expect((await api.get(account)).headers.get("retry-after")).toBe("0");
    await api.simulator.setSwitches({ retryAfter: "absent" });
    expect((await api.get(account)).headers.get("retry-after")).toBeNull();
    await api.simulator.advance(60_000);
    for (let count = 0; count < 500; count++) expect((await api.get(account)).status).toBe(200);
    expect((await api.get(account)).status).toBe(429);
  });
});
