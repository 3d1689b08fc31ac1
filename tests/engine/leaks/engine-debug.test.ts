/**
 * Three outputs of the engine that show secret outputs of any resource in clear: `--debug`, `-v=9` and up, and
 * `PULUMI_DEBUG_GRPC`. Ours are in there no more often than those of a resource that does nothing, and what the provider
 * signs in with, its tokens and those of a verification are not.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { countCanary, findCanaries } from "../../helpers/canaries.js";
import { PulumiStack } from "../../helpers/pulumi-stack.js";
import { PLANTED, WatchedStack, withTrigger } from "./watched-stack.js";

const SINKS = ["--debug", "-v=9", "PULUMI_DEBUG_GRPC"] as const;
type Sink = (typeof SINKS)[number];

const STEPS = ["creation", "nothing new", "rotation", "deletion"] as const;
type Step = (typeof STEPS)[number];

/** What a run showed, and the values of its two resources: one that is replaced, and one that is updated. */
interface Shown {
  readonly texts: Record<Sink, string>;
  readonly values: { readonly replaced: string; readonly updated: string };
}

const LOGS = ["--debug", "--logtostderr", "-v=9"];

let watched: WatchedStack;
let empty: PulumiStack;
const ours = {} as Record<Step, Shown>;
const theirs = {} as Record<Step, Shown>;

/** Runs one command with all three outputs. */
async function show(
  stack: PulumiStack,
  step: Step,
  run: () => Promise<{ stdout: string; stderr: string; code: number }>,
) {
  const file = join(stack.folder, `grpc-${step.replace(" ", "-")}.json`);
  stack.setEnv({ PULUMI_DEBUG_GRPC: file });
  const { stdout, stderr, code } = await run();
  expect({ step, code }).toEqual({ step, code: 0 });
  expect(existsSync(file)).toBe(true);
  return { "--debug": stdout, "-v=9": stderr, PULUMI_DEBUG_GRPC: readFileSync(file, "utf8") };
}

async function runOurs(): Promise<void> {
  const [single, rotating] = [
    await watched.declare(),
    await watched.declare({}, "RotatingProjectServiceAccountSecret"),
  ];
  const programOf = (trigger: string) => ({
    consumers: false,
    planted: PLANTED,
    secrets: { single: withTrigger(single, trigger), rotating: withTrigger(rotating, trigger) },
  });
  const { stack } = watched;
  const toValues = async () => {
    const secrets = await stack.secrets();
    const toSecret = (name: string) => String(secrets.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs.secret);
    return { replaced: toSecret("single"), updated: toSecret("rotating") };
  };
  for (const [step, trigger] of [
    ["creation", "1"],
    ["nothing new", "1"],
    ["rotation", "2"],
  ] as const) {
    const texts = await show(stack, step, () => stack.up(programOf(trigger), ...LOGS));
    ours[step] = { texts, values: await toValues() };
  }
  const { values } = ours.rotation;
  ours.deletion = { texts: await show(stack, "deletion", () => stack.destroy(...LOGS)), values };
}

async function runEmpty(): Promise<void> {
  const up = () => empty.up({ secrets: {} }, ...LOGS);
  const toValues = (salt: string) => ({
    replaced: `FAKE-empty-replaced-${salt}`,
    updated: `FAKE-empty-updated-${salt}`,
  });
  const [first, second] = ["Qm7zTf2KxWc9LdR4vHyBn", "Zp3uGa8JsEo6NwX5tMiVk"];
  for (const [step, round, salt] of [
    ["creation", "1", first],
    ["nothing new", "1", first],
    ["rotation", "2", second],
  ] as const) {
    empty.setEnv({ ROUND: round, EMPTY_SALT: salt });
    theirs[step] = { texts: await show(empty, step, up), values: toValues(salt) };
  }
  theirs.deletion = { texts: await show(empty, "deletion", () => empty.destroy(...LOGS)), values: toValues(second) };
}

beforeAll(async () => {
  watched = await WatchedStack.create();
  empty = await PulumiStack.create({ env: {}, program: join(__dirname, "empty-program") });
  await runOurs();
  await runEmpty();
}, 240_000);

afterAll(async () => {
  await watched.close();
  empty.remove();
});

const CASES = SINKS.flatMap((sink) => STEPS.map((step) => ({ sink, step })));

describe.each(CASES)("$sink at $step", ({ sink, step }) => {
  it.each(["replaced", "updated"] as const)(
    "shows the secret of a resource that is %s no more often than any resource's",
    (kind) => {
      const own = countCanary(ours[step].texts[sink], ours[step].values[kind]);
      const any = countCanary(theirs[step].texts[sink], theirs[step].values[kind]);
      expect(own).toBeLessThanOrEqual(any);
    },
  );

  it("shows neither the credential nor a token", () => {
    const values = Object.entries(watched.values()).filter(([name]) => /^(admin|bearer|token)/.test(name));
    expect(values.length).toBeGreaterThanOrEqual(3);
    expect(findCanaries(ours[step].texts[sink], Object.fromEntries(values))).toEqual([]);
  });
});

describe.each(SINKS)("the search in %s", (sink) => {
  it("finds what is there: the secret of a resource that does nothing, and a planted value", () => {
    const found = STEPS.map((step) => countCanary(theirs[step].texts[sink], theirs[step].values.replaced));
    expect(Math.max(...found)).toBeGreaterThan(0);
    expect(findCanaries(ours.creation.texts[sink], { planted: PLANTED })).toEqual(["planted"]);
  });
});
