/** What each fault of the wire becomes, for each call; and that no error holds a value. */
import { inspect } from "node:util";
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET, type Fault } from "pulumi-atlas-secrets-simulator";
import type { AtlasClient } from "../../../provider/src/atlas/client.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { findCanaries } from "../../helpers/canaries.js";
import { listClientIds } from "../../helpers/client-ids.js";
import { type ClientWorld, createClientWorld, failureOf } from "./helpers.js";

let world: ClientWorld;

beforeEach(async () => {
  world = await createClientWorld();
});
afterEach(async () => {
  await world.atlas.close();
});

const BEARER = "FAKE-bearer-canary-9f31c2d07b6e4a58";
const CREATED = "mdb_sa_sk_FAKE-created-canary-0123456789abcdefghij";

const CALLS = {
  getAccount: (client: AtlasClient) => client.fetchAccount(world.account),
  listAccounts: (client: AtlasClient) => listClientIds(client, world.account),
  createSecret: (client: AtlasClient) => client.createSecret(world.account, 8),
  deleteSecret: (client: AtlasClient) => client.deleteSecret(world.account, "a".repeat(24)),
} as const;

type CallName = keyof typeof CALLS;

const NAMES = Object.keys(CALLS) as CallName[];

/** Faults without an answer to go by: what a write did is then in doubt. */
const CUTS = ["refuse", "cut-before", "cut-after", "cut-body"] as const;

const isWrite = (name: CallName) => name === "createSecret" || name === "deleteSecret";

const ECHO = `${DEMO_ADMIN_SECRET} ${BEARER} ${CREATED} ${encodeURIComponent(BEARER)} ${Buffer.from(`${DEMO_ADMIN_CLIENT_ID}:${DEMO_ADMIN_SECRET}`).toString("base64")}`;

function toStatusFault(status: number): Fault {
  const body = {
    error: status,
    errorCode: `CODE_${status}`,
    reason: ECHO,
    detail: `Detail ${ECHO}`,
    parameters: [ECHO],
  };
  return { kind: "status", status, body, headers: { "retry-after": "7", "x-echo": encodeURIComponent(ECHO) } };
}

const CANARIES = { admin: DEMO_ADMIN_SECRET, bearer: BEARER, created: CREATED };

function expectNoCanary(error: Error): void {
  const shown = [
    inspect(error, { depth: 10, showHidden: true }),
    JSON.stringify(error),
    String(error),
    error.stack ?? "",
  ];
  for (const text of shown) expect(findCanaries(text, CANARIES)).toEqual([]);
}

/** Lets the administrator's mint answer with a token that the test knows. */
async function mintBearer(): Promise<void> {
  const body = { access_token: BEARER, expires_in: 3600, token_type: "Bearer" };
  const match = { operation: "mint", clientId: DEMO_ADMIN_CLIENT_ID } as const;
  await world.atlas.addFault({ kind: "status", status: 200, body, match });
}

describe.each(NAMES)("%s", (name) => {
  async function fail(fault: Fault): Promise<Error & Record<string, unknown>> {
    await mintBearer();
    await world.atlas.addFault({ ...fault, match: { operation: name }, times: "always" });
    const error = await failureOf(CALLS[name](world.connect()));
    expectNoCanary(error);
    return error;
  }

  it.each(CUTS)("fails without a status after %s, in doubt if it writes", async (kind) => {
    const error = await fail({ kind });
    expect(error).toMatchObject({ code: "connection", mayHaveBeenApplied: isWrite(name) });
    expect(error.status).toBeUndefined();
    expect(error.message).toContain(`no answer from ${world.atlas.url}`);
  });

  it.each([
    [400, "rejected"],
    [401, "authentication"],
    [403, "rejected"],
    [404, "rejected"],
    [409, "rejected"],
    [429, "rate-limit"],
  ])("fails for good after %i", async (status, code) => {
    const error = await fail(toStatusFault(status));
    expect(error).toMatchObject({ code, status, errorCode: `CODE_${status}`, retryAfterSeconds: 7 });
    expect(error.message).toContain(`Atlas answered ${status} CODE_${status}: Detail [redacted]`);
    expect(error.mayHaveBeenApplied).toBeUndefined();
  });

  it.each([408, 500, 502, 503])("fails in doubt after %i if it writes", async (status) => {
    const error = await fail(toStatusFault(status));
    expect(error).toMatchObject({ code: "connection", status, mayHaveBeenApplied: isWrite(name) });
  });

  it("does not follow a redirect", async () => {
    const elsewhere = await createClientWorld();
    const error = await fail({
      kind: "redirect",
      location: `${elsewhere.atlas.url}/${ECHO.slice(0, 20)}`,
      status: 307,
    });
    expect(error).toMatchObject({ code: "connection", status: 307 });
    expect((await elsewhere.atlas.counters()).requests).toBe(0);
    await elsewhere.atlas.close();
  });

  it("is sent once if it writes, and four times if it reads, with longer waits each time", async () => {
    await world.atlas.addFault({ kind: "cut-after", match: { operation: name }, times: "always" });
    await failureOf(CALLS[name](world.connect()));
    const sent = (await world.atlas.requests()).filter(({ operation }) => operation === name);
    expect(sent).toHaveLength(isWrite(name) ? 1 : 4);
    expect(world.waitsMs).toEqual(isWrite(name) ? [] : [1_000, 2_000, 4_000]);
  });

  it.each([429, 503])("waits as a %i tells before it is sent again, if it reads", async (status) => {
    await world.atlas.addFault({ ...toStatusFault(status), match: { operation: name }, times: 1 });
    await CALLS[name](world.connect()).catch(() => undefined);
    expect(world.waitsMs.filter((ms) => ms > 0)).toEqual(isWrite(name) ? [] : [7_000]);
  });

  it("works when only the first three tries fail, if it reads", async () => {
    await world.atlas.addFault({ kind: "cut-before", match: { operation: name }, times: 3 });
    const result = await CALLS[name](world.connect()).catch(() => undefined);
    expect(result !== undefined).toBe(!isWrite(name));
  });
});

describe("an answer that cannot be read", () => {
  it.each(["getAccount", "listAccounts", "createSecret"] as const)(
    "to %s fails, in doubt if it writes",
    async (name) => {
      await world.atlas.addFault({ kind: "malformed", match: { operation: name }, times: "always" });
      const error = await failureOf(CALLS[name](world.connect()));
      expect(error).toMatchObject({ code: "connection", mayHaveBeenApplied: isWrite(name) });
    },
  );

  it("to a creation without the value is no answer: the secret exists and nobody knows it", async () => {
    await world.atlas.addFault({ kind: "no-secret", match: { operation: "createSecret" } });
    const error = await failureOf(CALLS.createSecret(world.connect()));
    expect(error).toMatchObject({ code: "connection", status: 201, mayHaveBeenApplied: true });
    expect(
      (await world.atlas.inventory()).accounts.find(({ clientId }) => clientId === world.account.clientId)?.secrets,
    ).toHaveLength(1);
  });

  it("to a creation that repeats the value is not quoted", async () => {
    const body = { id: "not an id", secret: CREATED, detail: CREATED };
    await world.atlas.addFault({ kind: "status", status: 201, body, match: { operation: "createSecret" } });
    expectNoCanary(await failureOf(CALLS.createSecret(world.connect())));
  });

  it("to a verification does not show the tried value", async () => {
    const secret = new Sensitive(CREATED);
    const body = { error: "invalid_client", error_description: ECHO, detail: ECHO };
    await world.atlas.addFault({ kind: "status", status: 401, body, match: { operation: "mint" } });
    const outcome = await world.connect().verify({ clientId: world.account.clientId, secret });
    expect(outcome.kind).toBe("invalid-client");
    expect(findCanaries(inspect(outcome, { depth: 10, showHidden: true }), { created: CREATED })).toEqual([]);
  });
});

describe("the search for canaries", () => {
  it("finds a value that an error does hold", () => {
    const error = Object.assign(new Error("fake"), { config: { headers: { Authorization: `Bearer ${BEARER}` } } });
    expect(findCanaries(inspect(error, { depth: 10 }), CANARIES)).toEqual(["bearer"]);
  });
});
