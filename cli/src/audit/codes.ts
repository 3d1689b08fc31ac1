/**
 * What the audit can find: every code with its severity, and what to do. They appear in reports and exit codes, and do not
 * change meaning between versions. cli/README.md repeats this list for people.
 */
import { toProviderSection } from "../documentation.js";

/** How bad a finding is. `error`: something fails or is about to; `warning`: somebody should act; `info`: worth knowing. */
export const SEVERITIES = ["error", "warning", "info"] as const;

/** One of them. */
export type Severity = (typeof SEVERITIES)[number];

/** What is known of a code. */
export interface CodeDescription {
  readonly severity: Severity;
  /** The fault, in a few words. */
  readonly title: string;
  /** What to do, to follow the message of a finding. */
  readonly advice: string;
  /** The same for a secret of `@pulumi/mongodbatlas`, where that differs. */
  readonly adviceByHand?: string;
}

const REPLACE =
  "No run rotates a secret of @pulumi/mongodbatlas. Take it over with 'atlas-secrets adopt', or replace it with " +
  "'pulumi up --replace URN', which deletes the old one at the end of that run: its consumers need the new value by then.";

/** All codes. */
export const CODES = {
  "current-expired": {
    severity: "error",
    title: "A current secret has expired",
    advice: "Run 'pulumi up', and see why no run came in time.",
    adviceByHand: REPLACE,
  },
  "inside-window": {
    severity: "warning",
    title: "A current secret is inside its rotation window",
    advice: "Run 'pulumi up' before it expires.",
    adviceByHand: REPLACE,
  },
  "no-successor": {
    severity: "error",
    title: "The only secret of an account is past its rotation point",
    advice:
      "Make sure that 'pulumi up' runs at least once in every rotation window, and run it now: no other secret works once this one expires.",
    adviceByHand: `${REPLACE} No other secret works once this one expires.`,
  },
  "recorded-twice": {
    severity: "error",
    title: "Two resources record one secret as current",
    advice:
      "Do not run 'pulumi up' for either yet: it can delete the secret that the other one's consumers use. Decide which resource keeps it. Take the other one out of its state with 'pulumi state delete URN', which deletes nothing at Atlas, and then out of its program.",
  },
  "both-slots-taken": {
    severity: "warning",
    title: "Both slots of an account are taken",
    advice:
      "The next creation finds no slot. Let the runs that are under way finish, one resource at a time; find out who uses an unmanaged secret before you touch it.",
  },
  "pending-deletion": {
    severity: "warning",
    title: "A replaced secret waits for its deletion",
    advice:
      "Run 'pulumi up' of the stack that records it: once everything that depends on it has succeeded, it deletes the secret.",
  },
  "expired-not-deleted": {
    severity: "warning",
    title: "An expired secret still holds its slot",
    advice: "Run 'pulumi up' of the stack that records it. An unmanaged one is deleted when a creation needs its slot.",
  },
  "missing-on-atlas": {
    severity: "error",
    title: "A recorded secret is missing on Atlas",
    advice: "Run 'pulumi up --refresh': it records that and creates a new one.",
  },
  "account-unassigned": {
    severity: "error",
    title: "A recorded account is not in its project's or organization's list",
    advice: "Assign the service account again, or correct the ids; its secrets may live on elsewhere.",
  },
  unmanaged: {
    severity: "warning",
    title: "A secret on Atlas is not managed by any of the sources",
    advice: "Another stack, tool or person may hold it: name the source that records it, or find out who uses it.",
  },
  "previous-in-use": {
    severity: "warning",
    title: "A previous secret is still used after its overlap",
    advice:
      "Move what uses it to the current secret: a run deletes the previous one once nobody uses it, and it stops working when it expires.",
  },
  "overlap-over": {
    severity: "warning",
    title: "A previous secret was due to be retired",
    advice: "Run 'pulumi up', which deletes the previous secret.",
  },
  "never-used": {
    severity: "info",
    title: "A secret has not been used since its verification",
    advice: "Check whether its consumers have received it.",
  },
  "lifetime-too-long": {
    severity: "warning",
    title: "A secret lives longer than the limit",
    advice: "Lower secretExpiresAfterHours and run 'pulumi up'.",
    adviceByHand: `Lower secretExpiresAfterHours. ${REPLACE}`,
  },
  "expiry-shortened": {
    severity: "warning",
    title: "A secret expires earlier on Atlas than its record says",
    advice:
      "Run 'pulumi up --refresh', which moves its rotation forward; another secret of the account was created meanwhile.",
    adviceByHand: `Another secret of the account was created meanwhile. ${REPLACE}`,
  },
  "pending-verification": {
    severity: "warning",
    title: "A secret is not verified yet",
    advice: "Run 'pulumi up' again: it tries the secret, and says why if that fails.",
  },
  rejected: {
    severity: "error",
    title: "Atlas calls a recorded secret invalid",
    advice: "Run 'pulumi up': it replaces the secret.",
  },
  "run-pending": {
    severity: "warning",
    title: "A run has something to do",
    advice: "Run 'pulumi up': a change that the state records is not applied yet.",
  },
  "pending-operations": {
    severity: "warning",
    title: "A run of a stack is under way or was interrupted",
    advice: `If the run is still going, let it end. If it was killed, run 'pulumi up --refresh', after 'pulumi cancel' where the stack is locked; see ${toProviderSection("After a crash")}.`,
  },
  "credential-near-end": {
    severity: "error",
    title: "The credential that signs in to Atlas is near its end",
    advice: "Put another secret where the credential is kept: no rotation works without it.",
  },
} as const satisfies Readonly<Record<string, CodeDescription>>;

/** A code. */
export type FindingCode = keyof typeof CODES;

/** All codes, in the order of cli/README.md. */
export const FINDING_CODES = Object.keys(CODES) as readonly FindingCode[];

/** The order of severities: the worst has the lowest number. */
export function toRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
