/** What happens after a creation without a usable answer: what is looked for, when it is deleted, and where it stops. */

import { GRACE_MS } from "../../../provider/src/account/lost-response.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { ConnectionError, RejectionError } from "../../../provider/src/errors.js";
import {
  ACCOUNT_TEXT,
  foreign,
  LOOKS,
  lost,
  old,
  settle,
  toBefore,
  toCommand,
  unanswered,
} from "../fixtures/lost-response.js";
import { BIRTH_MS, toView, withoutTime } from "../fixtures/values.js";

describe("settleLostResponse, when nothing is new", () => {
  it("looks at once and again after the grace pause, and then lets the creation be asked for again", async () => {
    const { message, calls, slept, lines } = await settle({ held: [old] });
    expect({ message, calls, slept, lines }).toEqual({
      message: undefined,
      calls: LOOKS,
      slept: [GRACE_MS],
      lines: [],
    });
    expect(GRACE_MS).toBe(30_000);
  });

  it.each([
    { name: "longer than the pause", seconds: 31, waitMs: 31_000 },
    { name: "as long as the pause", seconds: 30, waitMs: GRACE_MS },
    { name: "shorter than the pause", seconds: 7, waitMs: GRACE_MS },
    { name: "for no time", seconds: 0, waitMs: GRACE_MS },
  ])("looks first and then waits when Atlas asked to wait $name", async ({ seconds, waitMs }) => {
    const { message, calls, slept } = await settle({ held: [old], creation: { error: unanswered(seconds) } });
    expect({ message, calls, slept }).toEqual({ message: undefined, calls: LOOKS, slept: [waitMs] });
  });

  it("is not confused by what this operation deleted and Atlas still shows", async () => {
    const { message, calls } = await settle({ held: [old, foreign], deleted: [foreign.id] });
    expect({ message, calls }).toEqual({ message: undefined, calls: LOOKS });
  });
});

describe("settleLostResponse, when one new secret is evidently the lost one", () => {
  it("deletes it after the grace pause, with a line that names it", async () => {
    const { message, calls, slept, lines, held } = await settle({ held: [old, lost] });
    expect({ message, calls, slept }).toEqual({
      message: undefined,
      calls: [...LOOKS, `delete ${lost.id}`],
      slept: [GRACE_MS],
    });
    expect(held).toEqual([old.id]);
    expect(lines).toEqual([expect.stringContaining(`${ACCOUNT_TEXT}: secret ${lost.id}`)]);
  });

  it("deletes it also when it shows only at the second look", async () => {
    const { message, calls } = await settle({
      held: [old],
      beforeLook: (held, look) => {
        if (look === 2) held.push(lost);
      },
    });
    expect({ message, calls }).toEqual({ message: undefined, calls: [...LOOKS, `delete ${lost.id}`] });
  });

  it.each([
    { name: "the server's clock is ahead", serverAheadMs: HOUR_MS },
    { name: "the server's clock is behind", serverAheadMs: -HOUR_MS },
  ])("compares by the server's time: $name", async ({ serverAheadMs }) => {
    const createdAtMs = BIRTH_MS + serverAheadMs;
    const made = { ...lost, createdAtMs, expiresAtMs: createdAtMs + 720 * HOUR_MS };
    const before = toBefore({ serverAheadMs });
    expect((await settle({ held: [old, made], creation: { before } })).held).toEqual([old.id]);
    expect((await settle({ held: [old, lost], creation: { before } })).held).toEqual([old.id, lost.id]);
  });

  it("leaves one that was created while the request still waited to be sent", async () => {
    const { message, held } = await settle({
      held: [old, lost],
      creation: { sentMs: BIRTH_MS + 10_000, givenUpMs: BIRTH_MS + 11_000 },
    });
    expect(held).toEqual([old.id, lost.id]);
    expect(message).toContain("created before this request was sent");
  });

  it("remembers that it deleted it", async () => {
    expect((await settle({ held: [old, lost] })).operation.deleted).toEqual([lost.id]);
  });
});

describe("settleLostResponse, when a recorded secret shows only after the creation", () => {
  it("does not take it for the lost one", async () => {
    const { message, calls } = await settle({ held: [old, lost], roles: { [lost.id]: "current" } });
    expect({ message, calls }).toEqual({ message: undefined, calls: LOOKS });
  });
});

describe("settleLostResponse, when the outcome is ambiguous", () => {
  const inUse = (held: (typeof old)[], look: number) => {
    if (look === 2) held.splice(1, 1, { ...lost, lastUsedAtMs: BIRTH_MS + 20_000 });
  };
  const showsLate = (held: (typeof old)[], look: number) => {
    if (look === 2) held.push(lost);
  };

  it.each([
    { name: "more than one is new", scene: { held: [old, lost, foreign] }, suspects: [lost.id, foreign.id] },
    {
      name: "the number fits, but the old one is gone",
      scene: { held: [lost, foreign] },
      suspects: [lost.id, foreign.id],
    },
    {
      name: "the new one was made for another time",
      scene: { held: [old, { ...lost, expiresAtMs: BIRTH_MS + 8 * HOUR_MS }] },
      suspects: [lost.id],
    },
    {
      name: "the server told no time",
      scene: { held: [old, lost], creation: { before: withoutTime(toBefore()) } },
      suspects: [lost.id],
    },
    {
      name: "it is used within the pause",
      scene: { held: [old, lost], beforeLook: inUse },
      suspects: [lost.id],
    },
    {
      name: "somebody's shows first, and the lost one within the pause",
      scene: { held: [old, foreign], beforeLook: showsLate },
      suspects: [foreign.id, lost.id],
    },
  ])("stops with the ids and the commands and deletes nothing when $name", async ({ scene, suspects }) => {
    const { message = "", calls } = await settle(scene);
    expect(calls).toEqual(LOOKS);
    expect(message).toContain(`Could not create a secret for ${ACCOUNT_TEXT}.`);
    for (const id of suspects) expect(message).toContain(id);
    expect(message).not.toContain(toCommand(old.id));
    expect(message).toContain("Nothing of that was deleted");
    expect(message).toContain("The next 'pulumi up'");
  });

  it.each([
    { name: "the first look", look: [new RejectionError("Not allowed.", { status: 403 })], looks: 1 },
    { name: "the second look", look: [undefined, new ConnectionError("No answer.", {}, false)], looks: 2 },
  ])("stops when $name fails, and says what may be on the account and how to know it", async ({ look, looks }) => {
    const { message = "", calls } = await settle({ held: [old, lost], look });
    expect(calls).toEqual(Array.from({ length: looks }, () => "look"));
    for (const text of [
      `Could not create a secret for ${ACCOUNT_TEXT}.`,
      look.at(-1)?.message ?? "",
      `${ACCOUNT_TEXT} may hold a secret for 720 h`,
      `besides ${old.id}`,
      "The next 'pulumi up' looks first",
    ]) {
      expect(message).toContain(text);
    }
  });

  it("stops when no time is left for the pause, and does not wait", async () => {
    const error = unanswered(3_601);
    const {
      message = "",
      calls,
      slept,
    } = await settle({ held: [], creation: { error, before: toView([], { serverAheadMs: HOUR_MS }) } });
    expect(calls).toEqual(["look"]);
    expect(slept).toEqual([]);
    expect(message).toContain("No time was left");
    expect(message).toContain("may hold a secret for 720 h, created at about 2026-03-01T09:00:00Z and never used.");
    expect(message).not.toContain("New on it at once");
  });

  it.each([
    { name: "when no time is left for a second one", error: unanswered(3_601), look: [] },
    { name: "when the second one fails", error: unanswered(), look: [undefined, new RejectionError("No.", {})] },
  ])("names what the first look found new, with the command, $name", async ({ error, look }) => {
    const { message = "" } = await settle({ held: [old, foreign], look, creation: { error } });
    expect(message).toContain("may hold a secret for 720 h");
    expect(message).toContain(`New on it at once was ${foreign.id}`);
    expect(message).toContain(toCommand(foreign.id));
    expect(message).not.toContain(toCommand(old.id));
  });

  it("names all that the first look found new, and gives no command for one in use", async () => {
    const used = { ...lost, lastUsedAtMs: BIRTH_MS };
    const { message = "" } = await settle({ held: [old, foreign, used], creation: { error: unanswered(3_601) } });
    expect(message).toContain(`New on it at once were ${foreign.id}`);
    expect(message).toContain(used.id);
    expect(message).toContain(toCommand(foreign.id));
    expect(message).not.toContain(toCommand(used.id));
  });

  it("names what this operation had deleted before", async () => {
    const { message } = await settle({ held: [old, lost, foreign], deleted: ["d".repeat(24)] });
    expect(message).toContain(`Deleted before that: ${"d".repeat(24)}.`);
  });
});

describe("settleLostResponse, when the outcome is ambiguous, about the way out", () => {
  const used = { ...foreign, lastUsedAtMs: BIRTH_MS };

  it("ends with a command for each new secret that nobody uses, and none for one in use", async () => {
    const { message = "" } = await settle({ held: [old, lost, used] });
    expect(message).toContain(`In 10 minutes, '${toCommand(lost.id)}' deletes it after looking`);
    expect(message).not.toContain(toCommand(used.id));
  });

  it("gives no command when all of them are in use", async () => {
    const { message = "" } = await settle({ held: [old, used] });
    expect(message).toContain(used.id);
    expect(message).not.toContain("atlas-secrets remove");
  });
});
