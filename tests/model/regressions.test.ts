/**
 * Sequences that once led to what must not be, cut down to what it takes. Each is plain data and named for what went wrong; the
 * random ones, among which more are found, are in sequences.test.ts.
 */
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET } from "pulumi-atlas-secrets-simulator";
import { createRotatingWorld } from "../provider/fixtures/rotating-world.js";
import { createBothHandlers } from "./both-handlers.js";
import { playToEnd } from "./ending.js";
import { ModelStack } from "./model-stack.js";
import { findOffers } from "./offers.js";
import { findRemoveCommands, followRemoveCommands, runRemove } from "./remove-command.js";
import { fetchTruth } from "./somebody.js";
import { type Declared, type RunStep, type Sequence, type Setup, type Step, UNDISTURBED_UP } from "./steps.js";
import { type Team, World } from "./world.js";

const DECLARED: Declared = {
  account: "first",
  isElsewhere: false,
  hours: 720,
  window: "default",
  trigger: 0,
  verify: true,
  reclaimExpired: true,
  exclusive: false,
  isRotating: false,
  overlapHours: 24,
  quietHours: 24,
};

const SETUP: Setup = {
  switches: {},
  signIns: ["administrator", "administrator"],
  initialSecrets: [],
  first: [DECLARED],
  second: [],
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** An `up` of the first stack that nothing disturbs, but for what is given. */
function run(changes: Partial<RunStep> = {}): RunStep {
  return { ...UNDISTURBED_UP, stack: 0, ...changes };
}

/** Somebody deletes the secret of the account `first` that is newest of two. */
const DELETE_NEWEST: Step = { kind: "foreign", foreign: { what: "delete", account: "first", pick: 1 } };

const REFUSED_ONCE = { fault: { kind: "refuse" }, operation: "createSecret", skip: 0, times: 1 } as const;
const KILLED_AT_5 = { kill: { atRequest: 5, what: "engine" } } as const;
const USE_PROVIDER = { what: "use", account: "provider", pick: 0 } as const;
const CREATE_PROVIDER = { what: "create", account: "provider", hours: 8, isUsed: false } as const;
const TOO_MANY = {
  fault: { kind: "status", status: 429, headers: { "retry-after": "0" } },
  operation: undefined,
  skip: 1,
  times: 3,
} as const;

const SEQUENCES: Readonly<Record<string, Sequence>> = {
  "exclusive took a secret for nobody's that a replacement on request had not told of": {
    setup: { ...SETUP, first: [{ ...DECLARED, exclusive: true }], initialSecrets: ["first"] },
    steps: [
      { kind: "wait", ms: 15 * MINUTE_MS },
      { kind: "foreign", foreign: { what: "use", account: "first", pick: 0 } },
      run(),
      { kind: "wait", ms: 15 * MINUTE_MS },
      run({ command: "up --replace" }),
    ],
  },
  "a resource could never go whose previous secret was gone, when the provider signs in with another one of the account":
    {
      setup: {
        ...SETUP,
        signIns: ["own-account", "administrator"],
        first: [{ ...DECLARED, account: "provider", isRotating: true }],
      },
      steps: [
        run(),
        { kind: "sign-in", stack: 0, to: "recorded" },
        { kind: "foreign", foreign: { what: "delete", account: "provider", pick: 0 } },
        run({ change: { what: "trigger" } }),
        { kind: "foreign", foreign: { what: "delete", account: "provider", pick: 0 } },
        { kind: "sign-in", stack: 0, to: "fresh" },
        run({ change: { what: "account", account: "first" } }),
      ],
    },
  "the record of the previous secret was lost when the current one was deleted a moment after its creation": {
    setup: { ...SETUP, first: [{ ...DECLARED, isRotating: true }] },
    steps: [run(), run({ change: { what: "trigger" } }), DELETE_NEWEST, run({ change: { what: "trigger" } })],
  },
  "what a killed replacement left was never named, when the pending secret was proven and the account changed next": {
    setup: {
      ...SETUP,
      switches: { valueWorksAfterSeconds: 60 },
      second: [{ ...DECLARED, account: "second", hours: 8, isRotating: true, overlapHours: 0 }],
    },
    steps: [
      run({ stack: 1 }),
      run({ stack: 1, command: "up --replace", kill: { atRequest: 3, what: "engine" } }),
      { kind: "wait", ms: 2 * MINUTE_MS },
      run({ stack: 1 }),
      run({ stack: 1, change: { what: "account", account: "shared" } }),
    ],
  },
  "the previous secret went inside its overlap, to make room, when the machine's clock was ahead": {
    setup: { ...SETUP, first: [{ ...DECLARED, isRotating: true, hours: 168, overlapHours: 112 }] },
    steps: [
      run(),
      run({ change: { what: "trigger" } }),
      { kind: "wait", ms: 100 * HOUR_MS },
      { kind: "skew", ms: 48 * HOUR_MS },
      run(),
    ],
  },
  "a text offered the replaced secret that its consumers still used, when triggers changed again": {
    setup: SETUP,
    steps: [
      run(),
      run({ change: { what: "trigger" }, failsDependents: true }),
      run({ change: { what: "trigger" } }),
      { kind: "follow", stack: 0 },
      { kind: "use" },
    ],
  },
  "a text offered the live secret of a resource with --replace, with both slots taken": toUntold([
    run({ command: "up --replace" }),
  ]),
  "a text offered the live secret of a tainted resource, with both slots taken": toUntold([
    run({ change: { what: "taint" } }),
  ]),
  "a text offered the live secret of a renamed resource, with both slots taken": toUntold([
    run({ change: { what: "rename" } }),
  ]),
  "a text offered the live secret of a resource that became a rotating one, with both slots taken": toUntold([
    run({ change: { what: "isRotating" } }),
  ]),
  "the previous secret went while it was in use, since by the machine's clock the current one expired soon": {
    setup: { ...SETUP, first: [{ ...DECLARED, hours: 9, isRotating: true, overlapHours: 0 }] },
    steps: [
      run(),
      { kind: "skew", ms: 48 * HOUR_MS },
      run(),
      { kind: "wait", ms: HOUR_MS },
      run({ change: { what: "overlap", hours: 1 } }),
    ],
  },
  "a refresh right after two creations took the previous secret for gone, and a text offered it though it was in use": {
    setup: {
      ...SETUP,
      switches: { readLagSeconds: 20, listHoldsSecrets: false },
      second: [{ ...DECLARED, account: "second", hours: 8, isRotating: true, overlapHours: 0, quietHours: 0 }],
    },
    steps: [
      run({ stack: 1 }),
      run({ stack: 1, change: { what: "hours", hours: 9 }, failsDependents: true }),
      run({ stack: 1, command: "up --replace --refresh", faults: [REFUSED_ONCE] }),
    ],
  },
  "the rules counted a secret twice that a list showed before its creation was answered": {
    setup: { ...SETUP, first: [DECLARED, { ...DECLARED, account: "shared" }] },
    steps: [
      run({
        faults: [REFUSED_ONCE],
        meddling: { atRequest: 1, foreign: CREATE_PROVIDER },
        ...KILLED_AT_5,
      }),
      run({ faults: [TOO_MANY], meddling: { atRequest: 6, foreign: USE_PROVIDER }, isParallel: true }),
    ],
  },
};

/** Steps of a stack whose secret holds one slot, and one of somebody else the other. */
function toUntold(steps: readonly RunStep[]): Sequence {
  const foreign = { what: "create", account: "first", hours: 720, isUsed: true } as const;
  return { setup: SETUP, steps: [run(), { kind: "foreign", foreign }, ...steps, { kind: "follow", stack: 0 }] };
}

describe("two stacks and somebody else on the same accounts", () => {
  it.each(Object.entries(SEQUENCES))("come to a good end where once %s", async (_name, sequence) => {
    expect(await playToEnd(sequence)).toEqual([]);
  });
});

/** The one secret that a stack records. */
function toOnlyId({ stack }: Team): string {
  const [id = "", ...others] = stack.recordedIds();
  expect(others).toEqual([]);
  return id;
}

describe("a stack whose consumer failed after a replacement, so that the old secret waits for its deletion", () => {
  const TRIGGER = { what: "trigger" } as const;
  let world: World;
  let team: Team;
  let waitingId: string;

  beforeEach(async () => {
    world = await World.create(SETUP);
    [team] = world.teams;
    await world.run(run());
    waitingId = toOnlyId(team);
    expect((await world.run(run({ change: TRIGGER, failsDependents: true }))).outcome).toBe("failed");
  });
  afterEach(() => expect(world.findings).toEqual([]));

  it("is told of it when triggers change again, and gets there as that text says", async () => {
    const failed = await world.run(run({ change: TRIGGER }));
    const [text = "", ...more] = failed.errors;
    expect(more).toEqual([]);
    expect(text).toMatch(
      new RegExp(`${waitingId} \\(.*?\\) was replaced, waits for its deletion, and may be in use until then`),
    );
    expect([...findOffers(text)]).toEqual([]);
    expect(text).toContain(`it then deletes ${waitingId} itself`);
    expect(team.declarations.undo(team.stack)).toBe(true);
    expect((await world.run(run())).steps).toContainEqual(expect.stringContaining("delete "));
    expect([...team.stack.recordedIds()]).not.toContain(waitingId);
    expect(team.declarations.redo()).toBe(true);
    expect((await world.run(run())).outcome).toBe("succeeded");
  });

  it.each([{ isRefreshed: false }, { isRefreshed: true }])(
    "keeps it although mayRemove names it and the account is exclusive, refreshed before: $isRefreshed",
    async ({ isRefreshed }) => {
      const [name = ""] = team.stack.resources.keys();
      team.declarations.allow(name, [waitingId]);
      const command = isRefreshed ? "up --refresh" : "up";
      await world.run(run({ command, change: { what: "exclusive" }, failsDependents: true }));
      expect((await world.run(run({ command, change: TRIGGER }))).outcome).toBe("failed");
      expect((await fetchTruth(world.atlas)).map(({ id }) => id)).toContain(waitingId);
    },
  );
});

describe("a recorded secret of which the engine tells nothing, with both slots taken", () => {
  it.each([
    { name: "a resource with --replace", step: run({ command: "up --replace" }) },
    { name: "a tainted resource", step: run({ change: { what: "taint" } }) },
    { name: "a renamed resource", step: run({ change: { what: "rename" } }) },
    { name: "a swapped class", step: run({ change: { what: "isRotating" } }) },
  ])("is called untracked and not a leftover: $name", async ({ step }) => {
    const world = await World.create(SETUP);
    await world.run(run());
    const id = toOnlyId(world.teams[0]);
    await world.take({ kind: "foreign", foreign: { what: "create", account: "first", hours: 720, isUsed: false } });
    const { outcome, errors } = await world.run(step);
    const text = errors.join("\n");
    expect(outcome).toBe("failed");
    expect(text).toMatch(new RegExp(`${id} \\(.*?\\) is untracked`));
    expect(text).not.toContain("killed run");
    expect([...findOffers(text)]).toEqual([]);
    expect(await runRemove(world.atlas, [world.teams[0].stack], { secretId: id, isForced: false })).toBe("refused");
    expect(world.findings).toEqual([]);
  });
});

describe("what a killed run left", () => {
  it("is named by the next run, and cleared by the command that it prints", async () => {
    const world = await World.create(SETUP);
    const [{ stack }] = world.teams;
    await world.run(run());
    await world.run(run({ change: { what: "trigger" }, kill: { atRequest: 3, what: "provider-after" } }));
    const leftover = (await world.somebody.heldOn("first")).find(({ id }) => !stack.recordedIds().has(id))?.id;
    const text = (await world.run(run())).errors.join("\n");
    expect(text).toMatch(new RegExp(`${leftover} \\(.*?\\) looks like what a killed run left`));
    expect(findRemoveCommands(text)).toEqual([{ secretId: leftover, isForced: false }]);
    expect(await followRemoveCommands(world.atlas, [stack], text)).toBe(leftover);
    expect((await world.run(run())).outcome).toBe("succeeded");
    expect(world.findings).toEqual([]);
  });
});

describe("the previous secret of a rotating resource", () => {
  const ROTATED = { triggers: { ticket: 1 } };

  it("is gone after the second run when its value has leaked, also when it is used in between: triggers, overlapHours 0", async () => {
    const world = await createRotatingWorld();
    await world.up();
    const { secret, secretId } = world.outputs();
    await world.atlas.clock.sleep(HOUR_MS);
    const leaked = { ...ROTATED, overlapHours: 0 };
    expect((await world.up(leaked)).outcome).toBe("succeeded");
    await world.atlas.clock.sleep(MINUTE_MS);
    expect(await world.signIn(secret)).toBe(true);
    expect((await world.up(leaked)).outcome).toBe("succeeded");
    expect(await world.heldIds()).not.toContain(secretId);
    expect(await world.signIn(secret)).toBe(false);
  });

  it("is gone after its overlap and the quiet time, not after a week, when it is used once 6 h into an overlap of 24 h", async () => {
    const world = await createRotatingWorld();
    await world.up();
    const { secret, secretId } = world.outputs();
    await world.atlas.clock.sleep(HOUR_MS);
    await world.up(ROTATED);
    await world.atlas.clock.sleep(6 * HOUR_MS);
    expect(await world.signIn(secret)).toBe(true);
    const held: boolean[] = [];
    await world.atlas.clock.sleep(18 * HOUR_MS);
    for (let day = 1; day <= 3; day++) {
      await world.up(ROTATED);
      held.push((await world.heldIds()).includes(String(secretId)));
      await world.atlas.clock.sleep(24 * HOUR_MS);
    }
    expect(held).toEqual([true, false, false]);
  });
});

describe("a secret of the plain class that could not be verified, carried to the rotating class", () => {
  const plain = { secretExpiresAfterHours: 720 };
  const rotating = { ...plain, quietHours: 24, triggers: { ticket: 1 } };

  it("is verified there before it is handed out, and what it replaced stays until then", async () => {
    const { atlas, clientId, breakMints, heldIds, toProgram } = await createRotatingWorld();
    const stack = new ModelStack({
      name: "both",
      transport: atlas.transport,
      clock: atlas.clock,
      env: {
        MONGODB_ATLAS_BASE_URL: atlas.control.url,
        MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
        MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
      },
      createHandlers: createBothHandlers,
    });
    expect((await stack.up(toProgram(plain))).outcome).toBe("succeeded");
    const [oldId = ""] = await heldIds();
    await atlas.clock.sleep(HOUR_MS);
    await breakMints("always");
    expect((await stack.up(toProgram({ ...plain, triggers: { ticket: 1 } }))).outcome).toBe("failed");
    const [, newId = ""] = await heldIds();
    for (const ends of ["failed", "succeeded"]) {
      if (ends === "succeeded") await atlas.control.clearFaults();
      const result = await stack.up(toProgram(rotating));
      expect(result.outcome).toBe(ends);
      const { secretId, pendingSecretId } = stack.resources.get("main")?.outputs ?? {};
      expect([clientId, secretId, pendingSecretId, await heldIds()]).toEqual(
        ends === "failed" ? [clientId, undefined, newId, [oldId, newId]] : [clientId, newId, undefined, [newId]],
      );
    }
  });
});
