/** The one door for deletions: what it asks first, what it looks at, when it tries again, and what it says. */
import { assertNotOwnCredential, type RemovalTask, removeSecret } from "../../../provider/src/account/removal.js";
import { findSharedView, viewAccount } from "../../../provider/src/account/view.js";
import type { HeldSecret } from "../../../provider/src/atlas/types.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { AuthenticationError, ConnectionError, RejectionError } from "../../../provider/src/errors.js";
import { RemovalReason } from "../../../provider/src/rotation/reasons.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { createFakeAtlas, type Faults } from "../fixtures/fake-atlas.js";
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

const target = toHeld();
const current = toHeld({ id: IDS[1] });
const DELETE = `delete ${IDS[0]}`;
const DELETED: RemovalTask = { account: ACCOUNT, secretId: IDS[0], purpose: { kind: "resource-deleted" } };
const RETIRED: RemovalTask = {
  ...DELETED,
  purpose: { kind: "retirement", currentId: IDS[1], overlapOverMs: BIRTH_MS, quietHours: 24 },
  isCredential: false,
};
const notFound = new RejectionError("Not found.", { status: 404 });
const cut = () => new ConnectionError("No answer.", {}, true);

async function remove(task: RemovalTask, faults: Faults = {}, held = [target, current]) {
  const { process, operation, ...seen } = createFakeAtlas(held, faults);
  const outcome = await removeSecret(process, operation, task).catch((error: unknown) => error as Error);
  const error = outcome instanceof Error ? outcome : undefined;
  const verdict = outcome instanceof Error ? undefined : outcome.verdict;
  return { ...seen, process, operation, error, verdict, outcome };
}

describe("removeSecret", () => {
  it("deletes what the engine deletes without a look, when nothing can be the own credential", async () => {
    const { calls, verdict, process, operation, lines } = await remove(DELETED);
    expect(calls).toEqual([DELETE]);
    expect(verdict?.reason).toBe(RemovalReason.ResourceDeleted);
    expect(process.known.isDeleted(CLIENT_ID, IDS[0])).toBe(true);
    expect(operation.deleted).toEqual([IDS[0]]);
    expect(lines).toEqual([]);
  });

  it("looks first where the verdict needs it, and gives that view", async () => {
    const { calls, verdict, outcome } = await remove(RETIRED);
    expect(calls).toEqual(["look", DELETE]);
    expect(verdict?.action).toBe("delete");
    expect(outcome).toMatchObject({ view: { secrets: [target, current] } });
  });

  it("does not look again when it is given a view", async () => {
    const { process, operation, calls } = createFakeAtlas([target, current]);
    const view = await viewAccount(process, operation, ACCOUNT);
    await removeSecret(process, operation, { ...RETIRED, view });
    expect(calls).toEqual(["look", DELETE]);
  });

  it("lets nobody believe a list from before the deletion", async () => {
    const { process, operation, calls } = createFakeAtlas([target, current], { isListFull: true });
    const shared = () => findSharedView(process, operation, ACCOUNT);
    await findSharedView(process, operation, { ...ACCOUNT, clientId: OTHER_CLIENT_ID });
    expect(await shared()).toBeDefined();
    await removeSecret(process, operation, DELETED);
    expect(await shared()).toBeUndefined();
    expect(calls).toEqual(["list", DELETE]);
  });

  it("keeps what may not go, and says why with the account's name", async () => {
    const used = { ...target, lastUsedAtMs: BIRTH_MS };
    const { calls, verdict, lines } = await remove(RETIRED, {}, [used, current]);
    expect(calls).toEqual(["look"]);
    expect(verdict).toMatchObject({ action: "keep", reason: RemovalReason.InUse });
    expect(lines).toEqual([expect.stringMatching(new RegExp(`${CLIENT_ID}.*${IDS[0]}`))]);
  });

  it("does not remember as gone what it did not ask to delete: a list can lag, and it holds a slot once it shows", async () => {
    const beforeLook = (held: HeldSecret[], look: number) => void (look === 2 && held.push(target));
    const { calls, verdict, process, operation } = await remove(RETIRED, { beforeLook }, [current]);
    expect(calls).toEqual(["look"]);
    expect(verdict).toMatchObject({ action: "gone", reason: RemovalReason.NotOnAccount });
    expect(operation.deleted).toEqual([]);
    const { secrets } = await viewAccount(process, operation, ACCOUNT);
    expect(secrets.map(({ id }) => id)).toEqual([IDS[1], IDS[0]]);
  });
});

describe("removeSecret, of what may be the own credential", () => {
  const upper = CLIENT_ID.replace(/[a-f\d]{24}$/, (digits) => digits.toUpperCase());

  it.each([
    { name: "its value is that", value: SECRET_VALUE, mask: "mdb_sa_sk_...qrst", kept: true, looks: 0 },
    { name: "its value is another", value: OTHER_SECRET_VALUE, mask: "mdb_sa_sk_...wxyz", kept: false, looks: 0 },
    { name: "its mask ends alike", value: undefined, mask: "mdb_sa_sk_...wxyz", kept: true, looks: 1 },
    { name: "its mask has no end", value: undefined, mask: "mdb_sa_sk_...", kept: true, looks: 1 },
    { name: "it has no mask", value: undefined, mask: undefined, kept: true, looks: 1 },
    { name: "its mask ends otherwise", value: undefined, mask: "mdb_sa_sk_...qrst", kept: false, looks: 1 },
  ])("keeps it: $kept, when $name", async ({ value, mask, kept, looks }) => {
    const held = { ...target, ...(mask !== undefined && { maskedSecretValue: mask }) };
    const task = { ...DELETED, value: value === undefined ? undefined : new Sensitive(value) };
    const { calls, verdict } = await remove(task, { credential: SECRET_VALUE }, [held]);
    expect(calls).toEqual([...Array.from({ length: looks }, () => "look"), ...(kept ? [] : [DELETE])]);
    expect(verdict?.reason).toBe(kept ? RemovalReason.OwnCredential : RemovalReason.ResourceDeleted);
  });

  it("keeps it also when the account is written in the other case", async () => {
    const account = { ...ACCOUNT, clientId: upper };
    const task = { ...DELETED, account, value: new Sensitive(SECRET_VALUE) };
    expect((await remove(task, { credential: SECRET_VALUE })).verdict?.reason).toBe(RemovalReason.OwnCredential);
  });

  it("is a failure of whoever asked, with the setting to change and no value", async () => {
    const { verdict } = await remove({ ...DELETED, value: new Sensitive(SECRET_VALUE) }, { credential: SECRET_VALUE });
    const work = () => verdict && assertNotOwnCredential(verdict, ACCOUNT);
    expect(work).toThrow(expect.objectContaining({ code: "configured-credential" }));
    for (const text of [IDS[0], CLIENT_ID, "mongodbatlas:clientSecret", "MONGODB_ATLAS_CLIENT_SECRET"])
      expect(work).toThrow(text);
    expect(work).not.toThrow(SECRET_VALUE);
  });
});

describe("removeSecret, when the DELETE fails", () => {
  it("remembers as gone what a look shows gone then, though a list that lags shows it again", async () => {
    const gone = { error: notFound, done: true } as const;
    const beforeLook = (held: HeldSecret[], look: number) => void (look === 2 && held.push(target));
    const { process, operation, held } = await remove(DELETED, { delete: [gone], beforeLook });
    expect(operation.deleted).toEqual([]);
    const { secrets } = await viewAccount(process, operation, ACCOUNT);
    expect(held.map(({ id }) => id)).toEqual([IDS[1], IDS[0]]);
    expect(secrets.map(({ id }) => id)).toEqual([IDS[1]]);
  });

  it.each([
    { name: "that it is tried again", fault: {}, why: `the deletion of secret ${IDS[0]} is tried again` },
    { name: "that Atlas is not available", fault: { status: 503 }, why: "Atlas is not available for now (503)" },
  ])("says of a long wait $name", async ({ fault, why }) => {
    const failure = new ConnectionError("Wait.", { ...fault, retryAfterSeconds: 30 }, true);
    const { lines } = await remove(DELETED, { delete: [failure] });
    expect(lines).toEqual([`Waiting 30 s, until 2026-03-01T08:00:30Z: ${why}.`]);
  });

  it.each([400, 404, 410])("is content after a %i when a look shows the secret gone", async (status) => {
    const gone = { error: new RejectionError("Not found.", { status }), done: true } as const;
    const { calls, verdict, clock } = await remove(DELETED, { delete: [gone] });
    expect(calls).toEqual([DELETE, "look"]);
    expect(clock.slept).toEqual([0]);
    expect(verdict?.reason).toBe(RemovalReason.NotOnAccount);
  });

  it("never takes a 404 for gone while the account lists the secret: it asks once more and fails", async () => {
    const { calls, error } = await remove(DELETED, { delete: notFound });
    expect(calls).toEqual([DELETE, "look", DELETE]);
    expect(error).toBe(notFound);
  });

  it("leaves the secret of an account that is not in its owner's list, and names it", async () => {
    const { calls, verdict, lines } = await remove(DELETED, { delete: notFound, look: notFound, list: [] });
    expect(calls).toEqual([DELETE, "look", "list"]);
    expect(verdict?.reason).toBe(RemovalReason.AccountUnassigned);
    expect(lines).toEqual([expect.stringContaining(`${IDS[0]} was not deleted and may live on`)]);
  });

  it.each([
    { name: "a refused credential", failure: new AuthenticationError("No.", { status: 401 }) },
    { name: "a missing role", failure: new RejectionError("No.", { status: 403 }) },
    { name: "an ended engine", failure: new ConnectionError("Ended.", { noAnswer: "engine-gone" }, false) },
  ])("fails at once with $name", async ({ failure }) => {
    const { calls, error } = await remove(DELETED, { delete: failure });
    expect(calls).toEqual([DELETE]);
    expect(error).toBe(failure);
  });

  it("decides anew before each further try, by what the account shows then", async () => {
    const faults: Faults = {
      delete: cut(),
      beforeLook: (held, look) => {
        if (look === 2) held.splice(0, 1, { ...target, lastUsedAtMs: BIRTH_MS - HOUR_MS });
      },
    };
    const { calls, verdict } = await remove(RETIRED, faults);
    expect(calls).toEqual(["look", DELETE, "look"]);
    expect(verdict).toMatchObject({ action: "keep", reason: RemovalReason.InUse });
  });

  it("gives up after four unanswered ones", async () => {
    const { calls, error, operation } = await remove(DELETED, { delete: cut() });
    expect(calls.filter((call) => call === DELETE)).toHaveLength(4);
    expect(error?.message).toContain("No answer.");
    expect(operation.deleted).toEqual([]);
  });
});
