/** What is said of live secrets that this run does not record, and the command that deletes one. */

import type { Look } from "../../../provider/src/account/look.js";
import { describeStrays, findOrphanAdvice, toDeleteCommand } from "../../../provider/src/account/strays.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import type { HeldSecret } from "../../../provider/src/rotation/slot.js";
import { REQUEST } from "../fixtures/fake-atlas.js";
import { BIRTH_MS, CLIENT_ID, createFakeClock, IDS, PROJECT_ID, toHeld, toPolicy } from "../fixtures/values.js";

const COMMAND = `atlas api serviceAccounts deleteGroupSecret --groupId ${PROJECT_ID} --clientId ${CLIENT_ID} --secretId ${IDS[0]}`;

/** What a run for 720 hours can have left an hour ago. */
const left = toHeld({ createdAtMs: BIRTH_MS - HOUR_MS, expiresAtMs: BIRTH_MS + 719 * HOUR_MS });
const used = { ...left, lastUsedAtMs: BIRTH_MS };
const other = { ...left, expiresAtMs: BIRTH_MS + 500 * HOUR_MS };

/** What is said of one secret, recorded or not, when the server's clock is ahead of ours by so much. */
function say(secret: HeldSecret, recordedIds: readonly string[] = [], serverAheadMs: number | undefined = 0) {
  const look: Look = serverAheadMs === undefined ? { held: [secret] } : { held: [secret], serverAheadMs };
  const request = { ...REQUEST, toPolicy: () => toPolicy({ recordedIds: new Set(recordedIds) }) };
  const clock = createFakeClock();
  return {
    lines: describeStrays(request, look, clock),
    advice: findOrphanAdvice(request, look, clock.now() + (serverAheadMs ?? 0)),
  };
}

describe("describeStrays", () => {
  it("names the account and the secret with its times", () => {
    const { lines } = say(used);
    expect(lines).toHaveLength(1);
    for (const text of [CLIENT_ID, PROJECT_ID, IDS[0], "2026-03-01T07:00:00Z", "last used 2026-03-01T08:00:00Z"]) {
      expect(lines[0]).toContain(text);
    }
  });

  it("says nothing of a secret that is recorded", () => {
    expect(say(left, [IDS[0]])).toEqual({ lines: [], advice: "" });
  });

  it.each([
    { name: "it expires in a millisecond", expiresAtMs: BIRTH_MS + 1, serverAheadMs: 0, count: 1 },
    { name: "it expires now", expiresAtMs: BIRTH_MS, serverAheadMs: 0, count: 0 },
    { name: "it has expired by the server's clock", expiresAtMs: BIRTH_MS + 1, serverAheadMs: 1, count: 0 },
    { name: "only our clock tells the time", expiresAtMs: BIRTH_MS + 1, serverAheadMs: undefined, count: 1 },
  ])("counts $count when $name", ({ expiresAtMs, serverAheadMs, count }) => {
    expect(say({ ...left, expiresAtMs }, [], serverAheadMs).lines).toHaveLength(count);
  });

  it("gives one line for each", () => {
    const look = { held: [left, { ...used, id: IDS[1] }] };
    const lines = describeStrays(REQUEST, look, createFakeClock());
    expect(lines.map((line) => [IDS[0], IDS[1]].filter((id) => line.includes(id)))).toEqual([[IDS[0]], [IDS[1]]]);
  });

  it.each([
    { name: "a killed run can have left it", secret: left, advised: true },
    { name: "it is in use", secret: used, advised: false },
    { name: "it was made for another time", secret: other, advised: false },
  ])("tells how to be rid of it only when a killed run can have left it: $name", ({ secret, advised }) => {
    const { lines, advice } = say(secret);
    for (const text of [lines.join(), advice]) {
      expect(text.includes(COMMAND)).toBe(advised);
      expect(text.includes("mayRemove")).toBe(advised);
    }
  });
});

describe("findOrphanAdvice", () => {
  it("is empty when there is nothing to advise", () => {
    expect(say(used).advice).toBe("");
  });
});

describe("toDeleteCommand", () => {
  it.each([
    { level: "project" as const, command: "deleteGroupSecret", owner: "groupId" },
    { level: "organization" as const, command: "deleteOrgSecret", owner: "orgId" },
  ])("is the Atlas CLI's for a $level", ({ level, command, owner }) => {
    const account = { level, ownerId: PROJECT_ID, clientId: CLIENT_ID };
    expect(toDeleteCommand(account, IDS[0])).toBe(
      `atlas api serviceAccounts ${command} --${owner} ${PROJECT_ID} --clientId ${CLIENT_ID} --secretId ${IDS[0]}`,
    );
  });
});
