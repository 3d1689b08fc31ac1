/** Making room on an account: what is deleted, after which look, and where it stops. */

import type { IssuanceRequest } from "../../../provider/src/account/context.js";
import { makeRoom } from "../../../provider/src/account/room.js";
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { ConnectionError, RateLimitError, RejectionError } from "../../../provider/src/errors.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { createFakeAtlas, REQUEST } from "../fixtures/fake-atlas.js";
import { BIRTH_MS, CLIENT_ID, IDS, PROJECT_ID, SECRET_VALUE, toHeld, toPolicy } from "../fixtures/values.js";

const removable: IssuanceRequest = { ...REQUEST, toPolicy: () => toPolicy({ mayRemove: [IDS[0]] }) };
const expiringSoon = { createdAtMs: BIRTH_MS - HOUR_MS, expiresAtMs: BIRTH_MS + HOUR_MS };
const first = toHeld(expiringSoon);
const second = toHeld({ ...expiringSoon, id: IDS[1] });
const notFound = new RejectionError("Not found.", { status: 404 });
const unanswered = () => new ConnectionError("No answer.", {}, true);

describe("makeRoom", () => {
  it("gives the look that shows a free slot, and deletes nothing for it", async () => {
    const { context, calls } = createFakeAtlas([first], { serverAheadMs: 5_000 });
    expect(await makeRoom(removable, context)).toEqual({ held: [first], serverAheadMs: 5_000 });
    expect(calls).toEqual(["look"]);
  });

  it("deletes what may go and looks again, with a line that names it", async () => {
    const { context, calls, lines } = createFakeAtlas([first, second]);
    const { held } = await makeRoom(removable, context);
    expect(held).toEqual([second]);
    expect(calls).toEqual(["look", `delete ${IDS[0]}`, "look"]);
    expect(lines).toEqual([expect.stringContaining(`secret ${IDS[0]}`)]);
    expect(lines[0]).toContain(`service account ${CLIENT_ID} of project ${PROJECT_ID}`);
  });

  it("goes on when Atlas still shows what it said to have deleted", async () => {
    const { context, calls } = createFakeAtlas([first, second], {
      beforeLook: (held, look) => {
        if (look === 2) held.unshift(first);
      },
    });
    expect((await makeRoom(removable, context)).held).toEqual([second]);
    expect(calls).toEqual(["look", `delete ${IDS[0]}`, "look"]);
  });

  it("goes on when somebody else deleted it in between", async () => {
    const { context, calls } = createFakeAtlas([first, second], {
      delete: notFound,
      beforeLook: (held, look) => {
        if (look === 2) held.shift();
      },
    });
    expect((await makeRoom(removable, context)).held).toEqual([second]);
    expect(calls).toEqual(["look", `delete ${IDS[0]}`, "look"]);
  });

  it.each([
    { name: "ten minutes after its expiry", hasServerTime: true, serverAheadMs: 0, minutes: 10, deleted: true },
    { name: "a minute earlier", hasServerTime: true, serverAheadMs: 0, minutes: 9, deleted: false },
    {
      name: "by the server's clock, which is ahead",
      hasServerTime: true,
      serverAheadMs: MINUTE_MS,
      minutes: 9,
      deleted: true,
    },
    {
      name: "by the server's clock, which is behind",
      hasServerTime: true,
      serverAheadMs: -MINUTE_MS,
      minutes: 10,
      deleted: false,
    },
    {
      name: "without a word of the server's time",
      hasServerTime: false,
      serverAheadMs: 0,
      minutes: 10,
      deleted: false,
    },
  ])(
    "judges an expired secret by the server's time: $name, deleted is $deleted",
    async ({ minutes, deleted, ...faults }) => {
      const expired = toHeld({ expiresAtMs: BIRTH_MS - minutes * MINUTE_MS });
      const { context, calls } = createFakeAtlas([expired, second], faults);
      const result = await makeRoom(REQUEST, context).catch((error: unknown) => error);
      expect(calls.includes(`delete ${IDS[0]}`)).toBe(deleted);
      if (!deleted) expect(result).toMatchObject({ code: "account-full" });
    },
  );

  it("judges expiry anew by the look after a DELETE that failed, and leaves a secret that lives by then", async () => {
    const expired = toHeld({ expiresAtMs: BIRTH_MS - 10 * MINUTE_MS });
    const { context, calls } = createFakeAtlas([expired, second], {
      delete: unanswered(),
      beforeLook: (held, look) => {
        if (look === 2) held.splice(0, 1, { ...expired, expiresAtMs: BIRTH_MS + HOUR_MS });
      },
    });
    await expect(makeRoom(REQUEST, context)).rejects.toMatchObject({ code: "account-full" });
    expect(calls.filter((call) => call.startsWith("delete"))).toHaveLength(1);
  });
});

describe("makeRoom, when nothing may go", () => {
  it("refuses before any DELETE, and names both holders, the ways out and the next run", async () => {
    const { context, calls } = createFakeAtlas([first, second]);
    const work = makeRoom(REQUEST, context);
    await expect(work).rejects.toMatchObject({ code: "account-full", holders: [IDS[0], IDS[1]] });
    for (const text of [
      `Could not create a secret for service account ${CLIENT_ID} of project ${PROJECT_ID}`,
      IDS[0],
      IDS[1],
      "Ways out",
      "Nothing was created.",
      "The next 'pulumi up'",
    ]) {
      await expect(work).rejects.toThrow(text);
    }
    expect(calls).toEqual(["look"]);
  });

  it("gives the command that deletes what a killed run can have left, and none for others", async () => {
    const orphan = toHeld({ id: IDS[1], createdAtMs: BIRTH_MS - HOUR_MS, expiresAtMs: BIRTH_MS + 719 * HOUR_MS });
    const { context } = createFakeAtlas([first, orphan]);
    const error = await makeRoom(REQUEST, context).catch((failure: Error) => failure);
    const message = error instanceof Error ? error.message : "";
    expect(message).toContain(`--secretId ${IDS[1]}' and 'pulumi up'.`);
    expect(message).not.toContain(`--secretId ${IDS[0]}`);
  });

  it("stops after two deletes when the slots fill up as fast as they are freed", async () => {
    const others = [IDS[0], "b".repeat(24), "c".repeat(24)].map((id) => toHeld({ ...expiringSoon, id }));
    const { context, calls } = createFakeAtlas([first, second], {
      beforeLook: (held, look) => {
        if (held.length < 2) held.unshift(...others.slice(look - 1, look));
      },
    });
    const request = { ...REQUEST, toPolicy: () => toPolicy({ mayRemove: others.map(({ id }) => id) }) };
    const work = makeRoom(request, context);
    await expect(work).rejects.toMatchObject({ code: "account-full", holders: ["c".repeat(24), IDS[1]] });
    await expect(work).rejects.toThrow(`Deleted before that: ${IDS[0]} and ${"b".repeat(24)}.`);
    expect(calls).toEqual(["look", `delete ${IDS[0]}`, "look", `delete ${"b".repeat(24)}`, "look"]);
  });

  it("stops after two deletes also when each answers 404 while the account still lists the secret", async () => {
    const { context, calls } = createFakeAtlas([first, second], { delete: notFound });
    await expect(makeRoom(removable, context)).rejects.toMatchObject({ code: "account-full" });
    expect(calls).toEqual(["look", `delete ${IDS[0]}`, "look", `delete ${IDS[0]}`, "look"]);
  });

  it.each([
    { name: "the mask shows its end", mask: "mdb_sa_sk_...wxyz", refused: true },
    { name: "there is no mask to tell", mask: undefined, refused: true },
    { name: "the mask shows another end", mask: "mdb_sa_sk_...qrst", refused: false },
  ])("never deletes what may be the configured credential: $name, refused is $refused", async ({ mask, refused }) => {
    const target = { ...first, ...(mask !== undefined && { maskedSecretValue: mask }) };
    const { context, calls } = createFakeAtlas([target, second]);
    const configured = { clientId: CLIENT_ID, secret: new Sensitive(SECRET_VALUE) };
    const result = await makeRoom(removable, { ...context, configured }).catch((error: unknown) => error);
    if (refused) expect(result).toMatchObject({ code: "configured-credential" });
    if (refused) expect(result).toHaveProperty("message", expect.stringContaining("Nothing was created."));
    expect(calls.some((call) => call.startsWith("delete"))).toBe(!refused);
  });
});

describe("makeRoom, when a request fails", () => {
  it.each([
    { name: "a refusal", failure: new RejectionError("Not allowed.", { status: 403 }) },
    { name: "an ended engine", failure: new ConnectionError("Ended.", { noAnswer: "engine-gone" }, false) },
  ])("passes on $name of a DELETE at once, and says that nothing was created", async ({ failure }) => {
    const { context, calls } = createFakeAtlas([first, second], { delete: failure });
    const work = makeRoom(removable, context);
    await expect(work).rejects.toThrow(expect.objectContaining({ code: failure.code }));
    await expect(work).rejects.toThrow(/Its slot was needed for the new secret\. Nothing was created\./);
    expect(calls).toEqual(["look", `delete ${IDS[0]}`]);
  });

  it("tries an unanswered DELETE four times, each after a look, and gives up", async () => {
    const { context, calls, clock } = createFakeAtlas([first, second], { delete: unanswered() });
    await expect(makeRoom(removable, context)).rejects.toThrow("No answer.");
    expect(calls).toEqual(Array.from({ length: 4 }, () => ["look", `delete ${IDS[0]}`]).flat());
    expect(clock.slept).toEqual([1_000, 2_000, 4_000]);
  });

  it("does not send a DELETE again that was carried out without an answer", async () => {
    const { context, calls } = createFakeAtlas([first, second], { delete: [{ error: unanswered(), done: true }] });
    expect((await makeRoom(removable, context)).held).toEqual([second]);
    expect(calls).toEqual(["look", `delete ${IDS[0]}`, "look"]);
  });

  it("looks again after a 429 to a DELETE, and gives up after four of them", async () => {
    const { context, calls } = createFakeAtlas([first, second], {
      delete: new RateLimitError("Wait.", { status: 429 }),
    });
    await expect(makeRoom(removable, context)).rejects.toMatchObject({ code: "rate-limit" });
    expect(calls.filter((call) => call.startsWith("delete"))).toHaveLength(4);
  });

  it("says that nothing was created when the first look fails", async () => {
    const failure = new RejectionError("Could not read the account.", { status: 404 });
    const { context, calls } = createFakeAtlas([], { look: failure });
    await expect(makeRoom(REQUEST, context)).rejects.toThrow("Could not read the account. Nothing was created.");
    expect(calls).toEqual(["look"]);
  });

  it("names what it has deleted when the look after that fails", async () => {
    const failure = new ConnectionError("No answer.", {}, false);
    const { context } = createFakeAtlas([first, second], { look: [undefined, failure] });
    await expect(makeRoom(removable, context)).rejects.toThrow(
      `No answer. Nothing was created. Deleted before that: ${IDS[0]}. The next 'pulumi up' starts afresh.`,
    );
  });
});
