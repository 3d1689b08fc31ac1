/** What is said of live secrets of which the engine told this run nothing. */
import { reportUntracked } from "../../../provider/src/account/creation.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import type { ViewedSecret } from "../../../provider/src/rotation/account-view.js";
import { createFakeAtlas } from "../fixtures/fake-atlas.js";
import { toCommand } from "../fixtures/lost-response.js";
import { BIRTH_MS, CLIENT_ID, IDS, PROJECT_ID, toView, toViewed } from "../fixtures/values.js";

const stranger = toViewed({
  createdAtMs: BIRTH_MS - HOUR_MS,
  expiresAtMs: BIRTH_MS + 719 * HOUR_MS,
  lastUsedAtMs: BIRTH_MS,
});

function say(secrets: readonly ViewedSecret[], serverAheadMs: number | undefined = 0): string[] {
  const { process, operation, lines } = createFakeAtlas([]);
  const { serverAheadMs: _, ...view } = toView(secrets);
  reportUntracked(process, operation, serverAheadMs === undefined ? view : { ...view, serverAheadMs });
  return lines;
}

describe("reportUntracked", () => {
  it("names the account, the secret with its times, and the command that looks before it deletes", () => {
    const [line, ...more] = say([stranger]);
    expect(more).toEqual([]);
    for (const text of [CLIENT_ID, PROJECT_ID, IDS[0], "2026-03-01T07:00:00Z", "last used 2026-03-01T08:00:00Z"]) {
      expect(line).toContain(text);
    }
    expect(line).toContain(
      `If no state records it and nobody uses it, '${toCommand(IDS[0])}' deletes it after looking.`,
    );
  });

  it.each(["current", "previous", "pending", "pending-deletion", "created-here"] as const)(
    "says nothing of a secret that is %s",
    (role) => {
      expect(say([{ ...stranger, role }])).toEqual([]);
    },
  );

  it.each([
    { name: "it expires in a millisecond", expiresAtMs: BIRTH_MS + 1, serverAheadMs: 0, count: 1 },
    { name: "it expires now", expiresAtMs: BIRTH_MS, serverAheadMs: 0, count: 0 },
    { name: "it has expired by the server's clock", expiresAtMs: BIRTH_MS + 1, serverAheadMs: 1, count: 0 },
    { name: "only our clock tells the time", expiresAtMs: BIRTH_MS + 1, serverAheadMs: undefined, count: 1 },
  ])("says $count lines when $name", ({ expiresAtMs, serverAheadMs, count }) => {
    expect(say([{ ...stranger, expiresAtMs }], serverAheadMs)).toHaveLength(count);
  });

  it("gives one line for each", () => {
    const lines = say([stranger, { ...stranger, id: IDS[1] }]);
    expect(lines.map((line) => [IDS[0], IDS[1]].filter((id) => line.includes(id)))).toEqual([[IDS[0]], [IDS[1]]]);
  });

  it("offers no deletion of what may be the provider's own credential", () => {
    const [line] = say([{ ...stranger, mayBeCredential: true }]);
    expect(line).toContain(IDS[0]);
    expect(line).not.toContain("atlas-secrets remove");
  });
});
