/** Verdicts do not depend on the time zone of the machine: processes in several zones, around changes of their clocks. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { HOUR_MS, toIsoTime } from "../../../provider/src/clock.js";
import { decideRotation } from "../../../provider/src/rotation/rotating.js";
import { DESIRED_ROTATION, IDS, OVERLAPPING } from "../fixtures/values.js";

/** Instants at which some zone skips or repeats an hour, or half an hour, and a leap day. */
const CHANGES = ["2026-03-08T07:00:00Z", "2026-03-29T01:00:00Z", "2026-04-04T15:00:00Z", "2026-10-25T01:00:00Z"].concat(
  "2028-02-29T00:00:00Z",
);

function decideIn(timeZone: string, dueMs: number) {
  const expiresAtMs = dueMs + 240 * HOUR_MS;
  const current = { ...OVERLAPPING.current, secretId: IDS[0], issuedForHours: 720, grantedHours: 720, expiresAtMs };
  const recorded = { ...OVERLAPPING, current: { ...current, issuedForTriggers: DESIRED_ROTATION.triggers } };
  const { previous: _, ...alone } = recorded;
  const times = [dueMs - 1000, dueMs, expiresAtMs - 1000, expiresAtMs].map(toIsoTime);
  const given = JSON.stringify({ recorded: alone, desired: DESIRED_ROTATION, times });
  const text = execFileSync(process.execPath, [join(__dirname, "decide-in-zone.cjs"), given], {
    env: { TZ: timeZone },
    encoding: "utf8",
  });
  const here = times.map((time) => decideRotation(alone, DESIRED_ROTATION, Date.parse(time)));
  return { ...(JSON.parse(text) as { timeZone: string; verdicts: unknown; written: unknown }), here, times };
}

describe.each(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])("decideRotation in %s", (zone) => {
  it.each(CHANGES)("decides to the second as anywhere, due at %s", (due) => {
    const { timeZone, verdicts, written, here, times } = decideIn(zone, Date.parse(due));
    expect(timeZone).toBe(zone);
    expect(here.map(({ reason }) => reason)).toEqual([
      "UpToDate",
      "InsideRotationWindow",
      "InsideRotationWindow",
      "Expired",
    ]);
    expect(verdicts).toEqual(here);
    expect(written).toEqual(times);
  });
});
