/** How a new secret is tried: for how long, what a refusal means, and what is said meanwhile. */
import { Operation } from "../../../provider/src/account/operation.js";
import {
  type Candidate,
  PATIENCE_MS,
  SETTLED_AFTER_MS,
  verifySecret,
} from "../../../provider/src/account/verification.js";
import type { ClientCredential, MintOutcome } from "../../../provider/src/atlas/auth/mint.js";
import { MINUTE_MS } from "../../../provider/src/clock.js";
import { AuthenticationError, ConnectionError, RateLimitError } from "../../../provider/src/errors.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { createFakeAtlas } from "../fixtures/fake-atlas.js";
import { ACCOUNT, BIRTH_MS, IDS, SECRET_VALUE } from "../fixtures/values.js";

const minted: MintOutcome = { kind: "minted", token: new Sensitive("not-a-real-token"), lifetimeMs: 3_600_000 };
const refusal = new AuthenticationError("not valid", { status: 401 });
const unclear: MintOutcome = { kind: "undetermined", error: new ConnectionError("no answer", {}, false) };
const CANDIDATE: Candidate = { id: IDS[0], value: new Sensitive(SECRET_VALUE), createdAtMs: BIRTH_MS };

/** A refusal; with Atlas's time so long after the creation, where one is given. */
function invalid(ageMs?: number): MintOutcome {
  const error = refusal;
  return ageMs === undefined
    ? { kind: "invalid-client", error }
    : { kind: "invalid-client", error, serverTimeMs: BIRTH_MS + ageMs };
}

interface Try {
  /** How each try ends, given how long ago the first one was. */
  readonly answer: (sinceMs: number, tries: number) => MintOutcome | Promise<MintOutcome>;
  readonly candidate?: Partial<Candidate>;
  /** How much of the operation's time was spent before. */
  readonly spentMs?: number;
  /** How long each try takes. */
  readonly takesMs?: number;
}

async function verify({ answer, candidate, spentMs = 0, takesMs = 0 }: Try) {
  const fake = createFakeAtlas([]);
  let tries = 0;
  const tried: string[] = [];
  const { clock } = fake;
  fake.operation.time.noteRequest();
  clock.advance(spentMs);
  const startMs = clock.now();
  const client = {
    ...fake.operation.client,
    verify: async (credential: ClientCredential) => {
      tries += 1;
      if (tries > 100) throw new Error("it tries without end");
      tried.push(`${credential.clientId} ${Sensitive.reveal(credential.secret)}`);
      clock.advance(takesMs);
      return answer(clock.now() - startMs, tries);
    },
  };
  const { time } = fake.operation;
  const operation = new Operation({
    client,
    time,
    credential: undefined,
    report: (line) => void fake.lines.push(line),
  });
  const result = await verifySecret(fake.process, operation, ACCOUNT, { ...CANDIDATE, ...candidate });
  return { result, tries, tried, slept: clock.slept, lines: fake.lines, tookMs: clock.now() - startMs };
}

const listed = (outcomes: readonly MintOutcome[]) => ({
  answer: (_: number, tries: number) => outcomes[tries - 1] ?? Promise.reject(new Error("one try too many")),
});

describe("verifySecret", () => {
  it.each([
    { name: "at the first try", outcomes: [minted], atMs: BIRTH_MS, slept: [] },
    { name: "at the second try", outcomes: [invalid(), minted], atMs: BIRTH_MS + 1_000, slept: [1_000] },
    { name: "at the third try", outcomes: [unclear, invalid(), minted], atMs: BIRTH_MS + 3_000, slept: [1_000, 2_000] },
  ])("verifies a secret that works $name, with the time of that", async ({ outcomes, atMs, slept }) => {
    expect(await verify(listed(outcomes))).toMatchObject({ result: { kind: "verified", atMs }, slept, lines: [] });
  });

  it("tries the value of that secret, as one of its account", async () => {
    const { tried } = await verify(listed([invalid(), minted]));
    expect(new Set(tried)).toEqual(new Set([`${ACCOUNT.clientId} ${SECRET_VALUE}`]));
  });

  it("tries a value that is not known everywhere yet for a minute, and less often than Atlas allows", async () => {
    const { result, tookMs, slept } = await verify({
      answer: (sinceMs) => (sinceMs < MINUTE_MS ? invalid(sinceMs) : minted),
    });
    expect(result.kind).toBe("verified");
    expect(tookMs).toBe(MINUTE_MS);
    expect(Math.max(...slept)).toBeLessThanOrEqual(10_000);
    expect(slept.length).toBeLessThan(10);
  });

  it("gives up after that minute, and keeps the secret: the next run tries it again", async () => {
    const { result, tookMs } = await verify({ answer: (sinceMs) => invalid(sinceMs) });
    expect(result).toEqual({ kind: "unverified", error: refusal });
    expect(tookMs).toBeLessThanOrEqual(PATIENCE_MS);
    expect(tookMs).toBeGreaterThan(PATIENCE_MS - 8_000);
    expect(PATIENCE_MS).toBe(MINUTE_MS);
  });

  it.each([
    { name: "nothing when it works within ten seconds", worksAfterMs: 7_000, count: 0 },
    { name: "nothing when the first try is refused in less than ten", worksAfterMs: 10_000, takesMs: 9_999, count: 0 },
    { name: "one line when it is refused after ten seconds", worksAfterMs: 10_001, takesMs: 10_000, count: 1 },
    { name: "one line when it takes longer", worksAfterMs: 16_000, count: 1 },
    { name: "one line when it never works", worksAfterMs: Number.POSITIVE_INFINITY, count: 1 },
  ])("says $name", async ({ worksAfterMs, takesMs = 0, count }) => {
    const { lines } = await verify({ answer: (sinceMs) => (sinceMs < worksAfterMs ? invalid() : minted), takesMs });
    expect(lines).toHaveLength(count);
    for (const line of lines) {
      for (const text of [IDS[0], ACCOUNT.clientId, "until 2026-03-01T08:01:00Z"]) expect(line).toContain(text);
    }
  });
});

describe("verifySecret, refused by Atlas", () => {
  it.each([
    { name: "10 minutes after its creation", ageMs: SETTLED_AFTER_MS, kind: "unverified" },
    { name: "a second later", ageMs: SETTLED_AFTER_MS + 1_000, kind: "rejected" },
  ])("is $kind $name", async ({ ageMs, kind }) => {
    const { result, slept } = await verify({ answer: () => invalid(ageMs) });
    expect(result).toEqual({ kind, error: refusal });
    expect(slept.length > 0).toBe(kind === "unverified");
    expect(SETTLED_AFTER_MS).toBe(10 * MINUTE_MS);
  });

  it.each([
    { name: "Atlas's answer holds no time", row: { answer: () => invalid() } },
    {
      name: "the state does not tell when it was created",
      row: { answer: () => invalid(24 * 60 * MINUTE_MS), candidate: { createdAtMs: undefined } },
    },
  ])("is unverified when $name", async ({ row }) => {
    expect((await verify(row)).result.kind).toBe("unverified");
  });

  it("is not called rejected by our clock, which may be ahead", async () => {
    const { result } = await verify({ answer: () => invalid(MINUTE_MS), spentMs: 24 * 60 * MINUTE_MS });
    expect(result.kind).toBe("unverified");
  });
});

describe("verifySecret, without an answer", () => {
  it("tries three times over three seconds", async () => {
    expect(await verify(listed([unclear, unclear, unclear, unclear]))).toMatchObject({
      result: { kind: "unverified", error: { message: "no answer" } },
    });
  });

  it.each([
    { name: "an error of Atlas", error: new ConnectionError("no token", {}, false), message: "no token" },
    { name: "an error of the program", error: new TypeError("not foreseen"), message: "Could not mint" },
    { name: "what is no error", error: "not foreseen", message: "Could not mint" },
  ])("never rejects: it is unverified for $name that the try throws", async ({ error, message }) => {
    const { result } = await verify({ answer: () => Promise.reject(error) });
    expect(result.kind).toBe("unverified");
    expect(result).toHaveProperty("error.message", expect.stringContaining(message));
    expect(result).toHaveProperty("error.mayHaveBeenApplied", false);
  });

  it("does not wait when the operation has no time left, and says what it knows", async () => {
    const { result, slept } = await verify({ answer: () => invalid(), spentMs: 5 * MINUTE_MS });
    expect({ result, slept }).toEqual({ result: { kind: "unverified", error: refusal }, slept: [] });
  });

  it("waits as Atlas tells when too many tokens were minted", async () => {
    const error = new RateLimitError("wait", { status: 429 });
    // The limit of the mint is closed until then: the next try waits there.
    const { result, slept } = await verify(listed([{ kind: "undetermined", error }, minted]));
    expect({ kind: result.kind, slept }).toEqual({ kind: "verified", slept: [0] });
  });

  it.each([
    { name: "what it is for", fault: {}, why: `the verification of secret ${IDS[0]}` },
    { name: "that Atlas is not available", fault: { status: 503 }, why: "Atlas is not available for now (503)" },
  ])("says of a long wait $name", async ({ fault, why }) => {
    const error = new ConnectionError("wait", { ...fault, retryAfterSeconds: 30 }, false);
    const { lines } = await verify(listed([{ kind: "undetermined", error }, minted]));
    expect(lines).toEqual([`Waiting 30 s, until 2026-03-01T08:00:30Z: ${why}.`]);
  });

  it("does not try again what no wait can help", async () => {
    const error = new ConnectionError("ended", { noAnswer: "engine-gone" }, false);
    const { result, tries, slept } = await verify(listed([{ kind: "undetermined", error }]));
    expect({ kind: result.kind, tries, slept }).toEqual({ kind: "unverified", tries: 1, slept: [] });
  });
});
