/** Why a creation may delete a secret to make room, written down once more and apart from the product. */
import type { Properties } from "../../provider/src/protocol.js";
import type { ShownSecret, Sight } from "./sight.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a secret has to be expired. */
const EXPIRY_MARGIN_MS = 10 * MINUTE_MS;

/** A use so soon after the creation is a verification. */
const BIRTH_MS = 10 * MINUTE_MS;

/** Server times are whole seconds. */
const ROUNDING_MS = 2_000;

/** A window of half the lifetime or more begins so much earlier. */
const EARLY_HOURS = 0.25;

/** A deletion during a creation, with the truth about it. */
export interface Deletion {
  readonly secretId: string;
  /** When it really ends, by the server. */
  readonly expiresAtMs: number;
  readonly nowMs: number;
  /** Whether the stack that deletes it records it, and whether the provider was told so. */
  readonly recorded: "told" | "untold" | undefined;
  /** Whether it is what a lost answer of the same run created. */
  readonly isOwnLost: boolean;
  /** What the run has seen of the account. */
  readonly sight: Sight;
  /** Inputs of the resource that needs the slot. */
  readonly inputs: Properties;
  /** What it is to that resource, and what the state holds of that. */
  readonly role: Role;
  readonly outputs: Properties;
}

/** What a secret is to a resource: `pending` and `previous` exist for a rotating one only. */
export type Role = "current" | "previous" | "pending" | "other";

/** What is wrong with a deletion; `undefined` when nothing is. */
export function findProblem(deletion: Deletion): string | undefined {
  const { role, sight, nowMs, expiresAtMs } = deletion;
  const isExpired = nowMs >= expiresAtMs + EXPIRY_MARGIN_MS - ROUNDING_MS;
  if (role === "pending") return sight.isToldInvalid ? undefined : "the pending one, which nobody called invalid";
  if (role === "previous") return isExpired ? undefined : findPreviousProblem(deletion);
  return findOtherProblem(deletion, isExpired);
}

/** The previous secret of a rotating resource goes after its overlap, once nobody has used it for the quiet time; earlier for changed triggers only. */
function findPreviousProblem({ secretId, nowMs, sight, inputs, outputs }: Deletion): string | undefined {
  if (JSON.stringify(inputs.triggers) !== JSON.stringify(outputs.issuedForTriggers)) return undefined;
  const promotedAtMs = Date.parse(String(outputs.promotedAt));
  const asked = Number(outputs.issuedForHours ?? outputs.secretExpiresAfterHours);
  const granted = Number(outputs.grantedHours ?? asked);
  const given = Math.floor((Number(inputs.rotateBeforeExpiryHours) * granted) / asked);
  const window = given > 0 && 2 * given >= granted ? Math.min(given + EARLY_HOURS, granted - 1) : given;
  const overlapHours = Math.min(Number(inputs.overlapHours), granted - window);
  if (!(nowMs >= promotedAtMs + overlapHours * HOUR_MS - ROUNDING_MS)) return "the previous one, inside its overlap";
  const { lastUsedAtMs = Number.NEGATIVE_INFINITY } = sight.shown.get(secretId) ?? {};
  const quietMs = inputs.overlapHours === 0 ? 0 : Number(inputs.quietHours) * HOUR_MS;
  const { expiresAtMs = Date.parse(String(outputs.expiresAt)) } = sight.shown.get(String(outputs.secretId)) ?? {};
  const expiresSoonMs = expiresAtMs - (window * HOUR_MS) / 2;
  if (nowMs >= Math.min(lastUsedAtMs + quietMs, expiresSoonMs) - ROUNDING_MS) return undefined;
  return "the previous one, which is in use";
}

function findOtherProblem(deletion: Deletion, isExpired: boolean): string | undefined {
  const { secretId, recorded, isOwnLost, sight, inputs } = deletion;
  if (isExpired && inputs.reclaimExpired !== false) return undefined;
  const shown = sight.shown.get(secretId);
  if (!shown) return "which it has not seen";
  if (recorded === "told") return "a live secret which the stack records";
  if (Array.isArray(inputs.mayRemove) && inputs.mayRemove.includes(secretId)) return undefined;
  if (isOwnLost || isEvidentlyLost(shown, sight)) return undefined;
  if (recorded) return "a live secret which the stack records";
  if (inputs.exclusive !== true) return "a live secret of somebody else";
  const isUnused = shown.lastUsedAtMs === undefined || shown.lastUsedAtMs - shown.createdAtMs <= BIRTH_MS;
  return isUnused ? undefined : "a live secret in use";
}

/** Whether a secret of somebody else looks in every way like what a lost answer created: nobody could tell them apart. */
function isEvidentlyLost({ id, createdAtMs, expiresAtMs, lastUsedAtMs }: ShownSecret, { doubt }: Sight): boolean {
  if (!doubt || doubt.known.has(id) || lastUsedAtMs !== undefined) return false;
  const isInTime = createdAtMs >= doubt.sentMs - ROUNDING_MS && createdAtMs <= doubt.givenUpMs + ROUNDING_MS;
  return isInTime && Math.abs(expiresAtMs - createdAtMs - doubt.hours * HOUR_MS) <= ROUNDING_MS;
}
