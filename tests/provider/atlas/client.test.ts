/** What the client does around its requests: tries, waits, the time of sending, and what its calls share. */

import type { Authenticator } from "../../../provider/src/atlas/auth/authenticator.js";
import { AtlasClient } from "../../../provider/src/atlas/client.js";
import { TimeBudget } from "../../../provider/src/atlas/time-budget.js";
import type { Answer, NoAnswer } from "../../../provider/src/atlas/transport.js";
import type { AccountRef } from "../../../provider/src/atlas/types.js";
import { MINUTE_MS } from "../../../provider/src/clock.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { listClientIds } from "../../helpers/client-ids.js";
import { LISTED, toAnswer } from "../fixtures/scripted-transport.js";
import { BIRTH_MS, CLIENT_ID, createFakeClock, OTHER_CLIENT_ID, PROJECT_ID, toId } from "../fixtures/values.js";

const ACCOUNT: AccountRef = { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID };
const VALUE = "not-a-real-value-of-no-known-shape";
const FOUND = toAnswer(200, { clientId: CLIENT_ID, secrets: [LISTED] });
const CREATED = toAnswer(201, { ...LISTED, secret: VALUE });
const CUT: NoAnswer = { kind: "no-answer", cause: "ECONNRESET", mayHaveBeenApplied: true };

const AT_ONCE = { action: "retry", waitMs: 0 } as const;

interface Scene {
  /** One a request; the last one for all that follow. */
  readonly outcomes: readonly (Answer | NoAnswer)[];
  readonly authenticator?: Partial<Authenticator>;
  /** How long the header of each request takes, in milliseconds. */
  readonly signMs?: number;
  readonly command?: string;
}

function createClient({ outcomes, authenticator = {}, signMs = 0, command }: Scene) {
  const clock = createFakeClock();
  const sentMs: number[] = [];
  const client = new AtlasClient({
    baseUrl: "https://atlas.example",
    userAgent: "sample/1.0.0",
    clock,
    ...(command !== undefined && { command }),
    transport: async () => {
      sentMs.push(clock.now() - BIRTH_MS);
      const outcome = outcomes[Math.min(sentMs.length, outcomes.length) - 1];
      if (!outcome) throw new Error("not scripted");
      return outcome;
    },
    authenticator: {
      fetchAuthorization: async () => {
        clock.advance(signMs);
        return new Sensitive("Bearer not-a-real-token");
      },
      decideRetry: () => ({ action: "stop" }),
      knownValues: () => [],
      ...authenticator,
    },
  });
  return { client, clock, sentMs };
}

/** A page of a list, with the links of the API. */
const toPage = (results: readonly unknown[], hasNext: boolean, totalCount?: number): Answer => {
  const links = ["self", ...(hasNext ? ["next"] : [])].map((rel) => ({ rel, href: "https://atlas.example" }));
  return toAnswer(200, { results, links, ...(totalCount !== undefined && { totalCount }) });
};

const refusal = (retryAfter: string): Answer => ({ ...toAnswer(429), headers: { "retry-after": retryAfter } });

describe("AtlasClient, reading", () => {
  it("asks up to four times", async () => {
    const { client, sentMs } = createClient({ outcomes: [CUT, toAnswer(500), CUT, FOUND] });
    expect((await client.fetchAccount(ACCOUNT)).value.secrets).toHaveLength(1);
    expect(sentMs).toEqual([0, 1_000, 3_000, 7_000]);
  });

  it("asks each page of a list up to four times", async () => {
    const page = toAnswer(200, { results: [{ clientId: CLIENT_ID }], links: [] });
    const { client, sentMs } = createClient({ outcomes: [CUT, page] });
    expect(await listClientIds(client, ACCOUNT)).toEqual(new Set([CLIENT_ID]));
    expect(sentMs).toHaveLength(2);
  });

  it("lists each account once, as the last page that holds it shows it, with or without its secrets", async () => {
    const other = { clientId: OTHER_CLIENT_ID };
    const pages = [[{ clientId: CLIENT_ID }], [{ clientId: CLIENT_ID, secrets: [LISTED] }], [other]];
    const { client } = createClient({ outcomes: pages.map((results, index) => toPage(results, index < 2)) });
    const { value } = await client.fetchAccounts(ACCOUNT);
    expect(value).toEqual([{ clientId: CLIENT_ID, secrets: [expect.objectContaining({ id: LISTED.id })] }, other]);
  });

  it.each([
    { name: "a count that is too small", totalCount: 500 },
    { name: "a count that is too large", totalCount: 5_000 },
    { name: "no count", totalCount: undefined },
  ])("reads 501 accounts on two pages, with $name", async ({ totalCount }) => {
    const ids = Array.from({ length: 501 }, (_, index) => `mdb_sa_id_${toId(index)}`);
    const toResults = (from: number, to: number) => ids.slice(from, to).map((clientId) => ({ clientId }));
    const outcomes = [toPage(toResults(0, 500), true, totalCount), toPage(toResults(500, 501), false, totalCount)];
    const { client, sentMs } = createClient({ outcomes });
    expect(await listClientIds(client, ACCOUNT)).toEqual(new Set(ids));
    expect(sentMs).toHaveLength(2);
  });

  it("reads a list without links to its first empty page, however short the others are", async () => {
    const pages = [[{ clientId: CLIENT_ID }], [{ clientId: OTHER_CLIENT_ID }], []];
    const { client, sentMs } = createClient({
      outcomes: pages.map((results) => toAnswer(200, { results, totalCount: 1 })),
    });
    expect(await listClientIds(client, ACCOUNT)).toEqual(new Set([CLIENT_ID, OTHER_CLIENT_ID]));
    expect(sentMs).toHaveLength(3);
  });

  it("takes a list without end for a failure, after 200 pages", async () => {
    const { client, sentMs } = createClient({ outcomes: [toPage([{ clientId: CLIENT_ID }], true)] });
    await expect(listClientIds(client, ACCOUNT)).rejects.toThrow("the list has more than 200 pages");
    expect(sentMs).toHaveLength(200);
  });

  it("lists an account with a secret that it cannot read without secrets, and the others with theirs", async () => {
    const results = [
      { clientId: CLIENT_ID, secrets: [LISTED, { ...LISTED, createdAt: "yesterday" }] },
      { clientId: OTHER_CLIENT_ID, secrets: [LISTED] },
    ];
    const { client } = createClient({ outcomes: [toPage(results, false), toAnswer(200, results[0])] });
    const { value } = await client.fetchAccounts(ACCOUNT);
    expect(value).toEqual([
      { clientId: CLIENT_ID },
      { clientId: OTHER_CLIENT_ID, secrets: [expect.objectContaining({ id: LISTED.id })] },
    ]);
    await expect(client.fetchAccount(ACCOUNT)).rejects.toThrow("a body that is not what its API describes");
  });

  it("takes both cases of a client id for the same account", async () => {
    const clientId = "mdb_sa_id_0123456789ABCDEF01234567";
    const upper: AccountRef = { ...ACCOUNT, clientId };
    const { client } = createClient({ outcomes: [FOUND, toPage([{ clientId }, { clientId: CLIENT_ID }], false)] });
    expect((await client.fetchAccount(upper)).value.secrets).toHaveLength(1);
    expect((await client.fetchAccounts(ACCOUNT)).value).toHaveLength(1);
    expect(await listClientIds(client, ACCOUNT)).toEqual(new Set([CLIENT_ID]));
  });

  it.each([
    ["'pulumi up', unless it is told another one", undefined],
    ["the one that it is told", "sample check"],
  ])("names the command to run again: %s", async (_, command = "pulumi up") => {
    const { client } = createClient({ outcomes: [CUT], ...(command !== "pulumi up" && { command }) });
    await expect(client.fetchAccount(ACCOUNT)).rejects.toThrow(`then run '${command}' again.`);
  });

  it("waits no shorter than it is told", async () => {
    const { client, sentMs } = createClient({ outcomes: [refusal("7"), FOUND] });
    await client.fetchAccount(ACCOUNT);
    expect(sentMs).toEqual([0, 7_000]);
  });

  it("gives up after four refusals, with the last one's wait", async () => {
    const { client, sentMs } = createClient({ outcomes: [refusal("7")] });
    await expect(client.fetchAccount(ACCOUNT)).rejects.toMatchObject({ code: "rate-limit", retryAfterSeconds: 7 });
    expect(sentMs).toHaveLength(4);
  });

  it("stops with what is missing when its operation has no time left for the wait", async () => {
    const { client, clock, sentMs } = createClient({ outcomes: [refusal("3601"), FOUND] });
    const work = client.within(new TimeBudget(clock)).fetchAccount(ACCOUNT);
    await expect(work).rejects.toMatchObject({ code: "connection", noAnswer: "out-of-time" });
    await expect(work).rejects.toThrow("asks to wait longer than an operation may take");
    expect(sentMs).toEqual([0]);
  });
});

describe("AtlasClient, writing", () => {
  it.each([
    { name: "a creation", write: (client: AtlasClient) => client.createSecret(ACCOUNT, 8) },
    { name: "a deletion", write: (client: AtlasClient) => client.deleteSecret(ACCOUNT, LISTED.id) },
  ])("sends $name once, whatever becomes of it", async ({ write }) => {
    for (const outcome of [CUT, toAnswer(500), toAnswer(503), refusal("1"), toAnswer(409)]) {
      const { client, sentMs } = createClient({ outcomes: [outcome] });
      await expect(write(client)).rejects.toThrow("Could not");
      expect(sentMs).toHaveLength(1);
    }
  });

  it("tells when a creation is sent, after its wait for the limit and for a token", async () => {
    const { client, clock, sentMs } = createClient({ outcomes: [refusal("30"), CREATED], signMs: 5_000 });
    await client.deleteSecret(ACCOUNT, LISTED.id).catch(() => undefined);
    const toldMs: number[] = [];
    await client.createSecret(ACCOUNT, 8, () => toldMs.push(clock.now() - BIRTH_MS));
    expect(sentMs).toEqual([5_000, 40_000]);
    expect(toldMs).toEqual([40_000]);
  });

  it("tells it again when a refused token makes it send the creation once more", async () => {
    const decideRetry: Authenticator["decideRetry"] = ({ status }) => (status === 401 ? AT_ONCE : { action: "stop" });
    const { client, clock } = createClient({
      outcomes: [toAnswer(401), CREATED],
      authenticator: { decideRetry },
      signMs: 5_000,
    });
    const toldMs: number[] = [];
    await client.createSecret(ACCOUNT, 8, () => toldMs.push(clock.now() - BIRTH_MS));
    expect(toldMs).toEqual([5_000, 10_000]);
  });

  it("tells nothing when no token can be had, so that nothing is sent", async () => {
    const failure = new Error("no token");
    const { client, sentMs } = createClient({
      outcomes: [CREATED],
      authenticator: { fetchAuthorization: () => Promise.reject(failure) },
    });
    let isSent = false;
    const work = client.createSecret(ACCOUNT, 8, () => {
      isSent = true;
    });
    await expect(work).rejects.toBe(failure);
    expect({ isSent, sentMs }).toEqual({ isSent: false, sentMs: [] });
  });

  it("sends it no more than three times, even if each 401 seems to be worth another try", async () => {
    const { client, sentMs } = createClient({
      outcomes: [toAnswer(401)],
      authenticator: { decideRetry: () => AT_ONCE },
    });
    await expect(client.createSecret(ACCOUNT, 8)).rejects.toMatchObject({ code: "authentication" });
    expect(sentMs).toHaveLength(3);
  });
});

describe("AtlasClient.within", () => {
  it("gives a client that waits for the limits that the first one met", async () => {
    const { client, clock, sentMs } = createClient({ outcomes: [refusal("7"), FOUND] });
    await client.deleteSecret(ACCOUNT, LISTED.id).catch(() => undefined);
    await client.within(new TimeBudget(clock)).fetchAccount(ACCOUNT);
    expect(sentMs).toEqual([0, 7_000]);
  });

  it("gives a client whose messages hold no value that the first one has seen, nor one of its own", async () => {
    for (const isOwn of [true, false]) {
      const { client, clock } = createClient({ outcomes: [CREATED, toAnswer(400, { detail: `got ${VALUE}` })] });
      if (!isOwn) await client.createSecret(ACCOUNT, 8);
      const within = client.within(new TimeBudget(clock));
      if (isOwn) await within.createSecret(ACCOUNT, 8);
      const error = await within.deleteSecret(ACCOUNT, LISTED.id).catch((failure: Error) => failure);
      expect(String(error)).toContain("got [redacted]");
      expect(String(error)).not.toContain(VALUE);
    }
  });

  it("lets all calls of an operation share its time", async () => {
    const { client, clock } = createClient({ outcomes: [CUT] });
    const operation = new TimeBudget(clock);
    const within = client.within(operation);
    await within.fetchAccount(ACCOUNT).catch(() => undefined);
    clock.advance(5 * MINUTE_MS - 7_000);
    const sleptBefore = clock.slept.length;
    await within.fetchAccount(ACCOUNT).catch(() => undefined);
    expect(clock.slept).toHaveLength(sleptBefore);
  });

  it("does not count the time of a mint for the operation's five minutes", async () => {
    const { client, clock } = createClient({ outcomes: [FOUND], signMs: 20 * MINUTE_MS });
    const operation = new TimeBudget(clock);
    await client.within(operation).fetchAccount(ACCOUNT);
    expect(await operation.pause(5 * MINUTE_MS, "backoff")).toBe(true);
    expect(await operation.pause(1, "backoff")).toBe(false);
  });
});
