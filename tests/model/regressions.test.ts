/**
 * Sequences that once led to what must not be, cut down to what it takes. Each is plain data and named for what went wrong; the
 * random ones, among which more are found, are in sequences.test.ts.
 */
import { playToEnd } from "./ending.js";
import { type Declared, type RunStep, type Sequence, type Setup, type Step, UNDISTURBED_UP } from "./steps.js";

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
};

describe("two stacks and somebody else on the same accounts", () => {
  it.each(Object.entries(SEQUENCES))("come to a good end where once %s", async (_name, sequence) => {
    expect(await playToEnd(sequence)).toEqual([]);
  });
});
