/**
 * Three outputs of the engine that show secret outputs of any resource in clear: `--debug`, `-v=9` and up, and
 * `PULUMI_DEBUG_GRPC`. Ours are in there no more often than those of resources beside them that do nothing, and what the provider
 * signs in with, its tokens and those of a verification are not.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { countCanary, findCanaries } from "../../helpers/canaries.js";
import { type CliResult, PulumiStack } from "../../helpers/pulumi-stack.js";
import { PLANTED, WatchedStack, withTrigger } from "./watched-stack.js";

const SINKS = ["--debug", "-v=9", "PULUMI_DEBUG_GRPC"] as const;
type Sink = (typeof SINKS)[number];

const STEPS = ["creation", "nothing new", "rotation", "deletion"] as const;
type Step = (typeof STEPS)[number];

/** The values of two resources: one that is replaced, and one that is updated. */
interface Values {
  readonly replaced: string;
  readonly updated: string;
}

const LOGS = ["--debug", "--logtostderr", "-v=9"];

const EMPTY = join(__dirname, "empty-program");

let watched: WatchedStack;
let empty: PulumiStack;
const shown = {} as Record<
  Step,
  { readonly texts: Record<Sink, string>; readonly ours: Values; readonly theirs: Values }
>;

/** What a program shows that does not have this package, which keeps all values out of the debug messages of its own. */
let shownWithout: Record<Sink, string>;

/** Runs one command with all three outputs. */
async function show(stack: PulumiStack, step: Step, run: () => Promise<CliResult>) {
  const file = join(stack.folder, `grpc-${step.replace(" ", "-")}.json`);
  stack.setEnv({ PULUMI_DEBUG_GRPC: file });
  const { stdout, stderr, code } = await run();
  expect({ step, code }).toEqual({ step, code: 0 });
  expect(existsSync(file)).toBe(true);
  return { "--debug": stdout, "-v=9": stderr, PULUMI_DEBUG_GRPC: readFileSync(file, "utf8") };
}

beforeAll(async () => {
  watched = await WatchedStack.create();
  const { stack } = watched;
  stack.useProgram(EMPTY);
  const [single, rotating] = [
    await watched.declare(),
    await watched.declare({}, "RotatingProjectServiceAccountSecret"),
  ];
  const programOf = (trigger: string) => ({
    consumers: false,
    planted: PLANTED,
    secrets: { single: withTrigger(single, trigger), rotating: withTrigger(rotating, trigger) },
  });
  const toOurs = async () => {
    const secrets = await stack.secrets();
    const toSecret = (name: string) => String(secrets.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs.secret);
    return { replaced: toSecret("single"), updated: toSecret("rotating") };
  };
  const toTheirs = (salt: string) => ({
    replaced: `FAKE-empty-replaced-${salt}`,
    updated: `FAKE-empty-updated-${salt}`,
  });
  const [first, second] = ["Qm7zTf2KxWc9LdR4vHyBn", "Zp3uGa8JsEo6NwX5tMiVk"];
  for (const [step, round, salt] of [
    ["creation", "1", first],
    ["nothing new", "1", first],
    ["rotation", "2", second],
  ] as const) {
    stack.setEnv({ ROUND: round, EMPTY_SALT: salt });
    const texts = await show(stack, step, () => stack.up(programOf(round), ...LOGS));
    shown[step] = { texts, ours: await toOurs(), theirs: toTheirs(salt) };
  }
  shown.deletion = { ...shown.rotation, texts: await show(stack, "deletion", () => stack.destroy(...LOGS)) };

  empty = await PulumiStack.create({ env: { ROUND: "1", EMPTY_SALT: first }, program: EMPTY });
  shownWithout = await show(empty, "creation", () => empty.up({ secrets: {} }, ...LOGS));
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
      const { texts, ours, theirs } = shown[step];
      const [own, any] = [ours, theirs].map((values) => countCanary(texts[sink], values[kind]));
      expect(own).toBeLessThanOrEqual(Number(any));
    },
  );

  it("shows neither the credential nor a token", () => {
    const values = Object.entries(watched.values()).filter(([name]) => /^(admin|bearer|token)/.test(name));
    expect(values.length).toBeGreaterThanOrEqual(3);
    expect(findCanaries(shown[step].texts[sink], Object.fromEntries(values))).toEqual([]);
  });
});

describe.each(SINKS)("the search in %s", (sink) => {
  it("finds what is there: the secret of a resource that does nothing, and a planted value", () => {
    expect(countCanary(shownWithout[sink], shown.creation.theirs.replaced)).toBeGreaterThan(0);
    expect(findCanaries(shown.creation.texts[sink], { planted: PLANTED })).toEqual(["planted"]);
  });
});
