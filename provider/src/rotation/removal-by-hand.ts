/** What speaks against deleting a secret by hand, as `atlas-secrets remove` does it. Plain data in, sentences out. */
import type { HeldSecret } from "../atlas/types.js";
import { MINUTE_MS, toIsoTime } from "../clock.js";
import { isUnusedSinceVerification, type SecretRole } from "./account-view.js";
import { isExpired } from "./window.js";

/** A run records what it created within seconds, or minutes when Atlas lets it wait: younger ones may still be recorded. */
export const UNRECORDED_MS = 10 * MINUTE_MS;

/** What is known of the states when a secret is to go by hand. */
export interface ByHand {
  /** Where it is recorded, in words, and as what. */
  readonly records: readonly { readonly where: string; readonly role: SecretRole }[];
  /** How many states were read. */
  readonly stateCount: number;
  /** What of them could not be read. */
  readonly unread: readonly string[];
  /** The id that the user repeated: overrules what speaks against it, never the guard of the credential or a missing time. */
  readonly forcedId?: string | undefined;
}

interface Objection {
  readonly why: string;
  /** What to do about it. */
  readonly help: string;
  /** Whether a person can know better: only then `--force` is offered. */
  readonly canBeKnown?: true;
}

/** What speaks against it, and what to do: `--force` only where nothing can be lost that a state records as in use. */
export function describeObjections(
  secret: HeldSecret,
  byHand: ByHand,
  serverNowMs: number,
): { readonly why: string; readonly help: string } | undefined {
  const objections = listObjections(secret, byHand, serverNowMs);
  if (objections.length === 0) return undefined;
  const force = `If you know that nothing uses it, add --force ${secret.id}.`;
  const help = [...objections.map((one) => one.help), ...(objections.every((one) => one.canBeKnown) ? [force] : [])];
  return { why: objections.map(({ why }) => why).join(", and "), help: help.join(" ") };
}

function listObjections(
  secret: HeldSecret,
  { records, stateCount, unread }: ByHand,
  serverNowMs: number,
): readonly Objection[] {
  const recordedUntilMs = secret.createdAtMs + UNRECORDED_MS;
  const isUsed = !isUnusedSinceVerification(secret) && !isExpired(secret, serverNowMs);
  return [
    ...(records.length > 0 ? [toRecordObjection(records)] : []),
    ...(stateCount === 0
      ? [{ why: "no state was read that could record it", help: "Name the states: --all-stacks, --stack or files." }]
      : []),
    ...(unread.length > 0
      ? [
          {
            why: `not everything could be read: ${unread.join(" ").replace(/\.$/, "")}`,
            help: "What could not be read may record it: make it readable, and run this again.",
          },
        ]
      : []),
    ...(serverNowMs < recordedUntilMs
      ? [
          {
            why: "it was created in the last 10 minutes, and a run under way may not have recorded it yet",
            help: `Run this again after ${toIsoTime(recordedUntilMs)}.`,
          },
        ]
      : []),
    ...(isUsed
      ? [{ why: "it has been used since it was created", help: "Find out who uses it.", canBeKnown: true as const }]
      : []),
  ];
}

function toRecordObjection(records: ByHand["records"]): Objection {
  const locations = [...new Set(records.map(({ where }) => where))];
  const why = `${locations.join(" and ")} ${locations.length > 1 ? "record" : "records"} it`;
  if (records.some(({ role }) => role !== "pending-deletion")) {
    return { why, help: "It is in use there: 'pulumi up' of that stack deletes it when its time has come." };
  }
  const help = "'pulumi up' of that stack deletes it once everything that depends on it has succeeded.";
  return { why, help, canBeKnown: true };
}
