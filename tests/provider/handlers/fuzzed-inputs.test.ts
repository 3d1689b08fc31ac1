/**
 * 20,000 inputs and states at random (100,000 in the campaign) to check and diff of the four resource classes: nothing is thrown, nothing of a value is
 * shown, nothing is asked of Atlas, and what comes back is what the engine can take. `FUZZ_SEED` repeats a failure.
 */
import fc from "fast-check";
import { ProviderProcess } from "../../../provider/src/account/process.js";
import { HOUR_MS, toIsoTime } from "../../../provider/src/clock.js";
import { createSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { createRotatingHandlers } from "../../../provider/src/handlers/rotating-secret.js";
import {
  type CheckResult,
  type DiffResult,
  PROVIDER_KEY,
  type Properties,
  type SecretHandlers,
  UNKNOWN_VALUE,
} from "../../../provider/src/protocol.js";
import { listInputs } from "../../../provider/src/records/description.js";
import { ORGANIZATION, PROJECT, type Scope } from "../../../provider/src/records/scope.js";
import { findCanaries } from "../../helpers/canaries.js";
import { arbitraryValid, PLAIN_CANARY, POLLUTION, SHAPED_CANARY, toBroken } from "../fixtures/fuzzed-properties.js";
import {
  BIRTH_MS,
  CLIENT_ID,
  createFakeClock,
  IDS,
  OTHER_SECRET_VALUE,
  PROJECT_ID,
  ROTATING_OUTPUTS,
  SECRET_VALUE,
} from "../fixtures/values.js";

const INPUTS_A_CLASS = Math.ceil(Number(process.env.FUZZ_RUNS ?? 20_000) / 4);
const SEED = Number(process.env.FUZZ_SEED ?? 1);

const CLASSES = [
  { name: "ProjectServiceAccountSecret", scope: PROJECT, isRotating: false },
  { name: "RotatingProjectServiceAccountSecret", scope: PROJECT, isRotating: true },
  { name: "ServiceAccountSecret", scope: ORGANIZATION, isRotating: false },
  { name: "RotatingServiceAccountSecret", scope: ORGANIZATION, isRotating: true },
] as const;

/** Ids are shown in messages. */
const ID_NAMES = ["projectId", "orgId", "clientId", "secretId", "previousSecretId", "pendingSecretId"];

const CANARIES = { shaped: SHAPED_CANARY, plain: PLAIN_CANARY, value: SECRET_VALUE, pending: OTHER_SECRET_VALUE };

/** Inputs of the program, those of the last run, and its outputs. */
interface Drawn {
  readonly isValid: boolean;
  /** Whether the diff is that of a refresh, which the check does not come before. */
  readonly isRefreshed: boolean;
  readonly news: Properties;
  readonly oldInputs: Properties;
  readonly outputs: Properties;
}

function toDrawn(scope: Scope, isRotating: boolean): fc.Arbitrary<Drawn> {
  const names = listInputs({ level: scope.level, isRotating });
  const inputs: Properties = {
    ...Object.fromEntries(names.map((name) => [name, ROTATING_OUTPUTS[name as keyof typeof ROTATING_OUTPUTS]])),
    [scope.ownerKey]: PROJECT_ID,
    [PROVIDER_KEY]: "exports.handler = () => undefined;",
  };
  const { projectId: _, ...recorded } = ROTATING_OUTPUTS;
  const outputs = {
    ...recorded,
    ...inputs,
    ...(isRotating && { pendingSecretId: IDS[2], pendingSecret: OTHER_SECRET_VALUE, pendingIssuedForTriggers: {} }),
  };
  const valid = arbitraryValid(names);
  const broken = fc.record({
    isValid: fc.constant(false),
    isRefreshed: fc.boolean(),
    news: toBroken(inputs),
    oldInputs: fc.oneof({ weight: 1, arbitrary: toBroken(inputs) }, { weight: 2, arbitrary: fc.constant(inputs) }),
    outputs: toBroken(outputs, ID_NAMES),
  });
  const sound = fc.record({
    isValid: fc.constant(true),
    isRefreshed: fc.boolean(),
    news: valid,
    oldInputs: valid,
    outputs: fc.constant(outputs),
  });
  return fc.oneof({ weight: 4, arbitrary: broken }, { weight: 1, arbitrary: sound });
}

/** A provider process that has not been told of anything, on an account that it signs in with. */
function createHandlers(scope: Scope, isRotating: boolean) {
  const lines: string[] = [];
  const env = { MONGODB_ATLAS_CLIENT_ID: CLIENT_ID, MONGODB_ATLAS_CLIENT_SECRET: SECRET_VALUE };
  const process = new ProviderProcess({
    clock: createFakeClock(),
    env,
    transport: () => Promise.reject(new Error("a request was sent")),
    report: (line) => void lines.push(line),
  });
  const handlers = isRotating ? createRotatingHandlers(scope, process) : createSecretHandlers(scope, process);
  return { handlers, lines };
}

/** Places whose values the engine cannot take. */
function findUnplain(value: unknown, place = ""): string[] {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") return [];
  if (typeof value !== "object") return [`${place} is ${typeof value}`];
  return Object.entries(value).flatMap(([key, item]) => findUnplain(item, `${place}.${key}`));
}

/** How many properties everything in the process inherits. */
function countInherited(): number {
  const prototypes: readonly object[] = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
  return prototypes.reduce<number>((sum, prototype) => sum + Reflect.ownKeys(prototype).length, 0);
}

/** The outputs of a run at `BIRTH_MS` that was given these inputs. */
function toRecorded(outputs: Properties, inputs: Properties): Properties {
  const { secretExpiresAfterHours: hours, triggers: issuedForTriggers } = inputs;
  const { previousSecretId: _p, pendingSecretId: _n, ...current } = outputs;
  const kept = without(current, "rotateBeforeExpiryHours", "overlapHours", "quietHours");
  const expiresAt = toIsoTime(BIRTH_MS + Number(hours) * HOUR_MS);
  return { ...kept, ...inputs, issuedForTriggers, expiresAt, status: "active" };
}

function without(properties: Properties, ...names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

/** What came back for one input. */
interface Verdicts {
  readonly checked: CheckResult;
  readonly diff: DiffResult;
  /** Failures, diff and lines: what a person sees. */
  readonly shown: string;
}

/** What is wrong with the verdicts, whatever was given. */
function findProblems({ news }: Drawn, { checked, diff, shown }: Verdicts): string[] {
  const problems = findCanaries(shown, CANARIES).map((name) => `the ${name} canary is shown: ${shown}`);
  problems.push(...findUnplain(checked, "check"), ...findUnplain(diff, "diff"));
  if (Object.getPrototypeOf(checked.inputs) !== Object.prototype) problems.push("the inputs got another prototype");
  for (const [key, value] of Object.entries(news)) {
    const isKept = value === null || Object.is(Object.getOwnPropertyDescriptor(checked.inputs, key)?.value, value);
    if (!isKept) problems.push(`the check changed ${key}`);
  }
  if (typeof diff.changes !== "boolean" || (diff.replaces.length > 0 && !diff.changes))
    problems.push("the diff contradicts itself");
  if (POLLUTION in {}) problems.push("a prototype is polluted");
  return problems;
}

/** What is wrong with the verdicts on inputs that are valid: they pass, and once they are deployed nothing is to do. */
function findFalseAlarms(handlers: SecretHandlers, { news, outputs }: Drawn, { checked }: Verdicts): string[] {
  const problems = checked.failures.map(({ reason }) => `valid inputs are refused: ${reason}`);
  if (Object.values(checked.inputs).some((value) => JSON.stringify(value).includes(UNKNOWN_VALUE))) return problems;
  const { changes, replaces } = handlers.diff("id", toRecorded(outputs, checked.inputs), news);
  if (changes || replaces.length > 0) problems.push(`deployed inputs are to be changed: ${replaces.join()}`);
  return problems;
}

describe.each(CLASSES)("$name", ({ name, scope, isRotating }) => {
  it(`judges ${INPUTS_A_CLASS} inputs and states without throwing or showing a value`, () => {
    process.stderr.write(`Fuzzed inputs of ${name}: FUZZ_SEED=${SEED}\n`);
    const inherited = countInherited();
    const seen = { valid: 0, refused: 0, redacted: 0, kept: 0, updated: 0, replaced: 0, lines: 0 };
    const judge = (drawn: Drawn): void => {
      const { handlers, lines } = createHandlers(scope, isRotating);
      const { isValid, isRefreshed, news, oldInputs, outputs } = drawn;
      const checked = handlers.check(oldInputs, news);
      const diff = handlers.diff("id", outputs, isRefreshed ? news : checked.inputs);
      const shown = [JSON.stringify([checked.failures, diff]), ...lines].join("\n");
      const problems = findProblems(drawn, { checked, diff, shown });
      if (isValid) problems.push(...findFalseAlarms(handlers, drawn, { checked, diff, shown }));
      if (problems.length > 0) throw new Error(problems.join("\n"));
      seen.valid += Number(isValid);
      seen.refused += Number(checked.failures.length > 0);
      seen.redacted += Number(shown.includes("[redacted]"));
      seen.lines += Number(lines.length > 0);
      seen[diff.replaces.length > 0 ? "replaced" : diff.changes ? "updated" : "kept"] += 1;
    };
    fc.assert(fc.property(toDrawn(scope, isRotating), judge), { numRuns: INPUTS_A_CLASS, seed: SEED });
    expect(countInherited()).toBe(inherited);
    expect(seen.valid).toBeGreaterThan(INPUTS_A_CLASS / 6);
    expect(seen.refused).toBeGreaterThan(INPUTS_A_CLASS / 3);
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(INPUTS_A_CLASS / 5_000);
  });
});
