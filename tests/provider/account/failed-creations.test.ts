/** Creations that fail: which are asked for again, after which wait and look, how often, and what the user reads at the end. */

import { createSecret } from "../../../provider/src/account/creation.js";
import { Operation } from "../../../provider/src/account/operation.js";
import type { HeldSecret } from "../../../provider/src/atlas/types.js";
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { AuthenticationError, ConnectionError, RateLimitError, RejectionError } from "../../../provider/src/errors.js";
import type { SlotPolicy } from "../../../provider/src/rotation/removal.js";
import { createFakeAtlas, type Faults, REQUEST } from "../fixtures/fake-atlas.js";
import { BIRTH_MS, IDS, toHeld, toPolicy } from "../fixtures/values.js";

const CREATE = "create for 720 h";
const ENDS_WELL = ["look", CREATE, "verify"];
const NOTHING_CREATED = "Nothing was created.";
const NEXT_RUN = "The next 'pulumi up' starts over.";

const old = toHeld({ createdAtMs: BIRTH_MS - 24 * HOUR_MS, expiresAtMs: BIRTH_MS + 24 * HOUR_MS });
const foreign = toHeld({ id: IDS[1], createdAtMs: BIRTH_MS - HOUR_MS, expiresAtMs: BIRTH_MS + HOUR_MS });

const conflict = (retryAfterSeconds?: number) =>
  new RejectionError("Conflict.", { status: 409, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
const limited = (retryAfterSeconds?: number) =>
  new RateLimitError("Wait.", { status: 429, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
const refused = (status = 400) => new RejectionError("Refused.", { status });
const unsent = (noAnswer = "ECONNREFUSED") => new ConnectionError("Not sent.", { noAnswer }, false);

/** Creates a secret on an account that holds `old`, unless told otherwise. */
async function create(faults: Faults, initial: readonly HeldSecret[] = [old], policy: Partial<SlotPolicy> = {}) {
  const roles = { [old.id]: "current" } as const;
  const { process, operation, calls, held, clock, lines } = createFakeAtlas(initial, { roles, ...faults });
  const startMs = clock.now();
  const work = createSecret(process, operation, { ...REQUEST, policy: toPolicy(policy) });
  const result = await work.catch((error: unknown) => error);
  const isError = result instanceof Error;
  return {
    calls,
    lines,
    error: isError ? (result as Error & { code?: string }) : undefined,
    message: isError ? result.message : "",
    creations: calls.filter((call) => call === CREATE).length,
    held: held.map(({ id }) => id),
    slept: clock.slept,
    tookMs: clock.now() - startMs,
  };
}

describe("a creation in conflict with another", () => {
  it("is decided and asked for again after growing waits", async () => {
    const { calls, slept } = await create({ create: [conflict(), conflict(), conflict()] });
    // The look before the wait tells a conflict from a slot that was taken.
    const again = ["look", CREATE, "look"];
    expect(calls).toEqual([...again, ...again, ...again, ...ENDS_WELL]);
    expect(slept).toEqual([1_000, 2_000, 4_000]);
  });

  it("waits no shorter than Atlas tells", async () => {
    const { slept, error } = await create({ create: [conflict(40)] });
    expect({ slept, error }).toEqual({ slept: [40_000], error: undefined });
  });

  it.each([
    { name: "within five minutes of backoff", faults: { create: conflict() }, limitMs: 5 * MINUTE_MS },
    { name: "within an hour of waits that Atlas asks for", faults: { create: conflict(90) }, limitMs: 60 * MINUTE_MS },
  ])("ends $name, and says that nothing was created", async ({ faults, limitMs }) => {
    const { message, tookMs, creations } = await create(faults);
    expect(message).toBe(`Conflict. No time is left to wait for it. ${NOTHING_CREATED} ${NEXT_RUN}`);
    expect(tookMs).toBeLessThanOrEqual(limitMs);
    expect(tookMs).toBeGreaterThan(limitMs / 2);
    expect(creations).toBeLessThan(50);
  });
});

describe("a creation that meets the rate limit", () => {
  it.each([
    { name: "as told", told: 40, waitMs: 40_000 },
    { name: "a second when 0 is told", told: 0, waitMs: 1_000 },
    {
      name: "a second when nothing is told, besides what the limit itself makes it wait",
      told: undefined,
      waitMs: 1_000,
    },
  ])("waits $name, and looks and decides again", async ({ told, waitMs }) => {
    const { calls, slept } = await create({ create: [limited(told)] });
    expect(calls).toEqual(["look", CREATE, ...ENDS_WELL]);
    expect(slept).toEqual([waitMs]);
  });

  it("finds the account full when somebody was faster", async () => {
    const { error, creations } = await create({
      create: [limited()],
      beforeLook: (held, look) => {
        if (look === 2) held.push(foreign);
      },
    });
    expect(error).toMatchObject({ code: "account-full" });
    expect(creations).toBe(1);
  });

  it.each([
    { name: "nothing", told: undefined },
    { name: "0", told: 0 },
    { name: "seven seconds", told: 7 },
  ])("ends within an hour when it is refused for ever, and told $name", async ({ told }) => {
    const { message, tookMs, creations } = await create({ create: limited(told) });
    expect(message).toBe(`Wait. No time is left to wait for it. ${NOTHING_CREATED} ${NEXT_RUN}`);
    expect(tookMs).toBeLessThanOrEqual(60 * MINUTE_MS);
    expect(tookMs).toBeGreaterThan(50 * MINUTE_MS);
    expect(creations).toBeLessThan(80);
  });

  it("ends at once when the told wait does not fit into an hour", async () => {
    const { message, slept } = await create({ create: limited(3_601) });
    expect(message).toContain("No time is left");
    expect(slept).toEqual([]);
  });
});

describe("a creation while Atlas is being upgraded", () => {
  const upgrade = (retryAfterSeconds?: number) =>
    new RejectionError("No changes.", {
      status: 405,
      errorCode: "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES",
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });

  it("is asked for again after growing waits, each after a look, and as soon as it is taken", async () => {
    const { calls, slept } = await create({ create: [upgrade(), upgrade(), upgrade()] });
    expect(calls).toEqual(["look", CREATE, "look", CREATE, "look", CREATE, ...ENDS_WELL]);
    expect(slept).toEqual([1_000, 2_000, 4_000]);
  });

  it("says in one line what a long wait is for", async () => {
    const { lines, error } = await create({ create: [upgrade(90)] });
    expect(error).toBeUndefined();
    expect(lines).toEqual([
      expect.stringMatching(/^Waiting 90 s, until \S+: Atlas is being upgraded and takes no changes for now\.$/),
    ]);
  });

  it("ends within five minutes, and says that nothing was created", async () => {
    const { message, tookMs, creations } = await create({ create: upgrade() });
    expect(message).toBe(`No changes. No time is left to wait for it. ${NOTHING_CREATED} ${NEXT_RUN}`);
    expect(tookMs).toBeLessThanOrEqual(5 * MINUTE_MS);
    expect(creations).toBe(10);
  });

  it.each([
    { name: "another 405", status: 405, errorCode: "FAKE_CODE" },
    { name: "a suspended organization", status: 402, errorCode: "ACCOUNT_SUSPENDED" },
  ])("is not confused with $name, which is not waited for", async ({ status, errorCode }) => {
    const { message, slept, creations } = await create({ create: new RejectionError("No.", { status, errorCode }) });
    expect(message).toMatch(/^No\. /);
    expect(message).toContain(NOTHING_CREATED);
    expect({ slept, creations }).toEqual({ slept: [], creations: 1 });
  });
});

describe("a creation that was refused", () => {
  it.each([
    { name: "a refused credential", failure: new AuthenticationError("Refused.", { status: 401 }) },
    { name: "a missing role that is answered 401", failure: refused(401) },
    { name: "an unknown account", failure: refused(404) },
  ])("ends at once with $name, and says that nothing was created", async ({ failure }) => {
    const { error, message, calls } = await create({ create: failure });
    expect(error).toHaveProperty("cause", failure);
    expect(message).toBe(`Refused. ${NOTHING_CREATED} ${NEXT_RUN}`);
    expect(calls).toEqual(["look", CREATE]);
  });

  it.each([400, 403, 409, 422])(
    "is decided again with %i when the account turns out to be full, and makes room",
    async (status) => {
      const { calls, error } = await create(
        {
          create: [refused(status)],
          beforeLook: (held, look) => {
            if (look === 2) held.push(foreign);
          },
        },
        [old],
        { mayRemove: [foreign.id] },
      );
      expect(error).toBeUndefined();
      expect(calls).toEqual(["look", CREATE, "look", "look", `delete ${foreign.id}`, ...ENDS_WELL]);
    },
  );

  it("names the holders of a full account when no room may be made", async () => {
    const { error, creations } = await create({
      create: [refused()],
      beforeLook: (held, look) => {
        if (look === 2) held.push(foreign);
      },
    });
    expect(error).toMatchObject({ code: "account-full", holders: [old.id, foreign.id] });
    expect(creations).toBe(1);
  });

  it("is decided again only once, and then names the holders, whatever Atlas called it", async () => {
    const { error, message, creations } = await create(
      {
        create: refused(403),
        // Somebody takes the slot again and again, each time before Atlas refuses.
        beforeLook: (held, look) => {
          if (look % 3 === 2) held.push({ ...foreign, id: String(look).padStart(24, "b") });
        },
      },
      [old],
      { mayRemove: [2, 5, 8, 11].map((look) => String(look).padStart(24, "b")) },
    );
    expect(error).toMatchObject({ code: "account-full", holders: [old.id, "5".padStart(24, "b")] });
    expect(message).toContain("its slots fill up as fast as they are freed");
    expect(message).not.toContain("Refused.");
    expect(creations).toBe(2);
  });

  const HELD = `When last looked at, the account held 1 of 2 secrets (${old.id}); one that was made a moment ago may not show yet.`;
  const LIFETIME =
    /If Atlas objects to the lifetime of 720 h: the maximum in the organization's settings .* can be lower/;

  it.each([
    { name: "a refusal, which may be about the lifetime", status: 400, isAboutHours: true },
    { name: "a missing role", status: 403, isAboutHours: false },
  ])("ends with $name when the account has room, and says what it held", async ({ status, isAboutHours }) => {
    const failure = refused(status);
    const { error, message, calls } = await create({ create: failure });
    expect(error).toMatchObject({ code: "rejected", status });
    expect(message).toContain(`Refused. ${HELD} `);
    expect(LIFETIME.test(message)).toBe(isAboutHours);
    expect(calls).toEqual(["look", CREATE, "look"]);
  });

  it("says that the account held none, without a list of them, when that is so", async () => {
    const { message } = await create({ create: refused(403) }, []);
    const held = "When last looked at, the account held 0 of 2 secrets.";
    expect(message).toBe(`Refused. ${held} ${NOTHING_CREATED} ${NEXT_RUN}`);
  });

  it.each([400, 403])("ends with %i when it cannot be seen whether the account has room", async (status) => {
    const failure = refused(status);
    const { error, message, calls } = await create({ create: failure, look: [undefined, unsent()] });
    expect(error).toHaveProperty("cause", failure);
    expect(message).toBe(`Refused. ${NOTHING_CREATED} ${NEXT_RUN}`);
    expect(calls).toEqual(["look", CREATE, "look"]);
  });

  it("names what was deleted for it", async () => {
    const { message } = await create({ create: refused(403) }, [old, foreign], { mayRemove: [foreign.id] });
    expect(message).toBe(`Refused. ${HELD} ${NOTHING_CREATED} Deleted before that: ${foreign.id}. ${NEXT_RUN}`);
  });
});

describe("a creation that was never sent", () => {
  it("is decided and asked for again, four times in all", async () => {
    const { calls, slept, message } = await create({ create: unsent() });
    expect(calls).toEqual(Array.from({ length: 4 }, () => ["look", CREATE]).flat());
    expect(slept).toEqual([1_000, 2_000, 4_000]);
    expect(message).toBe(`Not sent. ${NOTHING_CREATED} ${NEXT_RUN}`);
  });

  it.each([
    { name: "the engine is gone", cause: "engine-gone" },
    { name: "no time is left for the rate limit", cause: "out-of-time" },
  ])("ends at once when $name, and asks for nothing more", async ({ cause }) => {
    const { calls, slept } = await create({ create: unsent(cause) });
    expect({ calls, slept }).toEqual({ calls: ["look", CREATE], slept: [] });
  });

  it("passes on a failure of the program itself", async () => {
    const failure = new TypeError("not foreseen");
    const { process, operation, calls } = createFakeAtlas([]);
    const client = { ...operation.client, createSecret: () => Promise.reject(failure) };
    const broken = new Operation({ ...operation, report: () => undefined, client });
    await expect(createSecret(process, broken, REQUEST)).rejects.toBe(failure);
    expect(calls).toEqual(["look"]);
  });
});
