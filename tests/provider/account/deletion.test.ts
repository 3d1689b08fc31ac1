/** What happens to the recorded secrets of a resource that goes: what is deleted, what stays, and what is said of it. */
import { deleteRecorded, type RecordedTarget } from "../../../provider/src/account/deletion.js";
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { ConnectionError, RejectionError } from "../../../provider/src/errors.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { createFakeAtlas, type Faults } from "../fixtures/fake-atlas.js";
import { ACCOUNT_TEXT, toCommand } from "../fixtures/lost-response.js";
import {
  ACCOUNT,
  BIRTH_MS,
  CLIENT_ID,
  IDS,
  OTHER_CLIENT_ID,
  OTHER_SECRET_VALUE,
  SECRET_VALUE,
  toHeld,
} from "../fixtures/values.js";
import { holdLock } from "./hold-lock.js";

const [A, B, C] = IDS;
const OTHER_VALUE = new Sensitive(OTHER_SECRET_VALUE);
const OWN_VALUE = new Sensitive(SECRET_VALUE);
const OWN_MASK = "mdb_sa_sk_...wxyz";
const OTHER_MASK = "mdb_sa_sk_...qrst";
const notFound = new RejectionError("Not found.", { status: 404 });

interface Scene extends Faults {
  readonly held?: readonly ReturnType<typeof toHeld>[];
  /** Called before anything is asked for. */
  readonly before?: (fake: ReturnType<typeof createFakeAtlas>) => void;
}

/** Deletes these secrets of an account that holds A and B, unless told otherwise. */
async function remove(targets: readonly RecordedTarget[], { held, before, ...faults }: Scene = {}) {
  const fake = createFakeAtlas(held ?? [toHeld(), toHeld({ id: B })], faults);
  before?.(fake);
  const work = deleteRecorded(fake.process, fake.operation, ACCOUNT, targets);
  const error = await work.then(
    () => undefined,
    (failure: Error) => failure,
  );
  return { ...fake, error, held: fake.held.map(({ id }) => id) };
}

describe("deleteRecorded", () => {
  it("waits for its turn on the account", async () => {
    const { process, operation, calls } = createFakeAtlas([toHeld()]);
    const release = holdLock(process.locks, CLIENT_ID);
    const deletion = deleteRecorded(process, operation, ACCOUNT, [{ secretId: A }]);
    await new Promise(setImmediate);
    expect(calls).toEqual([]);
    release();
    await deletion;
    expect(calls).toEqual([`delete ${A}`]);
  });

  it("deletes what is recorded, one after the other, and nothing else that the account holds", async () => {
    const { calls, held, lines, error } = await remove([{ secretId: A }, { secretId: C }], {
      held: IDS.map((id) => toHeld({ id })),
    });
    expect({ calls, held, lines, error }).toEqual({
      calls: [`delete ${A}`, `delete ${C}`],
      held: [B],
      lines: [],
      error: undefined,
    });
  });

  it("fails, and asks for no other deletion, when Atlas refuses one", async () => {
    const refusal = new RejectionError("No.", { status: 403 });
    const { calls, held, error } = await remove([{ secretId: A }, { secretId: B }], { delete: refusal });
    expect(error).toBe(refusal);
    expect({ calls, held }).toEqual({ calls: [`delete ${A}`], held: [A, B] });
  });

  it("counts a secret that the account does not hold as deleted, and goes on with the next one", async () => {
    const { calls, held, lines, error } = await remove([{ secretId: C }, { secretId: A }]);
    expect({ held, lines, error }).toEqual({ held: [B], lines: [], error: undefined });
    expect(calls).toEqual([`delete ${C}`, "look", `delete ${A}`]);
  });

  it("names and leaves each secret of an account that is not in its owner's list", async () => {
    const targets = [A, B].map((secretId) => ({ secretId, createdAtMs: BIRTH_MS }));
    const { held, lines, error } = await remove(targets, { delete: notFound, look: notFound, list: [] });
    expect({ held, error }).toEqual({ held: [A, B], error: undefined });
    expect(lines).toEqual(
      [A, B].map((id) => expect.stringContaining(`secret ${id} was not deleted and may live on at organization level`)),
    );
  });
});

describe("deleteRecorded, of a secret that was replaced", () => {
  /** Of whatever account: a resource that moved to another one still records what it left. */
  const unverified =
    (clientId = CLIENT_ID) =>
    ({ process }: ReturnType<typeof createFakeAtlas>) =>
      process.known.noteVerification(clientId, B, false, [A]);

  it.each([
    { name: "its account", clientId: CLIENT_ID },
    { name: "another account", clientId: OTHER_CLIENT_ID },
  ])("keeps it while its successor, of $name, is not verified, and fails so that it stays recorded", async (row) => {
    const { calls, error } = await remove([{ secretId: A }], { before: unverified(row.clientId) });
    expect(calls).toEqual([]);
    expect(error).toMatchObject({ code: "state" });
    expect(error?.message).toBe(
      `Could not delete a secret of ${ACCOUNT_TEXT}: secret ${A} stays, since ${B}, which replaces it, is not verified yet: ` +
        "the next 'pulumi up' tries that again.",
    );
  });

  it("keeps the other secrets of the resource as well", async () => {
    const { calls, error } = await remove([{ secretId: C }, { secretId: A }], { before: unverified() });
    expect(calls).toEqual([]);
    expect(error?.message).toContain(A);
  });

  it("deletes it once its successor is verified", async () => {
    const { calls, error } = await remove([{ secretId: A }], {
      before: ({ process }) => {
        process.known.noteVerification(CLIENT_ID, B, false, [A]);
        process.known.noteVerification(CLIENT_ID, B, true, [A]);
      },
    });
    expect({ calls, error }).toEqual({ calls: [`delete ${A}`], error: undefined });
  });

  it("keeps it, and fails, when its successor turns out not to work while an earlier one is deleted", async () => {
    const fake = createFakeAtlas([toHeld(), toHeld({ id: B })], {
      delete: [{ error: notFound, done: true }],
      beforeLook: () => fake.process.known.noteVerification(CLIENT_ID, C, false, [B]),
    });
    const work = deleteRecorded(fake.process, fake.operation, ACCOUNT, [{ secretId: A }, { secretId: B }]);
    await expect(work).rejects.toMatchObject({ code: "state", message: expect.stringContaining(`secret ${B} stays`) });
    expect(fake.calls).toEqual([`delete ${A}`, "look"]);
    expect(fake.held.map(({ id }) => id)).toEqual([B]);
  });
});

describe("deleteRecorded, of what can be the provider's own credential", () => {
  const masked = (id: string, maskedSecretValue: string) => toHeld({ id, maskedSecretValue });

  it.each([
    {
      name: "its value is that",
      targets: [
        { secretId: A, value: OTHER_VALUE },
        { secretId: B, value: OWN_VALUE },
      ],
      held: [masked(A, OTHER_MASK), masked(B, OTHER_MASK)],
      looks: 0,
    },
    {
      name: "Atlas shows the same end, and its value is not recorded",
      targets: [{ secretId: A, value: OTHER_VALUE }, { secretId: B }],
      held: [masked(A, OWN_MASK), masked(B, OWN_MASK)],
      looks: 1,
    },
    {
      name: "no value is recorded",
      targets: [{ secretId: A }, { secretId: B }],
      held: [masked(A, OTHER_MASK), masked(B, OWN_MASK)],
      looks: 1,
    },
  ])("deletes nothing, not even an earlier secret, when $name", async ({ targets, held, looks }) => {
    const { calls, error } = await remove(targets, { credential: SECRET_VALUE, held });
    expect(calls).toEqual(Array.from({ length: looks }, () => "look"));
    expect(error).toMatchObject({ code: "configured-credential", message: expect.stringContaining(B) });
  });

  it("deletes nothing when its value tells, though Atlas no longer lists the account", async () => {
    const targets = [{ secretId: A, value: OTHER_VALUE }, { secretId: C }, { secretId: B, value: OWN_VALUE }];
    const { calls, error } = await remove(targets, { credential: SECRET_VALUE, look: notFound, list: [] });
    expect(calls).toEqual(["look", "list"]);
    expect(error).toMatchObject({ code: "configured-credential", message: expect.stringContaining(B) });
  });

  it("keeps it, and fails, also when Atlas lists it only a moment later", async () => {
    const { calls, error } = await remove([{ secretId: A }], {
      credential: SECRET_VALUE,
      held: [],
      beforeLook: (held, look) => {
        if (look === 2) held.push(masked(A, OWN_MASK));
      },
    });
    expect(calls).toEqual(["look", "look"]);
    expect(error).toMatchObject({ code: "configured-credential" });
  });

  it("deletes one whose value is not recorded when Atlas shows another end, and says nothing", async () => {
    const { calls, held, lines, error } = await remove([{ secretId: A, createdAtMs: BIRTH_MS }], {
      credential: SECRET_VALUE,
      held: [masked(A, OTHER_MASK), masked(B, OWN_MASK)],
    });
    expect({ held, lines, error }).toEqual({ held: [B], lines: [], error: undefined });
    expect(calls).toEqual(["look", "look", `delete ${A}`]);
  });

  it("deletes nothing, and fails, when it cannot look", async () => {
    const failure = new ConnectionError("No answer.", {}, false);
    const { calls, error } = await remove([{ secretId: A }], { credential: SECRET_VALUE, look: failure });
    expect(calls).toEqual(["look"]);
    expect(error).toBe(failure);
  });

  it("names and leaves one of an account that is not in its owner's list", async () => {
    const { calls, lines, error } = await remove([{ secretId: A }], {
      credential: SECRET_VALUE,
      look: notFound,
      list: [],
    });
    expect(calls).toEqual(["look", "list", "look", "list"]);
    expect(lines).toEqual([expect.stringContaining(`secret ${A} was not deleted`)]);
    expect(error).toBeUndefined();
  });
});

describe("deleteRecorded, of a secret that is not found", () => {
  const TWO_MINUTES_MS = 2 * MINUTE_MS;

  it.each([
    { name: "created two minutes ago", ageMs: TWO_MINUTES_MS, said: true },
    { name: "created a millisecond earlier", ageMs: TWO_MINUTES_MS + 1, said: false },
    { name: "created an hour ago by Atlas's clock", ageMs: 0, serverAheadMs: HOUR_MS, said: false },
    { name: "created just now by Atlas's clock", ageMs: HOUR_MS, serverAheadMs: -HOUR_MS, said: true },
    { name: "created just now by our clock, the only one", ageMs: 0, hasServerTime: false, said: true },
    { name: "created an hour ago by our clock, the only one", ageMs: HOUR_MS, hasServerTime: false, said: false },
    { name: "created nobody knows when", ageMs: undefined, said: false },
  ])("says how to delete it should it show later: $said, when $name", async ({ name: _, ageMs, said, ...faults }) => {
    const createdAtMs = ageMs === undefined ? undefined : BIRTH_MS - ageMs;
    const { lines, error } = await remove([{ secretId: C, createdAtMs }], faults);
    const line =
      `Secret ${C} of ${ACCOUNT_TEXT} was created a moment ago and is not found, so that it counts as deleted. ` +
      `Should Atlas show it later: '${toCommand(C)}'.`;
    expect({ lines, error }).toEqual({ lines: said ? [line] : [], error: undefined });
  });

  it("says nothing of one that Atlas says to have deleted", async () => {
    const { lines, held } = await remove([{ secretId: A, createdAtMs: BIRTH_MS }]);
    expect({ lines, held }).toEqual({ lines: [], held: [B] });
  });
});
