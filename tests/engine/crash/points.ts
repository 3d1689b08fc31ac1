/** Where a run is killed: points around each of its HTTP calls, and inside its waits. */
import type { Fault, HoldStage, Operation } from "pulumi-atlas-secrets-simulator";
import { ROTATION_POINTS } from "./rotation-points.js";

/** Who is killed: the process of the provider, or that of the Pulumi CLI. */
export type Victim = "provider" | "cli";

/**
 * What the run does on an account: makes its first secret, or replaces the recorded one; of a resource with two slots, rotates
 * its secret, or deletes the previous one after the overlap.
 */
export type Errand = "creation" | "replacement" | "rotation" | "retirement";

/** Whether it is one of a resource that keeps the previous secret for a while. */
export const hasTwoSlots = (errand: Errand) => errand === "rotation" || errand === "retirement";

/** Parts of a run that cannot be under way at the same time, in their order. */
const MOMENTS = ["sign-in", "signed-in", "creation", "limit", "deletion"] as const;
export type Moment = (typeof MOMENTS)[number];

/**
 * The way out: the command of the message that a full account gives, or the setting that the guide names for accounts of one's own,
 * made after that message or before the first run of the recovery.
 */
export type WayOut = "remove" | "exclusive" | "exclusive from the start";

/** One point. */
export interface CrashPoint {
  readonly point: string;
  /** The request that is under way at this point; absent inside a wait. */
  readonly inFlight?: Operation;
  /** The wait that is under way, in milliseconds. */
  readonly waitMs?: number;
  /** What brings a run there. `signer`: client id of the credential that it uses; `clientId`: that of its account. */
  readonly faults: (signer: string, clientId: string) => readonly Fault[];
  readonly moment: Moment;
  readonly errand: Errand;
  /** Whether a secret is left on the account that no state records. */
  readonly leavesSecret: boolean;
}

/** What Atlas tells to wait: long enough to be told from each other and from the grace pause. */
const RETRY_AFTER_S = { 409: 15, 429: 20 } as const;

const hold = (operation: Operation, stage: HoldStage, clientId: string): readonly Fault[] => [
  { kind: "hold", stage, match: { operation, clientId } },
];

const refuse = (status: 409 | 429, errorCode: string, clientId: string): readonly Fault[] => [
  {
    kind: "status",
    status,
    body: { error: status, errorCode, detail: "A fake detail.", reason: "Fake" },
    headers: { "retry-after": String(RETRY_AFTER_S[status]) },
    match: { operation: "createSecret", clientId },
  },
];

/** In the order of a run, which can be at all points of the same moment at once, on an account each. */
const CRASH_POINTS: readonly CrashPoint[] = [
  {
    point: "before its token is minted",
    moment: "sign-in",
    inFlight: "mint",
    faults: (signer) => hold("mint", "before", signer),
    errand: "replacement",
    leavesSecret: false,
  },
  {
    point: "when its token is minted and not delivered",
    moment: "signed-in",
    inFlight: "mint",
    faults: (signer) => hold("mint", "after", signer),
    errand: "creation",
    leavesSecret: false,
  },
  {
    point: "while it looks at the account",
    moment: "creation",
    inFlight: "getAccount",
    faults: (_signer, clientId) => hold("getAccount", "after", clientId),
    errand: "replacement",
    leavesSecret: false,
  },
  {
    point: "when the POST is sent and not carried out",
    moment: "creation",
    inFlight: "createSecret",
    faults: (_signer, clientId) => hold("createSecret", "before", clientId),
    errand: "creation",
    leavesSecret: true,
  },
  {
    point: "when the POST is carried out and its answer not delivered",
    moment: "creation",
    inFlight: "createSecret",
    faults: (_signer, clientId) => hold("createSecret", "after", clientId),
    errand: "replacement",
    leavesSecret: true,
  },
  {
    point: "when the answer to the POST is delivered and the verification under way",
    moment: "creation",
    inFlight: "mint",
    faults: (_signer, clientId) => hold("mint", "before", clientId),
    errand: "replacement",
    leavesSecret: true,
  },
  {
    point: "when the new secret is verified and the answer not delivered",
    moment: "creation",
    inFlight: "mint",
    faults: (_signer, clientId) => hold("mint", "after", clientId),
    errand: "creation",
    leavesSecret: true,
  },
  {
    point: "when the DELETE of the replaced secret is sent and not carried out",
    moment: "deletion",
    inFlight: "deleteSecret",
    faults: (_signer, clientId) => hold("deleteSecret", "before", clientId),
    errand: "replacement",
    leavesSecret: false,
  },
  {
    point: "when the DELETE of the replaced secret is carried out and its answer not delivered",
    moment: "deletion",
    inFlight: "deleteSecret",
    faults: (_signer, clientId) => hold("deleteSecret", "after", clientId),
    errand: "replacement",
    leavesSecret: false,
  },
  {
    point: "inside the wait after a 409",
    moment: "creation",
    waitMs: RETRY_AFTER_S[409] * 1000,
    faults: (_signer, clientId) => refuse(409, "DATA_CONCURRENCY_ERROR", clientId),
    errand: "creation",
    leavesSecret: false,
  },
  {
    point: "inside the wait after a 429",
    moment: "limit",
    waitMs: RETRY_AFTER_S[429] * 1000,
    faults: (_signer, clientId) => refuse(429, "RATE_LIMITED_TOKEN_BUCKET", clientId),
    errand: "replacement",
    leavesSecret: false,
  },
  {
    point: "inside the grace pause after a lost answer",
    moment: "creation",
    waitMs: 30_000,
    faults: (_signer, clientId) => [{ kind: "cut-after", match: { operation: "createSecret", clientId } }],
    errand: "replacement",
    leavesSecret: true,
  },
];

/** A point with what one round of the tests makes of it. */
export interface CrashCase extends CrashPoint {
  readonly round: number;
  readonly victim: Victim;
  /** How a full account is dealt with. */
  readonly wayOut: WayOut;
}

/** One run that is killed, at all of these points at once. */
export interface CrashRun {
  readonly round: number;
  readonly victim: Victim;
  readonly cases: readonly CrashCase[];
}

/**
 * The runs of one victim. Later rounds do the same points with the other errand, where there is one, and with other ways out.
 * When the CLI was killed its lock takes a command more, and so the way that takes two is the provider's alone.
 */
export function toCrashRuns(victim: Victim, rounds: number): CrashRun[] {
  const ways: readonly WayOut[] = [victim === "provider" ? "remove" : "exclusive from the start", "exclusive"];
  return Array.from({ length: rounds }, (_, index) => index + 1).flatMap((round) => {
    const cases = [...CRASH_POINTS, ...ROTATION_POINTS].map((point, index) => ({
      ...point,
      round,
      victim,
      errand: round % 2 === 0 ? toOther(point) : point.errand,
      wayOut: ways[(index + round) % ways.length] ?? "exclusive",
    }));
    return MOMENTS.map((moment) => ({ round, victim, cases: cases.filter((found) => found.moment === moment) }));
  });
}

/** A creation deletes nothing, and of two slots there is no other. */
function toOther({ errand, inFlight }: CrashPoint): Errand {
  if (hasTwoSlots(errand)) return errand;
  return errand === "replacement" && inFlight !== "deleteSecret" ? "creation" : "replacement";
}
