import fc from "fast-check";
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { createProjectSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { toSecretRecord } from "../../../provider/src/records/secret-record.js";
import { decideReplacement } from "../../../provider/src/rotation/replacement.js";
import { type DesiredSecret, type RecordedSecret, Unknown } from "../../../provider/src/rotation/secret.js";
import { toGrantedHours } from "../../../provider/src/rotation/window.js";
import { BIRTH_MS, createFakeClock, DESIRED, OUTPUTS, RECORDED } from "../fixtures/values.js";

const hours = fc.integer({ min: 8, max: 8760 });
const status = fc.constantFrom(
  "active" as const,
  "pending-verification" as const,
  "rejected" as const,
  "account-unassigned" as const,
);
const anyNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -1, Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY),
);

const arbitraryDesired = fc.record({
  projectId: fc.oneof(fc.string(), fc.constant(Unknown)),
  clientId: fc.oneof(fc.string(), fc.constant(DESIRED.clientId)),
  secretExpiresAfterHours: fc.oneof(hours, anyNumber, fc.constant(Unknown)),
  rotateBeforeExpiryHours: fc.oneof(fc.nat(8760), fc.constant(Unknown)),
  triggers: fc.oneof(fc.dictionary(fc.string(), fc.anything()), fc.constant(Unknown)),
  verify: fc.boolean(),
  reclaimExpired: fc.boolean(),
  mayRemove: fc.array(fc.string()),
  exclusive: fc.boolean(),
}) satisfies fc.Arbitrary<DesiredSecret>;

/** Outputs where each is valid, absent, or anything at all. */
const arbitraryOutputs = fc.oneof(
  fc.object(),
  fc.record(
    Object.fromEntries(
      Object.entries(OUTPUTS).map(([name, value]) => [name, fc.oneof(fc.constant(value), fc.anything(), anyNumber)]),
    ),
    { requiredKeys: [] },
  ),
) as fc.Arbitrary<Record<string, unknown>>;

describe("decideReplacement, for all records", () => {
  it("is never due right after an issuance, whatever lifetime Atlas granted and whatever valid window is set", () => {
    const window = hours.chain((lifetime) => fc.tuple(fc.constant(lifetime), fc.nat(lifetime - 1)));
    const grantedMinutes = fc.oneof(
      fc.integer({ min: 1, max: 8760 }).map((granted) => granted * 60),
      fc.integer({ min: 60, max: 525_600 }),
    );
    fc.assert(
      fc.property(window, grantedMinutes, fc.nat(59_000), ([lifetime, windowHours], minutes, elapsedMs) => {
        const expiresAtMs = BIRTH_MS + minutes * MINUTE_MS;
        const desired = { ...DESIRED, secretExpiresAfterHours: lifetime, rotateBeforeExpiryHours: windowHours };
        const recorded: RecordedSecret = {
          ...RECORDED,
          ...desired,
          issuedForHours: lifetime,
          expiresAtMs,
          grantedHours: toGrantedHours(BIRTH_MS, expiresAtMs),
        };
        expect(decideReplacement(recorded, desired, BIRTH_MS + elapsedMs).action).toBe("keep");
        // Nor at any time in the first hour, as long as it is an hour at all.
        expect(decideReplacement(recorded, desired, BIRTH_MS + HOUR_MS - 1_000).action).toBe("keep");
      }),
      { numRuns: 1_000 },
    );
  });

  it("gives the same verdict for the same input, and changes neither", () => {
    fc.assert(
      fc.property(arbitraryDesired, status, fc.integer(), (desired, recordedStatus, offset) => {
        const recorded = Object.freeze({ ...RECORDED, status: recordedStatus });
        const once = decideReplacement(recorded, Object.freeze(desired), BIRTH_MS + offset);
        expect(decideReplacement(recorded, desired, BIRTH_MS + offset)).toEqual(once);
      }),
    );
  });

  it("never replaces a pending secret, whatever else is wanted and whatever the time", () => {
    fc.assert(
      fc.property(arbitraryDesired, fc.integer(), (desired, offset) => {
        const verdict = decideReplacement({ ...RECORDED, status: "pending-verification" }, desired, BIRTH_MS + offset);
        expect(verdict.action).toBe("update");
      }),
    );
  });

  it("names what it replaces for, so that the engine never takes a replacement for an update", () => {
    fc.assert(
      fc.property(arbitraryDesired, status, fc.integer(), (desired, recordedStatus, offset) => {
        const verdict = decideReplacement({ ...RECORDED, status: recordedStatus }, desired, BIRTH_MS + offset);
        fc.pre(verdict.action !== "keep");
        expect(verdict.properties.length).toBeGreaterThan(0);
      }),
    );
  });

  it("decides on any state that can be read, and never throws", () => {
    fc.assert(
      fc.property(arbitraryOutputs, arbitraryDesired, (outputs, desired) => {
        const verdict = decideReplacement(toSecretRecord(outputs), desired, BIRTH_MS);
        expect(["keep", "update", "replace"]).toContain(verdict.action);
      }),
      { numRuns: 2_000 },
    );
  });

  it("answers diff for any state and any inputs, and never throws", () => {
    const handlers = createProjectSecretHandlers({ clock: createFakeClock(), env: {}, report: () => undefined });
    fc.assert(
      fc.property(arbitraryOutputs, arbitraryOutputs, (olds, news) => {
        const result = handlers.diff("id", olds, news);
        expect(typeof result.changes).toBe("boolean");
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    {
      name: "a window and a grant beyond any calendar",
      outputs: { grantedHours: 1e300, rotateBeforeExpiryHours: 1e300 },
    },
    { name: "a negative grant", outputs: { grantedHours: -1 } },
    { name: "an expiry that is no time", outputs: { expiresAt: "2026-99-99T99:99:99Z" } },
    { name: "a lifetime in words", outputs: { secretExpiresAfterHours: "a month" } },
  ])("answers diff for a state with $name", ({ outputs }) => {
    const handlers = createProjectSecretHandlers({ clock: createFakeClock(), env: {}, report: () => undefined });
    const news = { ...DESIRED, rotateBeforeExpiryHours: outputs.rotateBeforeExpiryHours ?? 240 };
    expect(typeof handlers.diff("id", { ...OUTPUTS, ...outputs }, news).changes).toBe("boolean");
  });

  it("answers diff for inputs without a usable lifetime, from which no window can be made", () => {
    const handlers = createProjectSecretHandlers({ clock: createFakeClock(), env: {}, report: () => undefined });
    const { rotateBeforeExpiryHours: _window, ...news } = { ...DESIRED, secretExpiresAfterHours: 8.5 };
    const olds = { ...OUTPUTS, issuedForHours: 8.5, secretExpiresAfterHours: 8.5 };
    expect(typeof handlers.diff("id", olds, news).changes).toBe("boolean");
  });

  it.each([
    { name: "minus zero", trigger: -0 },
    { name: "a deep value", trigger: { a: [1, { b: null }] } },
  ])("keeps a secret issued for a trigger of $name, as the state gives it back", ({ trigger }) => {
    const handlers = createProjectSecretHandlers({ clock: createFakeClock(), env: {}, report: () => undefined });
    const echoed = JSON.parse(JSON.stringify({ trigger })) as Record<string, unknown>;
    const olds = { ...OUTPUTS, triggers: echoed, issuedForTriggers: echoed };
    expect(handlers.diff("id", olds, { ...DESIRED, triggers: { trigger } }).changes).toBe(false);
  });
});
