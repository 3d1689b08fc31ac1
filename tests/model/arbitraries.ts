/** Sequences at random: every kind of step, fault, kill and change, with weights that keep most runs meaningful. */

import fc from "fast-check";
import type { Fault, Operation, Switches } from "pulumi-atlas-secrets-simulator";
import { DEMO_ADMIN_SECRET } from "pulumi-atlas-secrets-simulator";
import type { Kill } from "./model-stack.js";
import {
  ACCOUNTS,
  type Change,
  type Command,
  type Declared,
  type Foreign,
  type Meddling,
  type PlannedFault,
  type RunStep,
  type Sequence,
  type Setup,
  type SignIn,
  type Step,
} from "./steps.js";

/** Operations in a sequence. */
export const STEPS_PER_SEQUENCE = 30;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const account = fc.constantFrom(...ACCOUNTS);
const pick = fc.nat(1);
/** The limits of a lifetime, the seven days of a cut and their neighbours, and usual ones. */
const hours = fc.constantFrom(8, 9, 24, 167, 168, 169, 720, 8760);
/** Lifetimes that no stack declares come in as well. */
const foreignHours = fc.constantFrom(8, 24, 100, 168, 720, 4000);

function toErrorBody(error: number, errorCode: string, detail: string) {
  return { error, errorCode, reason: "Reason", detail, parameters: [] };
}

const toStatus = (status: number, rest: Partial<Extract<Fault, { kind: "status" }>> = {}): Fault => ({
  kind: "status",
  status,
  body: toErrorBody(status, "SOME_ERROR", `Something is wrong, and it repeats ${DEMO_ADMIN_SECRET}.`),
  ...rest,
});

const FAULTS: readonly Fault[] = [
  { kind: "refuse" },
  { kind: "cut-before" },
  { kind: "cut-after" },
  { kind: "cut-body" },
  { kind: "malformed" },
  { kind: "no-secret" },
  { kind: "delay", ms: 5 * SECOND_MS },
  { kind: "delay", ms: 45 * SECOND_MS },
  { kind: "delay", ms: 3 * MINUTE_MS },
  { kind: "redirect", location: "https://elsewhere.invalid/" },
  toStatus(500),
  toStatus(500, { commit: true }),
  toStatus(502, { commit: true, body: "<html>Bad Gateway</html>" }),
  toStatus(503, { headers: { "retry-after": "5" } }),
  toStatus(503, { commit: true, headers: { "retry-after": "120" } }),
  toStatus(503, { commit: true, headers: { "retry-after": "86400" } }),
  toStatus(429, { headers: { "retry-after": "0" } }),
  toStatus(429, { headers: { "retry-after": "7" } }),
  toStatus(429, { headers: { "retry-after": "100000" } }),
  toStatus(429, { headers: { "retry-after": "soon" } }),
  toStatus(429),
  toStatus(400),
  toStatus(401, { body: { error: 401, reason: "Unauthorized", detail: "You are not authorized for this resource." } }),
  toStatus(401, { body: { error: "invalid_client", error_description: "Client authentication failed." } }),
  toStatus(403),
  toStatus(404),
  toStatus(408),
  toStatus(408, { commit: true }),
  toStatus(409),
  toStatus(200, { body: {} }),
  toStatus(200, { commit: true, body: { secrets: null } }),
  toStatus(201, { commit: true, body: {} }),
];

const operation = fc.constantFrom<Operation | undefined>(
  "createSecret",
  "createSecret",
  "getAccount",
  "deleteSecret",
  "deleteSecret",
  "mint",
  "listAccounts",
  undefined,
);

const plannedFault: fc.Arbitrary<PlannedFault> = fc.record({
  fault: fc.constantFrom(...FAULTS),
  operation,
  skip: fc.constantFrom(0, 0, 0, 1, 2, 3),
  times: fc.constantFrom<number | "always">(1, 1, 1, 2, 3, "always"),
});

const kill: fc.Arbitrary<Kill> = fc.record({
  atRequest: fc.integer({ min: 1, max: 8 }),
  what: fc.constantFrom("engine", "engine", "provider-before", "provider-after"),
});

const foreign: fc.Arbitrary<Foreign> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant("create" as const), account, hours: foreignHours, isUsed: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("use" as const), account, pick }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("delete" as const), account, pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant("set-expiry" as const),
      account,
      pick,
      inMs: fc.constantFrom(-MINUTE_MS, 5 * MINUTE_MS, 20 * MINUTE_MS, 9 * HOUR_MS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constantFrom("unassign" as const, "reassign" as const, "reassign" as const),
      account,
    }),
  },
);

const meddling: fc.Arbitrary<Meddling> = fc.record({ atRequest: fc.integer({ min: 1, max: 6 }), foreign });

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant("hours" as const), hours }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant("window" as const),
      window: fc.constantFrom<Declared["window"]>("default", "none", "longest"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("account" as const), account }) },
  {
    weight: 7,
    arbitrary: fc.record({
      what: fc.constantFrom(
        "trigger",
        "trigger",
        "trigger",
        "trigger",
        "verify",
        "reclaimExpired",
        "exclusive",
        "quiet",
        "isRotating" as const,
      ),
    }) as fc.Arbitrary<Change>,
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("overlap" as const), hours: fc.constantFrom(0, 1, 24, 168) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant("mayRemove" as const), pick: fc.constantFrom(undefined, 0, 0, 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Change>({ what: "twin" }, { what: "rename" }, { what: "taint" }, { what: "project" }),
  },
);

const run: fc.Arbitrary<RunStep> = fc.record({
  kind: fc.constant("run" as const),
  stack: fc.constantFrom(0, 0, 1) as fc.Arbitrary<0 | 1>,
  command: fc.constantFrom<Command>(
    "up",
    "up",
    "up",
    "up",
    "up",
    "up",
    "up",
    "refresh",
    "up --refresh",
    "up --replace",
    "up --replace --refresh",
    "up --target",
    "destroy",
  ),
  change: fc.option(change, { freq: 3, nil: undefined }),
  target: fc.nat(1),
  faults: fc.oneof(
    { weight: 3, arbitrary: fc.constant<PlannedFault[]>([]) },
    { weight: 4, arbitrary: plannedFault.map((fault) => [fault]) },
    { weight: 2, arbitrary: fc.tuple(plannedFault, plannedFault).map((pair) => [...pair]) },
  ),
  kill: fc.option(kill, { freq: 7, nil: undefined }),
  meddling: fc.option(meddling, { freq: 5, nil: undefined }),
  isParallel: fc.boolean(),
  failsDependents: fc.constantFrom(false, false, false, false, false, false, false, true),
});

const wait = fc.constantFrom(
  SECOND_MS,
  45 * SECOND_MS,
  6 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  8 * HOUR_MS,
  DAY_MS,
  3 * DAY_MS,
  7 * DAY_MS + 11 * MINUTE_MS,
  30 * DAY_MS,
  120 * DAY_MS,
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "rest" }) },
  { weight: 60, arbitrary: run },
  {
    weight: 4,
    arbitrary: fc
      .tuple(run, run, fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }))
      .map(([first, second, delays]): Step => ({ kind: "both", first, second, delays })),
  },
  { weight: 14, arbitrary: foreign.map((found): Step => ({ kind: "foreign", foreign: found })) },
  { weight: 14, arbitrary: wait.map((ms): Step => ({ kind: "wait", ms })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(0, 5 * MINUTE_MS, -5 * MINUTE_MS, HOUR_MS, -HOUR_MS, 2 * DAY_MS)
      .map((ms): Step => ({ kind: "skew", ms })),
  },
  { weight: 6, arbitrary: fc.constant<Step>({ kind: "use" }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("follow" as const), stack: fc.constantFrom(0, 1) as fc.Arbitrary<0 | 1> }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("sign-in" as const),
      stack: fc.constantFrom(0, 1) as fc.Arbitrary<0 | 1>,
      to: fc.constantFrom("recorded", "recorded", "fresh"),
    }),
  },
);

const switches: fc.Arbitrary<Partial<Switches>> = fc.record({
  lastUsedAfterSeconds: fc.constantFrom(0, 0, 10, 600, null),
  unusedLastUsedAt: fc.constantFrom("null", "absent"),
  thirdSecret: fc.constantFrom(
    { status: 400, errorCode: "SERVICE_ACCOUNT_SECRET_LIMIT_EXCEEDED" },
    { status: 409, errorCode: "TOO_MANY_SECRETS" },
    { status: 403, errorCode: "LIMIT" },
  ),
  unknownSecret: fc.constantFrom(
    { status: 404, errorCode: "RESOURCE_NOT_FOUND" },
    { status: 404, errorCode: "SERVICE_ACCOUNT_SECRET_NOT_FOUND" },
  ),
  repeatedDelete: fc.constantFrom("not-found", "no-content"),
  valueWorksAfterSeconds: fc.constantFrom(0, 0, 0, 2, 60),
  readLagSeconds: fc.constantFrom(0, 0, 5, 20),
  cutShowsAfterSeconds: fc.constantFrom(0, 0, 60, 3600),
  listHoldsSecrets: fc.boolean(),
  maskAtCreation: fc.boolean(),
  extraFields: fc.boolean(),
  retryAfter: fc.constantFrom("true", "zero", "absent", "alternating"),
  maxHours: fc.constantFrom(8760, 8760, 8760, 720),
  mintLimitPerMinute: fc.constantFrom(null, null, 10),
  rateLimits: fc.constantFrom<Switches["rateLimits"]>(true, true, { capacity: 5, refill: 3, seconds: 60 }),
});

const declared: fc.Arbitrary<Declared> = fc.record({
  account: fc.constantFrom("shared", "first", "first", "provider"),
  isElsewhere: fc.constant(false),
  hours,
  window: fc.constantFrom("default", "default", "none", "longest"),
  trigger: fc.constant(0),
  verify: fc.constantFrom(true, true, true, false),
  reclaimExpired: fc.constantFrom(true, true, true, false),
  exclusive: fc.boolean(),
  isRotating: fc.boolean(),
  overlapHours: fc.constantFrom(0, 1, 24, 168),
  quietHours: fc.constantFrom(0, 24),
});

const signIn = fc.constantFrom<SignIn>("administrator", "own-account", "own-account", "api-key", "token");

const setup: fc.Arbitrary<Setup> = fc.record({
  switches,
  signIns: fc.tuple(signIn, signIn),
  initialSecrets: fc.subarray([...ACCOUNTS]),
  first: fc.oneof(
    { weight: 3, arbitrary: declared.map((one) => [one]) },
    { weight: 1, arbitrary: fc.tuple(declared, declared).map((two) => [...two]) },
  ),
  second: declared.map((one) => [{ ...one, account: one.account === "first" ? ("second" as const) : one.account }]),
});

/** A world and thirty steps in it. */
export const sequence: fc.Arbitrary<Sequence> = fc.record({
  setup,
  steps: fc.array(step, { minLength: STEPS_PER_SEQUENCE, maxLength: STEPS_PER_SEQUENCE }),
});
