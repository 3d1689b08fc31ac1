/** Two stacks that wrongly manage the same account, over two months of daily runs: they stop with an error and break nothing. */
import { HOUR_MS } from "../../provider/src/clock.js";
import { createRotatingWorld } from "../provider/fixtures/rotating-world.js";
import type { ModelStack } from "./model-stack.js";

const DAY_MS = 24 * HOUR_MS;
const DAYS = 60;

/** What came of one run. */
interface Run {
  readonly day: number;
  readonly stack: string;
  readonly errors: readonly string[];
  /** What the account held before and after. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Ids of what had expired by then. */
  readonly expired: readonly string[];
}

async function runDaily(isRefreshed: boolean): Promise<Run[]> {
  const world = await createRotatingWorld();
  const stacks: readonly ModelStack[] = [world.stack, world.addStack("other")];
  for (const stack of stacks) expect((await stack.up(world.toProgram())).errors).toEqual([]);
  const held = async () => {
    const { accounts } = await world.atlas.control.inventory();
    return accounts.find(({ clientId }) => clientId === world.clientId)?.secrets ?? [];
  };
  const runs: Run[] = [];
  for (let day = 1; day <= DAYS; day++) {
    await world.atlas.clock.sleep(DAY_MS);
    for (const stack of stacks) {
      const before = await held();
      const { errors } = await stack.up(world.toProgram(), undefined, { isRefreshedFirst: isRefreshed });
      const after = await held();
      const expired = before.filter(({ expiresAt }) => Date.parse(expiresAt) <= world.atlas.clock.now());
      const toIds = (secrets: readonly { id: string }[]) => secrets.map(({ id }) => id);
      runs.push({
        ...{ day, stack: stack.name, errors },
        ...{ before: toIds(before), after: toIds(after), expired: toIds(expired) },
      });
    }
  }
  expect(world.atlas.contract.problems).toEqual([]);
  return runs;
}

describe.each([
  // A refresh shows at once that the other's creation shortened the own secret; without one a stack learns it when it is due.
  { name: "up --refresh", isRefreshed: true, leastDaysStopped: 50 },
  { name: "up", isRefreshed: false, leastDaysStopped: 8 },
])("two stacks on one account, each with a daily $name", ({ isRefreshed, leastDaysStopped }) => {
  let runs: readonly Run[];

  beforeAll(async () => {
    runs = await runDaily(isRefreshed);
  });

  it("never delete what lives", () => {
    for (const { before, after, expired } of runs) {
      expect(before.filter((id) => !after.includes(id) && !expired.includes(id))).toEqual([]);
    }
  });

  it("make a new secret only where one has expired, which takes a week or more", () => {
    const rotated = runs.filter(({ before, after }) => after.some((id) => !before.includes(id)));
    expect(rotated.length).toBeGreaterThan(1);
    for (const { expired } of rotated) expect(expired).toHaveLength(1);
    const days = rotated.map(({ day }) => day);
    for (const [index, day] of days.slice(1).entries()) expect(day - Number(days[index])).toBeGreaterThanOrEqual(6);
  });

  it("stop meanwhile with an error that names both holders and the ways out", () => {
    const stopped = runs.filter(({ errors }) => errors.length > 0);
    expect(new Set(stopped.map(({ day }) => day)).size).toBeGreaterThanOrEqual(leastDaysStopped);
    for (const { errors, before } of stopped) {
      for (const text of [...before, "both slots are taken", "Ways out"]) expect(errors.join("\n")).toContain(text);
    }
  });
});
