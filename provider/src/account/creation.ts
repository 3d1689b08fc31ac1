/**
 * Creates a secret without losing or breaking one: look at the account, make room only as allowed, ask once, find out what a lost
 * response left, verify. The only caller of the client's create; it decides nothing itself (`rotation/`), and knows nothing of
 * Pulumi.
 */
import { describeAccount } from "../atlas/account-ref.js";
import type { AccountRef } from "../atlas/types.js";
import type { CreatedSecret } from "../atlas/wire.js";
import { HOUR_MS, toIsoTime } from "../clock.js";
import { explain } from "../errors.js";
import type { AccountView } from "../rotation/account-view.js";
import { describeSecret, offerRemoval } from "../rotation/account-view.js";
import { SERVER_TIME_MARGIN_MS } from "../rotation/lost-secret.js";
import type { SlotPolicy } from "../rotation/removal.js";
import { toShortenedExpiryMs } from "../rotation/window.js";
import { FailedCreations, MAXIMUM_SETTING } from "./failed-creations.js";
import type { Operation } from "./operation.js";
import { makeRoom } from "./room.js";
import { type Verification, verifySecret } from "./verification.js";
import { type AccountProcess, toServerNowMs } from "./view.js";

/** What to create. */
export interface CreationRequest {
  readonly account: AccountRef;
  /** What may make room, and the lifetime to ask for. */
  readonly policy: SlotPolicy;
  readonly verify: boolean;
}

/** A new secret. */
export interface Created {
  readonly secret: CreatedSecret;
  /** The account before the creation. */
  readonly before: AccountView;
  /** Atlas's time less ours, in milliseconds. */
  readonly serverAheadMs: number;
  /** Absent when none was asked for. */
  readonly verification?: Verification;
}

/**
 * Creates one secret and verifies it. Once Atlas has answered with it this does not throw: a failed verification is part of
 * the result.
 *
 * @throws AccountFullError before any POST, when no slot is free and none may be freed
 * @throws AtlasError as the client does, with what this did so far and what may be on the account
 */
export async function createSecret(
  process: AccountProcess,
  operation: Operation,
  request: CreationRequest,
): Promise<Created> {
  const { clientId } = request.account;
  const created = await process.locks.runExclusive(clientId, () => create(process, operation, request));
  if (!request.verify) return created;
  const { secret } = created;
  const verification = await verifySecret(process, operation, request.account, secret);
  return { ...created, verification };
}

async function create(process: AccountProcess, operation: Operation, request: CreationRequest): Promise<Created> {
  const { account, policy } = request;
  const failures = new FailedCreations(process, operation, request);
  for (;;) {
    const before = await makeRoom(process, operation, account, policy).catch((error: unknown) => {
      throw explain(error, operation.describeEnd());
    });
    // Each time, since what a lost response left may show late.
    reportUntracked(process, operation, before);
    const attempt = await tryToCreate(process, operation, request);
    if (attempt.kind === "failed") {
      await failures.settle(attempt.error, { before, ...attempt });
      continue;
    }
    const { secret, serverAheadMs } = attempt;
    process.known.noteCreated(account.clientId, secret);
    reportExpiries(operation, before, secret, policy.hours);
    return { secret, before, serverAheadMs };
  }
}

type Attempt =
  | { readonly kind: "created"; readonly secret: CreatedSecret; readonly serverAheadMs: number }
  | { readonly kind: "failed"; readonly error: unknown; readonly sentMs: number; readonly givenUpMs: number };

async function tryToCreate(
  { clock, snapshots }: AccountProcess,
  { client }: Operation,
  { account, policy }: CreationRequest,
): Promise<Attempt> {
  snapshots.drop(account);
  let sentMs = clock.now();
  try {
    // It may wait for its turn first: what others create until then is not its doing.
    const { value: secret, serverTimeMs = secret.createdAtMs } = await client.createSecret(
      account,
      policy.hours,
      () => {
        sentMs = clock.now();
      },
    );
    return { kind: "created", secret, serverAheadMs: serverTimeMs - clock.now() };
  } catch (error) {
    return { kind: "failed", error, sentMs, givenUpMs: clock.now() };
  }
}

/** One line for each live secret that is not recorded by anything that the engine told of: it is not touched. */
export function reportUntracked(
  { clock }: Pick<AccountProcess, "clock">,
  operation: Operation,
  view: AccountView,
): void {
  const nowMs = toServerNowMs(view, clock) ?? clock.now();
  for (const secret of view.secrets) {
    if (secret.role !== "untracked" || nowMs >= secret.expiresAtMs) continue;
    operation.report(
      `${describeAccount(view.account)} also holds secret ${describeSecret(secret)}, of which the engine told this run nothing; it is ` +
        `not touched.${offerRemoval(view.account, secret)}`,
    );
  }
}

/** Says whose expiry the creation shortened, but for what this run deletes itself, and whether its own is as asked. */
function reportExpiries(
  operation: Operation,
  { account, secrets }: AccountView,
  { id, createdAtMs, expiresAtMs }: CreatedSecret,
  hours: number,
): void {
  const where = describeAccount(account);
  for (const other of secrets) {
    const toMs = toShortenedExpiryMs(other.expiresAtMs, createdAtMs);
    if (toMs === other.expiresAtMs || other.role === "to-be-replaced" || other.role === "pending-deletion") continue;
    const [from, to] = [toIsoTime(other.expiresAtMs), toIsoTime(toMs)];
    operation.report(
      `${where}: secret ${other.id} now expires at ${to} instead of ${from}, because a new one was created.`,
    );
  }
  if (expiresAtMs >= createdAtMs + hours * HOUR_MS - SERVER_TIME_MARGIN_MS) return;
  operation.report(
    `${where}: secret ${id} expires at ${toIsoTime(expiresAtMs)}, earlier than after the ${hours} h that were asked for: ` +
      `${MAXIMUM_SETTING} is lower. Its rotation window is shortened alike.`,
  );
}
