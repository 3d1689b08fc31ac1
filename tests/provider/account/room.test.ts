/** Making room on an account: what is deleted, after which look, and where it stops. */
import { makeRoom } from "../../../provider/src/account/room.js";
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { ConnectionError, RateLimitError, RejectionError } from "../../../provider/src/errors.js";
import type { SlotPolicy } from "../../../provider/src/rotation/removal.js";
import { createFakeAtlas, type Faults } from "../fixtures/fake-atlas.js";
import {
  ACCOUNT,
  BIRTH_MS,
  CLIENT_ID,
  IDS,
  OTHER_CLIENT_ID,
  PROJECT_ID,
  SECRET_VALUE,
  toHeld,
  toId,
  toPolicy,
} from "../fixtures/values.js";

const expiringSoon = { createdAtMs: BIRTH_MS - HOUR_MS, expiresAtMs: BIRTH_MS + HOUR_MS };
const first = toHeld(expiringSoon);
const second = toHeld({ ...expiringSoon, id: IDS[1] });
const notFound = new RejectionError("Not found.", { status: 404 });
const unanswered = () => new ConnectionError("No answer.", {}, true);
const DELETE = `delete ${IDS[0]}`;

/** Makes room by the policy; by default `mayRemove` names the first secret. */
function make(held: (typeof first)[], faults: Faults = {}, policy: Partial<SlotPolicy> = { mayRemove: [IDS[0]] }) {
  const { process, operation, ...seen } = createFakeAtlas(held, faults);
  return { ...seen, process, operation, work: makeRoom(process, operation, ACCOUNT, toPolicy(policy)) };
}

describe("makeRoom", () => {
  it("gives the view that shows a free slot, and deletes nothing for it", async () => {
    const { work, calls } = make([first], { serverAheadMs: 5_000 });
    expect(await work).toMatchObject({ secrets: [first], serverAheadMs: 5_000 });
    expect(calls).toEqual(["look"]);
  });

  it("deletes what may go and looks again, with a line that names it", async () => {
    const { work, calls, lines, operation } = make([first, second]);
    expect((await work).secrets).toMatchObject([second]);
    expect(calls).toEqual(["look", DELETE, "look"]);
    expect(lines).toEqual([expect.stringContaining(`secret ${IDS[0]}`)]);
    expect(lines[0]).toContain(`service account ${CLIENT_ID} of project ${PROJECT_ID}`);
    expect(operation.deleted).toEqual([IDS[0]]);
  });

  it("goes on when Atlas still shows what it said to have deleted", async () => {
    const { work, calls } = make([first, second], {
      beforeLook: (held, look) => {
        if (look === 2) held.unshift(first);
      },
    });
    expect((await work).secrets).toMatchObject([second]);
    expect(calls).toEqual(["look", DELETE, "look"]);
  });

  it("goes on when somebody else deleted it in between, without taking the deletion for its own", async () => {
    const { work, calls, operation } = make([first, second], {
      delete: notFound,
      beforeLook: (held, look) => {
        if (look === 2) held.shift();
      },
    });
    expect((await work).secrets).toMatchObject([second]);
    expect(calls).toEqual(["look", DELETE, "look", "look"]);
    expect(operation.deleted).toEqual([]);
  });

  it.each([
    { name: "ten minutes after its expiry", serverAheadMs: 0, minutes: 10, deleted: true },
    { name: "a minute earlier", serverAheadMs: 0, minutes: 9, deleted: false },
    { name: "by the server's clock, which is ahead", serverAheadMs: MINUTE_MS, minutes: 9, deleted: true },
    { name: "by the server's clock, which is behind", serverAheadMs: -MINUTE_MS, minutes: 10, deleted: false },
    { name: "without a word of the server's time", hasServerTime: false, minutes: 10, deleted: false },
  ])("judges an expired secret by the server's time: $name, deleted is $deleted", async (row) => {
    const { minutes, deleted, name: _, ...faults } = row;
    const expired = toHeld({ expiresAtMs: BIRTH_MS - minutes * MINUTE_MS });
    const { work, calls } = make([expired, second], faults, {});
    const result = await work.catch((error: unknown) => error);
    expect(calls.includes(DELETE)).toBe(deleted);
    if (!deleted) expect(result).toMatchObject({ code: "account-full" });
  });

  it("judges anew by the look after a DELETE that failed, and leaves a secret that lives by then", async () => {
    const expired = toHeld({ expiresAtMs: BIRTH_MS - 10 * MINUTE_MS });
    const faults: Faults = {
      delete: unanswered(),
      beforeLook: (held, look) => {
        if (look === 2) held.splice(0, 1, { ...expired, expiresAtMs: BIRTH_MS + HOUR_MS });
      },
    };
    const { work, calls } = make([expired, second], faults, {});
    await expect(work).rejects.toMatchObject({ code: "account-full" });
    expect(calls.filter((call) => call.startsWith("delete"))).toHaveLength(1);
  });
});

describe("makeRoom, of one account of several", () => {
  async function makeShared(held: (typeof first)[], beforeLook: Faults["beforeLook"] = () => {}) {
    const { process, operation, calls } = createFakeAtlas(held, { isListFull: true, beforeLook });
    await process.snapshots.find(operation.client, { ...ACCOUNT, clientId: OTHER_CLIENT_ID });
    return { calls, view: await makeRoom(process, operation, ACCOUNT, toPolicy({ mayRemove: [IDS[0]] })) };
  }

  it("believes the project's list when that shows a free slot, without a look at the account", async () => {
    const { view, calls } = await makeShared([first]);
    expect(view.secrets).toMatchObject([first]);
    expect(calls).toEqual(["list"]);
  });

  it("deletes nothing by that list: it looks at the account first, where a slot may be free by now", async () => {
    const { view, calls } = await makeShared([first, second], (held) => void held.splice(1));
    expect(view.secrets).toMatchObject([first]);
    expect(calls).toEqual(["list", "look"]);
  });
});

describe("makeRoom, when nothing may go", () => {
  it("refuses before any DELETE, and names both holders and the ways out", async () => {
    const { work, calls } = make([first, second], {}, {});
    await expect(work).rejects.toMatchObject({ code: "account-full", holders: [IDS[0], IDS[1]] });
    for (const text of [
      `Could not create a secret for service account ${CLIENT_ID} of project ${PROJECT_ID}`,
      IDS[0],
      IDS[1],
      "Ways out",
    ]) {
      await expect(work).rejects.toThrow(text);
    }
    expect(calls).toEqual(["look"]);
  });

  it.each(["current", "previous", "pending", "pending-deletion", "created-here"] as const)(
    "deletes no live secret that is %s, although mayRemove names it and the account is exclusive",
    async (role) => {
      const roles = role === "created-here" ? {} : { [IDS[0]]: role, [IDS[1]]: role };
      const { process, operation, calls } = createFakeAtlas([first, second], { roles });
      if (role === "created-here") for (const secret of [first, second]) process.known.noteCreated(CLIENT_ID, secret);
      const policy = toPolicy({ mayRemove: [IDS[0], IDS[1]], exclusive: true });
      const work = makeRoom(process, operation, ACCOUNT, policy);
      await expect(work).rejects.toMatchObject({ code: "account-full" });
      expect(calls).toEqual(["look"]);
    },
  );

  it("stops after two deletes when the slots fill up as fast as they are freed", async () => {
    const others = [first, toHeld({ ...expiringSoon, id: toId(7) }), toHeld({ ...expiringSoon, id: toId(8) })];
    const faults: Faults = {
      beforeLook: (held, look) => {
        if (held.length < 2) held.unshift(...others.slice(look - 1, look));
      },
    };
    const { work, calls, operation } = make([second], faults, { mayRemove: others.map(({ id }) => id) });
    await expect(work).rejects.toMatchObject({ code: "account-full", holders: [toId(8), IDS[1]] });
    await expect(work).rejects.toThrow(/fill up as fast as they are freed .*: somebody else creates secrets on it\.$/);
    expect(operation.deleted).toEqual([IDS[0], toId(7)]);
    expect(calls).toEqual(["look", DELETE, "look", `delete ${toId(7)}`, "look"]);
  });

  it("gives up a DELETE that answers 404 while the account still lists the secret", async () => {
    const { work, calls } = make([first, second], { delete: notFound });
    await expect(work).rejects.toMatchObject({ cause: notFound });
    expect(calls).toEqual(["look", DELETE, "look", DELETE]);
  });

  it.each([
    { name: "the mask shows its end", mask: "mdb_sa_sk_...wxyz", refused: true },
    { name: "the mask has no end", mask: "mdb_sa_sk_...", refused: true },
    { name: "there is no mask to tell", mask: undefined, refused: true },
    { name: "the mask shows another end", mask: "mdb_sa_sk_...qrst", refused: false },
  ])("never deletes what may be the own credential: $name, refused is $refused", async ({ mask, refused }) => {
    const target = { ...first, ...(mask !== undefined && { maskedSecretValue: mask }) };
    const { work, calls } = make([target, second], { credential: SECRET_VALUE });
    const result = await work.catch((error: unknown) => error);
    if (refused) expect(result).toMatchObject({ code: "account-full" });
    if (refused) expect(result).toHaveProperty("message", expect.stringContaining("mongodbatlas:clientSecret"));
    expect(calls.some((call) => call.startsWith("delete"))).toBe(!refused);
  });
});

describe("makeRoom, when a request fails", () => {
  it.each([
    { name: "a refusal", failure: new RejectionError("Not allowed.", { status: 403 }) },
    { name: "an ended engine", failure: new ConnectionError("Ended.", { noAnswer: "engine-gone" }, false) },
  ])("passes on $name of a DELETE at once, and says what it was for", async ({ failure }) => {
    const { work, calls } = make([first, second], { delete: failure });
    await expect(work).rejects.toThrow(expect.objectContaining({ cause: failure, code: failure.code }));
    await expect(work).rejects.toThrow(/Its slot was needed for the new secret\.$/);
    expect(calls).toEqual(["look", DELETE]);
  });

  it("tries an unanswered DELETE four times, each after a look, and gives up", async () => {
    const { work, calls, clock } = make([first, second], { delete: unanswered() });
    await expect(work).rejects.toThrow("No answer.");
    expect(calls).toEqual(Array.from({ length: 4 }, () => ["look", DELETE]).flat());
    expect(clock.slept).toEqual([1_000, 2_000, 4_000]);
  });

  it("does not send a DELETE again that was carried out without an answer", async () => {
    const { work, calls } = make([first, second], { delete: [{ error: unanswered(), done: true }] });
    expect((await work).secrets).toMatchObject([second]);
    expect(calls).toEqual(["look", DELETE, "look", "look"]);
  });

  it("looks again after a 429 to a DELETE, and gives up after four of them", async () => {
    const { work, calls } = make([first, second], { delete: new RateLimitError("Wait.", { status: 429 }) });
    await expect(work).rejects.toMatchObject({ code: "rate-limit" });
    expect(calls.filter((call) => call.startsWith("delete"))).toHaveLength(4);
  });

  it("passes on the failure of a look", async () => {
    const failure = new RejectionError("Could not read the account.", { status: 404 });
    const { work, calls } = make([], { look: failure });
    await expect(work).rejects.toBe(failure);
    expect(calls).toEqual(["look"]);
  });
});
