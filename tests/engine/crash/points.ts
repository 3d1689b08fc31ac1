/** Where a run is killed: points around each of its HTTP calls, and inside its waits. */
import type { Fault, HoldStage, Operation } from "atlas-simulator";

/** Who is killed: the process of the provider, or that of the Pulumi CLI. */
export type Victim = "provider" | "cli";

/**
 * What the run does on an account: makes its first secret, or replaces the recorded one; of a resource with two slots, rotates
 * its secret, or deletes the previous one after the overlap.
 */
export type Errand = "creation" | "replacement" | "rotation" | "retirement";

/** The way out of the message that a full account gives: its command, or one of its two changes of the program. */
export type WayOut = "command" | "mayRemove" | "exclusive";

/** One point. */
export interface CrashPoint {
  readonly point: string;
  /** The request that is under way at this point; absent inside a wait. */
  readonly inFlight?: Operation;
  /** The wait that is under way, in milliseconds. */
  readonly waitMs?: number;
  /** What brings a run there. `signer`: client id of the credential that it uses; `clientId`: that of its account. */
  readonly faults: (signer: string, clientId: string) => readonly Fault[];
  readonly errand: Errand;
  /** Whether a secret is left on the account that no state records. */
  readonly leavesSecret: boolean;
}

const RETRY_AFTER_S = 20;

const hold = (operation: Operation, stage: HoldStage, clientId: string): readonly Fault[] => [
  { kind: "hold", stage, match: { operation, clientId } },
];

const refuse = (status: number, errorCode: string, clientId: string): readonly Fault[] => [
  {
    kind: "status",
    status,
    body: { error: status, errorCode, detail: "A fake detail.", reason: "Fake" },
    headers: { "retry-after": String(RETRY_AFTER_S) },
    match: { operation: "createSecret", clientId },
  },
];

/** In the order of a run. */
export const CRASH_POINTS: readonly CrashPoint[] = [
  {
    point: "before its token is minted",
    inFlight: "mint",
    faults: (signer) => hold("mint", "before", signer),
    errand: "replacement",
    leavesSecret: false,
  },
  {
    point: "when its token is minted and not delivered",
    inFlight: "mint",
    faults: (signer) => hold("mint", "after", signer),
    errand: "creation",
    leavesSecret: false,
  },
  {
    point: "while it looks at the account",
    inFlight: "getAccount",
    faults: (_signer, clientId) => hold("getAccount", "after", clientId),
    errand: "replacement",
    leavesSecret: false,
  },
  {
    point: "when the POST is sent and not carried out",
    inFlight: "createSecret",
    faults: (_signer, clientId) => hold("createSecret", "before", clientId),
    errand: "creation",
    leavesSecret: true,
  },
  {
    point: "when the POST is carried out and its answer not delivered",
    inFlight: "createSecret",
    faults: (_signer, clientId) => hold("createSecret", "after", clientId),
    errand: "replacement",
    leavesSecret: true,
  },
  {
    point: "when the answer to the POST is delivered and the verification under way",
    inFlight: "mint",
    faults: (_signer, clientId) => hold("mint", "before", clientId),
    errand: "replacement",
    leavesSecret: true,
  },
  {
    point: "when the new secret is proven and the proof not delivered",
    inFlight: "mint",
    faults: (_signer, clientId) => hold("mint", "after", clientId),
    errand: "creation",
    leavesSecret: true,
  },
  {
    point: "when the DELETE of the replaced secret is sent and not carried out",
    inFlight: "deleteSecret",
    faults: (_signer, clientId) => hold("deleteSecret", "before", clientId),
    errand: "replacement",
    leavesSecret: false,
  },
  {
    point: "when the DELETE of the replaced secret is carried out and its answer not delivered",
    inFlight: "deleteSecret",
    faults: (_signer, clientId) => hold("deleteSecret", "after", clientId),
    errand: "replacement",
    leavesSecret: false,
  },
  {
    point: "inside the wait after a 409",
    waitMs: RETRY_AFTER_S * 1000,
    faults: (_signer, clientId) => refuse(409, "DATA_CONCURRENCY_ERROR", clientId),
    errand: "creation",
    leavesSecret: false,
  },
  {
    point: "inside the wait after a 429",
    waitMs: RETRY_AFTER_S * 1000,
    faults: (_signer, clientId) => refuse(429, "RATE_LIMITED_TOKEN_BUCKET", clientId),
    errand: "replacement",
    leavesSecret: false,
  },
  {
    point: "inside the grace pause after a lost answer",
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

/**
 * The cases of one victim. Later rounds do the same points with the other errand, where there is one, and with other ways out.
 * When the CLI was killed its lock takes a command more, and so the way that takes two is the provider's alone.
 */
export function toCrashCases(victim: Victim, rounds: number): CrashCase[] {
  const ways: readonly WayOut[] =
    victim === "provider" ? ["command", "mayRemove", "exclusive"] : ["mayRemove", "exclusive"];
  return Array.from({ length: rounds }, (_, index) => index + 1).flatMap((round) =>
    CRASH_POINTS.map((point, index) => ({
      ...point,
      round,
      victim,
      errand: round % 2 === 0 ? toOther(point) : point.errand,
      wayOut: ways[(index + round) % ways.length] ?? "mayRemove",
    })),
  );
}

/** A creation deletes nothing. */
function toOther({ errand, inFlight }: CrashPoint): Errand {
  return errand === "replacement" && inFlight !== "deleteSecret" ? "creation" : "replacement";
}
