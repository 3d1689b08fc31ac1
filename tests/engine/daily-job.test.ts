/** The daily job as its guide gives it: one account that cannot be read keeps no other from rotating, and the job fails. */
import { closeWorlds, createWorld, HOUR_MS, type World } from "../helpers/atlas.js";
import { dailyJob } from "../helpers/daily-job.js";

const CLASSES = { single: "ProjectServiceAccountSecret", rotating: "RotatingProjectServiceAccountSecret" } as const;
const DUE_MS = 21 * 24 * HOUR_MS;

let world: World;

beforeEach(async () => {
  world = await createWorld();
  // Where lists show no secrets each account is read by itself.
  await world.atlas.setSwitches({ listHoldsSecrets: false });
});
afterEach(closeWorlds);

const names = Object.keys(CLASSES).flatMap((kind) => ["good", "broken", "fine"].map((state) => `${kind}-${state}`));

const runJob = () => world.stack.shell(dailyJob);

type Recorded = Awaited<ReturnType<World["recordedAll"]>>;

/** Names of those whose secret is another one than before. */
const changedIn = (before: Recorded, after: Recorded) =>
  names.filter((name) => after[name]?.secretId !== before[name]?.secretId);

describe("the daily job", () => {
  it("rotates every account but those that Atlas refuses to show, fails, and rotates these once they can be read", async () => {
    for (const name of names) await world.addAccount(name);
    const { secrets } = world.programOf(Object.fromEntries(names.map((name) => [name, {}])));
    const withClass = Object.entries(secrets).map(([name, declared]) => {
      return [name, { ...declared, class: name.startsWith("single") ? CLASSES.single : CLASSES.rotating }];
    });
    world.stack.setEnv({ PROGRAM: JSON.stringify({ consumers: true, secrets: Object.fromEntries(withClass) }) });
    expect(await runJob()).toMatchObject({ code: 0 });
    const first = await world.recordedAll();
    expect(names.map((name) => first[name]?.secretId)).toEqual(names.map(() => expect.any(String)));

    await world.advance(DUE_MS);
    const broken = names.filter((name) => name.endsWith("broken"));
    for (const name of broken) {
      const match = { operation: "getAccount", clientId: world.clientIdOf(name) } as const;
      const body = { error: 403, errorCode: "ACCESS_FORBIDDEN", reason: "Forbidden", detail: "Fake." };
      await world.atlas.addFault({ kind: "status", status: 403, body, match, times: "always" });
    }
    const { code, text } = await runJob();
    expect([code === 0, text]).toEqual([false, expect.stringContaining("403 ACCESS_FORBIDDEN")]);
    for (const name of broken) expect(text).toContain(world.clientIdOf(name));
    const second = await world.recordedAll();
    expect(changedIn(first, second)).toEqual(names.filter((name) => !broken.includes(name)));
    for (const name of names) expect([name, await world.signIn(second[name]?.secret, name)]).toEqual([name, true]);

    await world.atlas.clearFaults();
    expect(await runJob()).toMatchObject({ code: 0 });
    expect(changedIn(second, await world.recordedAll())).toEqual(broken);
  });

  it.each(["refresh", "up"])("fails when only '%s' fails", async (failing) => {
    const script = `pulumi() { [ "$1" != ${failing} ]; }\n${dailyJob}`;
    expect((await world.stack.shell(script)).code).toBe(1);
    expect((await world.stack.shell(`pulumi() { :; }\n${dailyJob}`)).code).toBe(0);
  });
});
