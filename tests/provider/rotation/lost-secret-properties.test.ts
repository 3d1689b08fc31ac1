/** What no lost answer may ever lead to, whatever an account holds before and after it. */
import fc from "fast-check";
import type { HeldSecret } from "../../../provider/src/atlas/types.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { decideLostSecret, type LostCreation } from "../../../provider/src/rotation/lost-secret.js";
import { Branches } from "../../helpers/branches.js";
import { BIRTH_MS, toId } from "../fixtures/values.js";

/** Times near the request, so that the limits are met often. */
const nearMs = fc.integer({ min: -5, max: 40 }).map((seconds) => BIRTH_MS + seconds * 1_000);
const lifetimeMs = fc.constantFrom(8, 720).map((hours) => hours * HOUR_MS);

const held: fc.Arbitrary<HeldSecret> = fc
  .record({
    id: fc.integer({ min: 1, max: 5 }).map(toId),
    createdAtMs: fc.oneof({ weight: 3, arbitrary: nearMs }, { weight: 1, arbitrary: fc.integer() }),
    lifetimeMs: fc.oneof({ weight: 3, arbitrary: lifetimeMs }, { weight: 1, arbitrary: fc.integer() }),
    lastUsedAtMs: fc.option(fc.oneof(nearMs, fc.integer()), { nil: undefined, freq: 2 }),
  })
  .map(({ id, createdAtMs, lifetimeMs, lastUsedAtMs }) => ({
    id,
    createdAtMs,
    expiresAtMs: createdAtMs + lifetimeMs,
    ...(lastUsedAtMs !== undefined && { lastUsedAtMs }),
  }));

const account = fc.uniqueArray(held, { maxLength: 3, selector: ({ id }) => id });

/** Before and after share their secrets often, as an account does. */
const lost: fc.Arbitrary<LostCreation> = fc
  .record({
    before: account,
    kept: fc.boolean(),
    fresh: fc.oneof({ weight: 2, arbitrary: held.map((secret) => [secret]) }, { weight: 1, arbitrary: account }),
    hours: fc.constantFrom(8, 720),
    serverTimes: fc.option(fc.constant({ sentMs: BIRTH_MS, givenUpMs: BIRTH_MS + 30_000 }), { nil: undefined }),
  })
  .map(({ before, kept, fresh, ...rest }) => ({ before, after: kept ? [...before, ...fresh] : fresh, ...rest }));

const RUNS = { numRuns: 5_000 };

function fresh({ before, after }: LostCreation): HeldSecret[] {
  return after.filter(({ id }) => !before.some((known) => known.id === id));
}

describe("decideLostSecret, for any account", () => {
  it("deletes only the one new secret of an account that changed in nothing else", () => {
    fc.assert(
      fc.property(lost, (creation) => {
        const verdict = decideLostSecret(creation);
        fc.pre(verdict.action === "delete");
        if (verdict.action !== "delete") return;
        expect(fresh(creation)).toEqual([verdict.secret]);
        const ids = creation.after.map(({ id }) => id);
        expect(ids).toHaveLength(creation.before.length + 1);
        expect(new Set(ids)).toEqual(new Set([...creation.before.map(({ id }) => id), verdict.secret.id]));
      }),
      RUNS,
    );
  });

  it("never deletes one that was there before, that was ever used, or of another lifetime", () => {
    fc.assert(
      fc.property(lost, (creation) => {
        const verdict = decideLostSecret(creation);
        fc.pre(verdict.action === "delete");
        if (verdict.action !== "delete") return;
        const { id, createdAtMs, expiresAtMs, lastUsedAtMs } = verdict.secret;
        expect(creation.before.map((known) => known.id)).not.toContain(id);
        expect(lastUsedAtMs).toBeUndefined();
        expect(Math.abs(expiresAtMs - createdAtMs - creation.hours * HOUR_MS)).toBeLessThanOrEqual(2_000);
      }),
      RUNS,
    );
  });

  it("never deletes one that was created outside the request's time, or when that is not known", () => {
    fc.assert(
      fc.property(lost, (creation) => {
        const verdict = decideLostSecret(creation);
        fc.pre(verdict.action === "delete");
        if (verdict.action !== "delete") return;
        const { sentMs = Number.NaN, givenUpMs = Number.NaN } = creation.serverTimes ?? {};
        expect(verdict.secret.createdAtMs).toBeGreaterThanOrEqual(sentMs - 2_000);
        expect(verdict.secret.createdAtMs).toBeLessThanOrEqual(givenUpMs + 2_000);
      }),
      RUNS,
    );
  });

  it("lets the creation be asked for again only when nothing is new, and names all that is new otherwise", () => {
    const branches = new Branches();
    fc.assert(
      fc.property(lost, (creation) => {
        const verdict = decideLostSecret(creation);
        expect(verdict.action === "ask-again").toBe(fresh(creation).length === 0);
        branches.takes("a stop", verdict.action === "stop");
        if (verdict.action === "stop") expect(verdict.suspects).toEqual(fresh(creation));
      }),
      RUNS,
    );
    branches.assertAllTaken();
  });
});
