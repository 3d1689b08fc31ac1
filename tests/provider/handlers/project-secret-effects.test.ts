import { inspect } from "node:util";
import type { Answer, NoAnswer } from "../../../provider/src/atlas/transport.js";
import { PartialFailure } from "../../../provider/src/errors.js";
import { createProjectSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { PROVIDER_KEY } from "../../../provider/src/protocol.js";
import { createScriptedTransport, HEALTHY, LISTED, REQUESTS, toAnswer } from "../fixtures/scripted-transport.js";
import {
  BIRTH_MS,
  CLIENT_ID,
  createFakeClock,
  DESIRED,
  IDS,
  OUTPUTS,
  PROJECT_ID,
  SECRET_VALUE,
} from "../fixtures/values.js";

const ID = `${PROJECT_ID}/${CLIENT_ID}/${IDS[0]}`;
const INPUTS = { ...DESIRED, [PROVIDER_KEY]: "exports.handler = () => 1;" };
const PENDING = { ...OUTPUTS, status: "pending-verification" };
const TOKEN_ENV = { MONGODB_ATLAS_ACCESS_TOKEN: "not-a-real-token-of-the-provider" };
const REFUSED = toAnswer(401, { error: "invalid_client" });
const { serverTimeMs: _, ...REFUSED_WITHOUT_TIME } = REFUSED;
const NOT_FOUND = toAnswer(404, { error: 404, errorCode: "RESOURCE_NOT_FOUND", detail: "Not found." });
const ELSEWHERE = toAnswer(200, { results: [], links: [] });
const SECRET_GONE = toAnswer(200, { clientId: CLIENT_ID, secrets: [] });

interface Situation {
  readonly answers?: Readonly<Record<string, Answer | NoAnswer>>;
  readonly env?: Readonly<Record<string, string>>;
}

function createHandlers({ answers = {}, env = TOKEN_ENV }: Situation = {}) {
  const lines: string[] = [];
  const { transport, sent } = createScriptedTransport({ ...HEALTHY, ...answers });
  const report = (line: string) => void lines.push(line);
  return { handlers: createProjectSecretHandlers({ clock: createFakeClock(), env, report, transport }), lines, sent };
}

/** What the work fails with. */
async function catchError(work: Promise<unknown>): Promise<Error> {
  const result = await work.catch((error: unknown) => error);
  if (!(result instanceof Error)) throw new Error(`it did not fail: ${inspect(result)}`);
  return result;
}

describe("createProjectSecretHandlers, create", () => {
  it("gives the id and the outputs of an active secret", async () => {
    const { handlers, sent } = createHandlers();
    const { id, outs } = await handlers.create(INPUTS);
    expect(id).toBe(`${PROJECT_ID}/${CLIENT_ID}/${IDS[1]}`);
    expect(outs).toMatchObject({
      status: "active",
      secretId: IDS[1],
      verifiedAt: "2026-03-01T08:00:00Z",
    });
    expect(outs).toMatchObject({
      secretExpiresAfterHours: 720,
      rotateAfter: "2026-03-21T08:00:00Z",
      secret: { value: SECRET_VALUE },
    });
    expect(sent).toEqual([REQUESTS.look, REQUESTS.create, REQUESTS.mint]);
  });

  it("gives an active secret without a proof when none is asked for", async () => {
    const { handlers, sent } = createHandlers();
    const { outs } = await handlers.create({ ...INPUTS, verify: false });
    expect(outs.status).toBe("active");
    expect(outs).not.toHaveProperty("verifiedAt");
    expect(sent).toEqual([REQUESTS.look, REQUESTS.create]);
  });

  it.each([
    { name: "Atlas calls it invalid, since it is new", answer: REFUSED },
    {
      name: "there is no answer",
      answer: { kind: "no-answer", cause: "ECONNRESET", mayHaveBeenApplied: true } as const,
    },
  ])("saves the secret as pending when $name", async ({ answer }) => {
    const { handlers } = createHandlers({ answers: { [REQUESTS.mint]: answer } });
    const error = await catchError(handlers.create(INPUTS));
    expect(error).toBeInstanceOf(PartialFailure);
    const { id, properties, reasons } = error as PartialFailure;
    expect(id).toBe(`${PROJECT_ID}/${CLIENT_ID}/${IDS[1]}`);
    expect(properties).toMatchObject({ status: "pending-verification", secret: { value: SECRET_VALUE } });
    expect(properties[PROVIDER_KEY]).toBe(INPUTS[PROVIDER_KEY]);
    expect(reasons.join()).toContain(IDS[1]);
    expect([error.stack, inspect(error, { depth: 10 })].join()).not.toContain(SECRET_VALUE);
  });

  it("fails with all problems of the settings, and sends nothing", async () => {
    const { handlers, sent } = createHandlers({ env: {} });
    await expect(handlers.create(INPUTS)).rejects.toMatchObject({ code: "settings" });
    expect(sent).toEqual([]);
  });

  it("takes the settings of the stack before those of the environment", async () => {
    const { handlers, sent } = createHandlers();
    handlers.configure({ config: { get: (key) => (key === "mongodbatlas:baseUrl" ? "not a URL" : undefined) } });
    await expect(handlers.create(INPUTS)).rejects.toThrow("mongodbatlas:baseUrl");
    expect(sent).toEqual([]);
  });

  it("keeps a secret that another resource of the stack records, though mayRemove names it", async () => {
    const secrets = [LISTED, { ...LISTED, id: IDS[2] }];
    const { handlers, sent } = createHandlers({
      answers: { [REQUESTS.look]: toAnswer(200, { clientId: CLIENT_ID, secrets }) },
    });
    handlers.diff(ID, OUTPUTS, DESIRED);
    await expect(handlers.create({ ...INPUTS, mayRemove: [IDS[0]] })).rejects.toMatchObject({ code: "account-full" });
    expect(sent).toEqual([REQUESTS.look]);
  });

  it.each([
    { name: "every resource on it has told its secret", checks: 1, deleted: true },
    { name: "one of them has not", checks: 2, deleted: false },
  ])("frees a slot of an exclusive account only when $name", async ({ checks, deleted }) => {
    const secrets = [{ ...LISTED, id: IDS[2], createdAt: "2026-02-28T08:00:00Z" }, LISTED];
    const { handlers, sent } = createHandlers({
      answers: {
        [REQUESTS.look]: toAnswer(200, { clientId: CLIENT_ID, secrets }),
        [REQUESTS.delete]: toAnswer(403),
      },
    });
    for (let check = 0; check < checks; check++) handlers.check(OUTPUTS, DESIRED);
    handlers.diff(ID, { ...OUTPUTS, secretId: IDS[2] }, DESIRED);
    await expect(handlers.create({ ...INPUTS, exclusive: true })).rejects.toThrow();
    expect(sent.includes(REQUESTS.delete)).toBe(deleted);
  });
});

describe("createProjectSecretHandlers, update of a pending secret", () => {
  it("makes it active when it works now", async () => {
    const { handlers, sent } = createHandlers();
    const { outs } = await handlers.update(ID, PENDING, INPUTS);
    expect(outs).toMatchObject({
      status: "active",
      verifiedAt: "2026-03-01T08:00:00Z",
      secret: { value: SECRET_VALUE },
    });
    expect(sent).toEqual([REQUESTS.mint]);
  });

  it("makes it active without a request when verification is switched off", async () => {
    const { handlers, sent } = createHandlers();
    expect((await handlers.update(ID, PENDING, { ...INPUTS, verify: false })).outs.status).toBe("active");
    expect(sent).toEqual([]);
  });

  it.each([
    {
      name: "rejected when Atlas says so more than 10 minutes after its creation",
      answer: REFUSED,
      age: 601,
      status: "rejected",
    },
    { name: "pending when Atlas says so within them", answer: REFUSED, age: 539, status: "pending-verification" },
    {
      name: "pending when Atlas says so and tells no time",
      answer: REFUSED_WITHOUT_TIME,
      age: 601,
      status: "pending-verification",
    },
    { name: "pending when Atlas fails", answer: toAnswer(500), status: "pending-verification" },
    { name: "pending when Atlas asks to wait", answer: toAnswer(429), status: "pending-verification" },
    { name: "pending when a proxy refuses", answer: toAnswer(401, "no"), status: "pending-verification" },
  ])("leaves it $name, and keeps the value", async ({ answer, age = 601, status }) => {
    const { handlers } = createHandlers({ answers: { [REQUESTS.mint]: answer } });
    const createdAt = new Date(BIRTH_MS - age * 1000).toISOString();
    const error = await catchError(handlers.update(ID, { ...PENDING, createdAt }, INPUTS));
    expect(error).toMatchObject({ code: "partial", id: ID });
    const { properties } = error as PartialFailure;
    expect(properties).toMatchObject({ status, secret: { value: SECRET_VALUE }, [PROVIDER_KEY]: INPUTS[PROVIDER_KEY] });
  });

  it("keeps what it was issued for, so that other changes apply at the next diff", async () => {
    const { handlers } = createHandlers();
    const { outs } = await handlers.update(ID, PENDING, { ...INPUTS, secretExpiresAfterHours: 900, projectId: IDS[2] });
    expect(outs).toMatchObject({ issuedForHours: 720, projectId: PROJECT_ID });
    const next = handlers.diff(
      ID,
      { ...outs, issuedForTriggers: DESIRED.triggers },
      { ...DESIRED, secretExpiresAfterHours: 900 },
    );
    expect(next.replaces).toEqual(["secretExpiresAfterHours"]);
  });
});

describe("createProjectSecretHandlers, read", () => {
  it("takes over the times that Atlas tells and keeps the rest", async () => {
    const listed = { ...LISTED, expiresAt: "2026-03-08T08:00:00Z", lastUsedAt: "2026-03-02T08:00:00Z" };
    const answers = { [REQUESTS.look]: toAnswer(200, { clientId: CLIENT_ID, secrets: [listed] }) };
    const { id, props } = await createHandlers({ answers }).handlers.read(ID, OUTPUTS);
    expect(id).toBe(ID);
    expect(props).toMatchObject({
      expiresAt: listed.expiresAt,
      lastUsedAt: listed.lastUsedAt,
      secret: { value: SECRET_VALUE },
    });
  });

  it.each([
    { name: "two minutes and a second", createdAt: "2026-03-01T07:57:59Z" },
    { name: "a month", createdAt: "2026-02-01T08:00:00Z" },
  ])("forgets a secret that was created $name ago and that the account does not list", async ({ createdAt }) => {
    const { handlers } = createHandlers({ answers: { [REQUESTS.look]: SECRET_GONE } });
    expect(await handlers.read(ID, { ...OUTPUTS, createdAt })).toEqual({});
  });

  it("keeps the record of a secret created up to two minutes ago that the account does not list, and says so", async () => {
    const { handlers, lines } = createHandlers({ answers: { [REQUESTS.look]: SECRET_GONE } });
    const { id, props } = await handlers.read(ID, { ...OUTPUTS, createdAt: "2026-03-01T07:58:00Z" });
    expect(id).toBe(ID);
    expect(props).toMatchObject({ secretId: IDS[0], secret: { value: SECRET_VALUE } });
    expect(lines).toEqual([expect.stringMatching(new RegExp(`${IDS[0]}.*not show it yet`))]);
  });

  it.each([
    { name: "active", before: "active", after: "account-unassigned" },
    { name: "pending", before: "pending-verification", after: "pending-verification" },
  ])("keeps the record of an unassigned account, $name before, and says so", async ({ before, after }) => {
    const { handlers, lines } = createHandlers({ answers: { [REQUESTS.look]: NOT_FOUND, [REQUESTS.list]: ELSEWHERE } });
    const { id, props } = await handlers.read(ID, { ...OUTPUTS, status: before });
    expect(id).toBe(ID);
    expect(props).toMatchObject({ status: after, secret: { value: SECRET_VALUE } });
    expect(lines).toEqual([expect.stringContaining(CLIENT_ID)]);
  });

  it("makes the record active again when the account is back", async () => {
    const { props } = await createHandlers().handlers.read(ID, { ...OUTPUTS, status: "account-unassigned" });
    expect(props?.status).toBe("active");
  });

  it.each([401, 403, 500])("fails on %i and forgets nothing", async (status) => {
    const { handlers } = createHandlers({ answers: { [REQUESTS.look]: toAnswer(status) } });
    await expect(handlers.read(ID, OUTPUTS)).rejects.toMatchObject({ status });
  });
});

describe("createProjectSecretHandlers, delete", () => {
  it("deletes the recorded secret", async () => {
    const { handlers, sent } = createHandlers();
    await handlers.delete(ID, OUTPUTS);
    expect(sent).toEqual([REQUESTS.delete]);
  });

  it("succeeds when the secret is gone already", async () => {
    const { handlers, lines } = createHandlers({
      answers: { [REQUESTS.delete]: NOT_FOUND, [REQUESTS.look]: SECRET_GONE },
    });
    const old = { ...OUTPUTS, createdAt: "2026-03-01T07:57:59Z" };
    await expect(handlers.delete(ID, old)).resolves.toBeUndefined();
    expect(lines).toEqual([]);
  });

  it("says how to delete one that was created up to two minutes ago and is not found, should Atlas show it later", async () => {
    const { handlers, lines } = createHandlers({
      answers: { [REQUESTS.delete]: NOT_FOUND, [REQUESTS.look]: SECRET_GONE },
    });
    await handlers.delete(ID, { ...OUTPUTS, createdAt: "2026-03-01T07:58:00Z" });
    expect(lines).toEqual([expect.stringContaining(`'atlas-secrets remove ${ID} --all-stacks'`)]);
  });

  it("succeeds when the account is unassigned, with a line naming the secret that may live on", async () => {
    const answers = { [REQUESTS.delete]: NOT_FOUND, [REQUESTS.look]: NOT_FOUND, [REQUESTS.list]: ELSEWHERE };
    const { handlers, lines } = createHandlers({ answers });
    await handlers.delete(ID, OUTPUTS);
    expect(lines).toEqual([expect.stringContaining(IDS[0])]);
  });

  it("fails with the 404 when the account still lists the secret", async () => {
    const { handlers } = createHandlers({ answers: { [REQUESTS.delete]: NOT_FOUND } });
    await expect(handlers.delete(ID, OUTPUTS)).rejects.toMatchObject({ status: 404 });
  });

  it.each([401, 403, 500])("fails on %i, without a stack that would hide the message", async (status) => {
    const { handlers } = createHandlers({ answers: { [REQUESTS.delete]: toAnswer(status) } });
    const error = await catchError(handlers.delete(ID, OUTPUTS));
    expect(error).toMatchObject({ status });
    expect(error.stack).not.toMatch(/\n\s+at /);
  });

  it.each([
    { name: "the same value", value: SECRET_VALUE, deleted: false },
    { name: "another value", value: `${SECRET_VALUE}0`, deleted: true },
  ])(
    "judges by the value whether it is the provider's own credential: $name, deleted is $deleted",
    async ({ value, deleted }) => {
      const env = { MONGODB_ATLAS_CLIENT_ID: CLIENT_ID, MONGODB_ATLAS_CLIENT_SECRET: SECRET_VALUE };
      const { handlers, sent } = createHandlers({ env });
      const result = await handlers.delete(ID, { ...OUTPUTS, secret: value }).catch((error: unknown) => error);
      if (!deleted) expect(result).toMatchObject({ code: "configured-credential" });
      expect(sent.includes(REQUESTS.delete)).toBe(deleted);
    },
  );
});
