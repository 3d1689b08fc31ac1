/** Decides whether a secret may be deleted by hand. Plain data and Atlas's time in, verdict out. */
import type { DeletionTarget } from "pulumi-atlas-secrets/internal/account";
import { describeSecret, type HeldSecret, isExpired, isUnusedSinceBirth } from "pulumi-atlas-secrets/rotation";
import type { Statement } from "../audit/accounts.js";
import { toCount } from "../wording.js";

/** A run records what it created within seconds, or minutes when Atlas lets it wait: younger ones may still be recorded. */
const UNRECORDED_MS = 10 * 60_000;

/** What is known when it is to go. */
export interface RemovalSituation {
  readonly secretId: string;
  /** What the account holds, as Atlas tells it now. */
  readonly held: readonly HeldSecret[];
  /** Atlas's time, in milliseconds since the epoch; absent when it told none: nothing counts as expired then. */
  readonly serverNowMs?: number;
  /** What the sources state about the secret. */
  readonly statements: readonly Statement[];
  /** How many states or outputs were read, and what of them could not be. */
  readonly sourceCount: number;
  readonly unreadSources: readonly string[];
  /** The id that the user repeated. */
  readonly forcedId?: string;
  /** Whether the target can be the credential that this command signs in with. */
  readonly mayBeConfigured: (target: Pick<DeletionTarget, "secretId" | "maskedSecretValue">) => boolean;
}

/** Whether it may go; `message` says what is done, or why it is not. */
export type RemovalDecision =
  | { readonly action: "gone"; readonly message: string }
  | { readonly action: "refuse"; readonly message: string }
  | { readonly action: "delete"; readonly message: string };

/** Decides. A repeated id overrules records and use, never the guard of the credential. */
export function decideHandRemoval(situation: RemovalSituation): RemovalDecision {
  const { secretId, held, forcedId, mayBeConfigured } = situation;
  const secret = held.find(({ id }) => id === secretId);
  if (!secret) {
    return { action: "gone", message: `Secret ${secretId} is not on the account: there is nothing to delete.` };
  }
  if (mayBeConfigured({ secretId, maskedSecretValue: secret.maskedSecretValue })) {
    const why = "it is, or cannot be told from, the credential that this command signs in with";
    return { action: "refuse", message: `Secret ${secretId} was not deleted: ${why}. Sign in with another one.` };
  }
  const reasons = findReasons(secret, situation);
  if (reasons.length > 0 && forcedId !== secretId) {
    const message = `Secret ${secretId} was not deleted: ${reasons.join(", and ")}. To delete it all the same, add --force ${secretId}.`;
    return { action: "refuse", message };
  }
  const despite = reasons.length > 0 ? ` although ${reasons.join(", and ")}` : "";
  return { action: "delete", message: `Secret ${describeSecret(secret)} is deleted${despite}.` };
}

function findReasons(secret: HeldSecret, { statements, sourceCount, unreadSources, serverNowMs }: RemovalSituation): string[] {
  const locations = [...new Set(statements.map(({ record, role }) => `${record.place} (${record.source}, ${role})`))];
  const isYoung = serverNowMs === undefined || serverNowMs - secret.createdAtMs < UNRECORDED_MS;
  const isOver = serverNowMs !== undefined && isExpired(secret, serverNowMs);
  return [
    ...(locations.length > 0 ? [`${locations.join(" and ")} ${locations.length > 1 ? "record" : "records"} it`] : []),
    ...(sourceCount === 0 ? ["no state was named that could record it (--state, --stack or --all-stacks)"] : []),
    ...(unreadSources.length > 0 ? [`${toCount(unreadSources.length, "record")} could not be read: ${unreadSources.join(" ")}`] : []),
    ...(isYoung ? ["it was created in the last 10 minutes, and a run under way may not have recorded it yet"] : []),
    ...(isUnusedSinceBirth(secret) || isOver ? [] : ["it was used since its birth"]),
  ];
}
