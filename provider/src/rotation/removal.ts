/**
 * May this secret be deleted, and why not? Every deletion asks here, and so does every message that offers one. Plain data and
 * times in, verdict and words out; whatever cannot be told does not let pass.
 */
import { toIsoTime } from "../clock.js";
import { type AccountView, describeSecret, findSecret, toRemoveCommand, type ViewedSecret } from "./account-view.js";
import { isLeftover } from "./leftover.js";
import { decideLostSecret, type LostCreation } from "./lost-secret.js";
import { RemovalReason } from "./reasons.js";
import { type ByHand, describeObjections } from "./removal-by-hand.js";
import { decideRetirement, type Retirement } from "./retirement.js";
import { isExpired } from "./window.js";

/** What may be done to make room on an account. */
export interface SlotPolicy {
  readonly reclaimExpired: boolean;
  readonly mayRemove: readonly string[];
  readonly exclusive: boolean;
  /** The lifetime that our runs ask for. */
  readonly hours: number;
  /** The resource's own previous secret when it may go, from `fromMs` on where that is given, with the reason in words. */
  readonly retirable?: { readonly secretId: string; readonly why: string; readonly fromMs?: number };
}

/** What a secret is to go for. */
export type RemovalPurpose =
  | { readonly kind: "slot"; readonly policy: SlotPolicy }
  | ({ readonly kind: "retirement" } & Retirement)
  /** A pending secret that Atlas calls invalid, or of which the value is lost. */
  | { readonly kind: "unusable"; readonly why: string }
  /** The recorded current secret, once it has expired and its successor is about to be made. */
  | { readonly kind: "expired-current" }
  /** Its resource is deleted by the engine; `unverifiedSuccessorId` is what was to supersede it and could not be verified. */
  | { readonly kind: "resource-deleted"; readonly unverifiedSuccessorId?: string | undefined }
  | ({ readonly kind: "lost-response" } & Omit<LostCreation, "after">)
  | ({ readonly kind: "by-hand" } & ByHand)
  /** This process created it for a trial, and nothing records it. */
  | { readonly kind: "trial" };

/** What is to be decided. */
export interface RemovalRequest {
  readonly secretId: string;
  readonly purpose: RemovalPurpose;
  /** Taken after the last write; absent when none was taken. */
  readonly view?: AccountView | undefined;
  /** Our time. */
  readonly nowMs: number;
  /** Whether the secret is the credential that this process signs in with, where its value tells. */
  readonly isCredential?: boolean | undefined;
}

/** What is done. `look` asks for a view first; `message` is empty when nothing needs to be said. */
export interface RemovalVerdict {
  readonly action: "delete" | "keep" | "gone" | "look";
  readonly reason: RemovalReason;
  readonly message: string;
}

/** Decides about one secret. */
export function decideRemoval({ secretId, purpose, view, nowMs, isCredential }: RemovalRequest): RemovalVerdict {
  if (purpose.kind === "resource-deleted" && purpose.unverifiedSuccessorId !== undefined) {
    return toVerdict(
      "keep",
      RemovalReason.SuccessorUnverified,
      `secret ${secretId} stays, since ${purpose.unverifiedSuccessorId}, which replaces it, is not verified yet: the next 'pulumi up' tries that again.`,
    );
  }
  if (!view) {
    if (purpose.kind !== "resource-deleted" || isCredential === undefined) {
      return { action: "look", reason: RemovalReason.NotSeen, message: "" };
    }
    return isCredential ? toCredentialVerdict(secretId) : toVerdict("delete", RemovalReason.ResourceDeleted);
  }
  const secret = findSecret(view, secretId);
  if (!secret) return toGoneVerdict(secretId, purpose);
  if (isCredential ?? secret.mayBeCredential) return toCredentialVerdict(secretId, purpose.kind === "by-hand");
  const serverNowMs = view.serverAheadMs === undefined ? undefined : nowMs + view.serverAheadMs;
  return decideByPurpose(secret, view, purpose, serverNowMs);
}

function decideByPurpose(
  secret: ViewedSecret,
  view: AccountView,
  purpose: RemovalPurpose,
  serverNowMs: number | undefined,
): RemovalVerdict {
  switch (purpose.kind) {
    case "slot":
      return decideForSlot(secret, view, purpose.policy, serverNowMs);
    case "retirement":
      return decideRetirement(secret, purpose, findSecret(view, purpose.currentId) !== undefined, serverNowMs);
    case "unusable":
      return toVerdict("delete", RemovalReason.Unusable, `pending secret ${secret.id} is deleted: ${purpose.why}`);
    case "expired-current":
      if (!isExpired(secret, serverNowMs)) return toVerdict("keep", RemovalReason.Recorded);
      return toVerdict(
        "delete",
        RemovalReason.Expired,
        `current secret ${secret.id} expired at ${toIsoTime(secret.expiresAtMs)}: it is deleted.`,
      );
    case "resource-deleted":
      return toVerdict("delete", RemovalReason.ResourceDeleted);
    case "lost-response":
      return decideLost(secret, view, purpose);
    case "by-hand":
      return decideByHand(secret, purpose, serverNowMs);
    case "trial":
      if (secret.role === "created-here") return toVerdict("delete", RemovalReason.CreatedForTrial);
      return toVerdict("keep", RemovalReason.Untracked, `secret ${secret.id} was not created by this trial.`);
  }
}

function decideForSlot(
  secret: ViewedSecret,
  view: AccountView,
  { reclaimExpired, mayRemove, exclusive, hours, retirable }: SlotPolicy,
  serverNowMs: number | undefined,
): RemovalVerdict {
  const free = (reason: RemovalReason, why: string) =>
    toVerdict("delete", reason, `secret ${describeSecret(secret)} is deleted to free its slot: ${why}.`);
  if (isExpired(secret, serverNowMs)) {
    return reclaimExpired
      ? free(RemovalReason.Expired, "it has expired")
      : toVerdict("keep", RemovalReason.ReclaimOff, "has expired, and reclaimExpired is false");
  }
  if (retirable?.secretId === secret.id && serverNowMs !== undefined && serverNowMs >= (retirable.fromMs ?? 0)) {
    return free(RemovalReason.PreviousMayGo, retirable.why);
  }
  if (secret.role !== "untracked") return toVerdict("keep", RemovalReason.Recorded, HELD_AS[secret.role]);
  if (mayRemove.includes(secret.id)) return free(RemovalReason.NamedInMayRemove, "mayRemove names it");
  if (!isLeftover(secret, view, hours)) return toVerdict("keep", RemovalReason.Untracked, HELD_AS.untracked);
  return exclusive
    ? free(RemovalReason.Leftover, "the account is exclusive, and by all that is known a killed run left it")
    : toVerdict("keep", RemovalReason.Leftover, "looks like what a killed run left");
}

/** What a holder of a slot is, to follow its name. */
const HELD_AS = {
  current: "is recorded as current, and stays while it lives",
  "to-be-replaced": "is recorded as current, and stays until the new one is there",
  previous: "is recorded as previous",
  pending: "is recorded as pending: the next 'pulumi up' verifies it",
  "pending-deletion": "was replaced, waits for its deletion, and may be in use until then",
  "created-here": "was created by this run",
  untracked: "is untracked: nothing that the engine told this run of records it",
} as const satisfies Record<ViewedSecret["role"], string>;

/** Frees what the engine deletes only at the end of a run, which a failed creation keeps it from reaching. */
const HOLD_BACK =
  "hold this creation back for one 'pulumi up' (undo the change that asks for it; where time does, set rotateBeforeExpiryHours: 0; " +
  "where its own secret has expired, run 'pulumi up --target URN' for what the program no longer declares and nothing uses)";

const UNTRACKED_WAY =
  "an untracked secret can still be this stack's own: carry a renamed resource or another class over with aliases, change triggers " +
  `in place of --replace or taint, or ${HOLD_BACK}, which deletes what the stack has replaced or dropped before; it can be another ` +
  "stack's, a tool's or a person's as well";

/** What ends that a secret holds its slot; only what is allowed. */
export function listWaysOut(secret: ViewedSecret, { reason }: RemovalVerdict, view: AccountView): string[] {
  const remove = toRemoveCommand(view.account, secret.id);
  switch (reason) {
    case RemovalReason.ReclaimOff:
      return ["set reclaimExpired: true"];
    // Not `exclusive` for a leftover: another stack's newest secret, or one of a renamed resource, can look the same to this run.
    case RemovalReason.Leftover:
    case RemovalReason.Untracked:
      return [
        UNTRACKED_WAY,
        `'${remove}' reads every state, and deletes it only if none records it and nobody uses it`,
      ];
    default:
      if (reason === RemovalReason.Recorded && secret.role === "previous")
        return [`${HOLD_BACK}; after its overlap 'pulumi up' deletes ${secret.id}`];
      if (reason === RemovalReason.OwnCredential || secret.role !== "pending-deletion") return [];
      return [
        `${HOLD_BACK} in which everything that depends on it succeeds: it then deletes ${secret.id} itself, unless its resource has retainOnDelete`,
        `when you know that nothing uses it, '${remove} --force ${secret.id}'`,
      ];
  }
}

function decideLost(secret: ViewedSecret, view: AccountView, lost: Omit<LostCreation, "after">): RemovalVerdict {
  const after = view.secrets.filter(({ role }) => role === "untracked");
  const verdict = decideLostSecret({ ...lost, after });
  if (verdict.action === "delete" && verdict.secret.id === secret.id) {
    return toVerdict("delete", RemovalReason.LostResponse);
  }
  return toVerdict("keep", RemovalReason.Untracked, verdict.action === "stop" ? verdict.message : "");
}

function decideByHand(secret: ViewedSecret, byHand: ByHand, serverNowMs: number | undefined): RemovalVerdict {
  const what = `Secret ${secret.id} was not deleted`;
  if (serverNowMs === undefined) {
    const why = "Atlas's answer holds no time, so that nothing can be told of its age";
    return toVerdict("keep", RemovalReason.NoServerTime, `${what}: ${why}. Try again.`);
  }
  const objections = describeObjections(secret, byHand, serverNowMs);
  if (objections && byHand.forcedId !== secret.id) {
    return toVerdict("keep", RemovalReason.Objections, `${what}: ${objections.why}. ${objections.help}`);
  }
  const despite = objections ? ` although ${objections.why}` : "";
  return toVerdict("delete", RemovalReason.ByHand, `Secret ${describeSecret(secret)} is deleted${despite}.`);
}

/** Deleting it would lock out whoever signs in with it. */
function toCredentialVerdict(secretId: string, isByHand = false): RemovalVerdict {
  const who = isByHand ? "this command" : "the provider";
  const what = `secret ${secretId} is, or cannot be told from, the credential that ${who} signs in with, and is not deleted.`;
  const advice = isByHand
    ? "Sign in with another one."
    : "Put another secret of that service account where the credential is kept (mongodbatlas:clientSecret in the stack configuration, " +
      "or MONGODB_ATLAS_CLIENT_SECRET), then run 'pulumi up' again.";
  return toVerdict("keep", RemovalReason.OwnCredential, `${what} ${advice}`);
}

function toGoneVerdict(secretId: string, purpose: RemovalPurpose): RemovalVerdict {
  const messages: Partial<Record<RemovalPurpose["kind"], string>> = {
    retirement: `secret ${secretId} is not on the account any more: it is removed from the state.`,
    unusable: `pending secret ${secretId} is not on the account any more.`,
    "by-hand": `Secret ${secretId} is not on the account: there is nothing to delete.`,
  };
  return toVerdict("gone", RemovalReason.NotOnAccount, messages[purpose.kind] ?? "");
}

function toVerdict(action: RemovalVerdict["action"], reason: RemovalReason, message = ""): RemovalVerdict {
  return { action, reason, message };
}
