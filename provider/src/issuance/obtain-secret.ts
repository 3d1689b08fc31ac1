/**
 * Obtains a new secret without breaking one in use: look at the account, make room only as allowed, ask once, prove that the
 * answer works. It decides nothing itself (`rotation/slot`), and knows nothing of Pulumi.
 */
import { type AccountRef, describeAccount } from "../atlas/account-ref.js";
import type { ClientCredential } from "../atlas/auth/mint.js";
import type { AtlasClient } from "../atlas/client.js";
import type { CreatedSecret } from "../atlas/wire.js";
import { type Clock, HOUR_MS, toIsoTime } from "../clock.js";
import { AccountFullError, ConnectionError } from "../errors.js";
import { decideSlot, type HeldSecret, SLOTS_PER_ACCOUNT, type SlotPolicy } from "../rotation/slot.js";
import type { AccountLocks } from "./account-locks.js";
import { assertNotConfigured, toDeletionTarget } from "./configured-credential.js";
import { isNotFound } from "./missing.js";
import { type Verification, verifySecret } from "./verification.js";

/** Creating a secret cuts every other one of the account to this. @see https://www.mongodb.com/docs/atlas/api/service-accounts/rotate-service-account-secrets/ */
const OTHERS_LIVE_AT_MOST_MS = 7 * 24 * HOUR_MS;

/** What issuance works with. */
export interface IssuanceContext {
  readonly client: Pick<AtlasClient, "fetchAccount" | "createSecret" | "deleteSecret" | "verify">;
  readonly clock: Clock;
  readonly locks: AccountLocks;
  /** The service account credential of the provider itself, if it is one. */
  readonly configured: ClientCredential | undefined;
  /** Shows one line to the user. */
  readonly report: (line: string) => void;
  /** Called with the new secret's id before the account is unlocked. */
  readonly onCreated: (secretId: string) => void;
}

/** What to obtain. */
export interface IssuanceRequest {
  readonly account: AccountRef;
  /** Lifetime, 8 to 8760. */
  readonly hours: number;
  /** Read under the account's lock, so that it holds what an earlier operation of this process recorded. */
  readonly toPolicy: () => SlotPolicy;
  readonly verify: boolean;
}

/** A new secret. `verification` is absent when none was asked for. */
export interface Issued {
  readonly secret: CreatedSecret;
  readonly verification?: Verification;
}

/**
 * Creates one secret and verifies it. After the POST it does not throw: a failed verification is part of the result.
 *
 * @throws AccountFullError before any POST, when no slot is free and none may be freed
 * @throws AtlasError as the client does; a `ConnectionError` with `mayHaveBeenApplied` says how to look for a lost secret
 */
export async function obtainSecret(request: IssuanceRequest, context: IssuanceContext): Promise<Issued> {
  const { account, verify } = request;
  const secret = await context.locks.runExclusive(account.clientId, () => issue(request, context));
  if (!verify) return { secret };
  const credential = { clientId: account.clientId, secret: secret.value };
  return { secret, verification: await verifySecret((pair) => context.client.verify(pair), credential, context.clock) };
}

async function issue({ account, hours, toPolicy }: IssuanceRequest, context: IssuanceContext): Promise<CreatedSecret> {
  const others = await makeRoom(account, toPolicy(), context);
  const { value: secret } = await context.client.createSecret(account, hours).catch((error: unknown) => {
    throw toLostAnswer(error, account, others);
  });
  context.onCreated(secret.id);
  try {
    reportCuts(account, others, secret, context.report);
  } catch {
    // Nobody listens any more; the secret must be recorded all the same.
  }
  return secret;
}

/** Looks, and frees a slot if needed and allowed; returns the secrets that stay. Every delete follows a fresh look. */
async function makeRoom(
  account: AccountRef,
  policy: SlotPolicy,
  context: IssuanceContext,
): Promise<readonly HeldSecret[]> {
  const { client, configured, report } = context;
  for (let deletions = 0; ; deletions++) {
    const { value, serverTimeMs } = await client.fetchAccount(account);
    // Without the server's time nothing counts as expired.
    const verdict = decideSlot(value.secrets, policy, serverTimeMs ?? Number.NEGATIVE_INFINITY);
    if (verdict.action === "use-free") return value.secrets;
    const holders = value.secrets.map(({ id }) => id);
    const where = describeAccount(account);
    if (verdict.action === "refuse") {
      throw new AccountFullError(`Could not create a secret for ${where}: ${verdict.message}`, holders);
    }
    if (deletions === SLOTS_PER_ACCOUNT) {
      const why = `its slots fill up as fast as they are freed (now ${holders.join(" and ")}): somebody else creates secrets on it.`;
      throw new AccountFullError(`Could not create a secret for ${where}: ${why}`, holders);
    }
    assertNotConfigured(toDeletionTarget(account.clientId, verdict.secret), configured);
    report(`${where}: ${verdict.message}`);
    await client.deleteSecret(account, verdict.secret.id).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}

function reportCuts(
  account: AccountRef,
  others: readonly HeldSecret[],
  { createdAtMs }: CreatedSecret,
  report: IssuanceContext["report"],
): void {
  const cutMs = createdAtMs + OTHERS_LIVE_AT_MOST_MS;
  for (const { id, expiresAtMs } of others) {
    if (expiresAtMs <= cutMs) continue;
    const [from, to] = [toIsoTime(expiresAtMs), toIsoTime(cutMs)];
    report(
      `${describeAccount(account)}: secret ${id} now expires at ${to} instead of ${from}, because a new one was created.`,
    );
  }
}

/** Adds to a lost answer how to find out whether a secret was made; other errors pass as they are. */
function toLostAnswer(error: unknown, account: AccountRef, before: readonly HeldSecret[]): unknown {
  if (!(error instanceof ConnectionError) || !error.mayHaveBeenApplied) return error;
  const others = before.length > 0 ? ` other than ${before.map(({ id }) => id).join(" and ")}` : "";
  return new ConnectionError(
    `${error.message} Before the next 'pulumi up', look at ${describeAccount(account)} in Atlas: a secret${others}, created at the ` +
      "time of this message and never used, is the lost one. Nobody knows its value: delete it.",
    error,
    true,
  );
}
