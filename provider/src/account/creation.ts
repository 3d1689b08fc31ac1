/**
 * Obtains a new secret without losing or breaking one: look at the account, make room only as allowed, ask once, settle what
 * a lost answer left, prove that the answer works. It decides nothing itself (`rotation/`), and knows nothing of Pulumi.
 */
import { describeAccount } from "../atlas/account-ref.js";
import { toSafeReport } from "../atlas/report.js";
import type { CreatedSecret } from "../atlas/wire.js";
import { toIsoTime } from "../clock.js";
import { OTHERS_LIVE_AT_MOST_MS } from "../rotation/orphan.js";
import type { HeldSecret } from "../rotation/slot.js";
import type { IssuanceContext, IssuanceRequest } from "./context.js";
import { FailedCreations } from "./failed-creations.js";
import { type IssuanceWork, Progress } from "./progress.js";
import { makeRoom } from "./room.js";
import { describeStrays } from "./strays.js";
import { type Verification, verifySecret } from "./verification.js";

/** A new secret. `verification` is absent when none was asked for. */
export interface Issued {
  readonly secret: CreatedSecret;
  /** What the account held besides, by the look before the creation. */
  readonly others: readonly HeldSecret[];
  readonly verification?: Verification;
}

/**
 * Creates one secret and verifies it. Once Atlas has answered with it this does not throw: a failed verification is part of
 * the result.
 *
 * @throws AccountFullError before any POST, when no slot is free and none may be freed
 * @throws AtlasError as the client does, with what this did so far and what may be on the account
 */
export async function obtainSecret(request: IssuanceRequest, context: IssuanceContext): Promise<Issued> {
  const { account, verify } = request;
  const work = { ...context, report: toSafeReport(context.report), progress: new Progress() };
  const issued = await context.locks.runExclusive(account.clientId, () => issue(request, work));
  if (!verify) return issued;
  const { secret } = issued;
  const credential = { clientId: account.clientId, secret: secret.value };
  const { client, operation, clock } = context;
  return {
    ...issued,
    verification: await verifySecret((pair) => client.verify(pair), credential, { operation, clock }),
  };
}

async function issue(request: IssuanceRequest, work: IssuanceWork): Promise<Issued> {
  const { clock, report } = work;
  const failures = new FailedCreations(request, work);
  const shown = new Set<string>();
  for (;;) {
    const before = await makeRoom(request, work);
    // Each time, since what a lost answer left may show late; but no line twice.
    for (const line of describeStrays(request, before, clock).filter((line) => !shown.has(line))) {
      shown.add(line);
      report(line);
    }
    const created = await tryToCreate(request, work);
    if (created.kind === "failed") {
      await failures.settle(created.error, { before, ...created });
      continue;
    }
    work.onCreated(created.secret);
    reportCuts(request, before.held, created.secret, report);
    return { secret: created.secret, others: before.held };
  }
}

type Attempt =
  | { readonly kind: "created"; readonly secret: CreatedSecret }
  | { readonly kind: "failed"; readonly error: unknown; readonly sentMs: number; readonly givenUpMs: number };

async function tryToCreate(
  { account, hours }: IssuanceRequest,
  { client, clock }: Pick<IssuanceWork, "client" | "clock">,
): Promise<Attempt> {
  let sentMs = clock.now();
  try {
    // It may wait for its turn first: what others create until then is not its doing.
    const { value: secret } = await client.createSecret(account, hours, () => {
      sentMs = clock.now();
    });
    return { kind: "created", secret };
  } catch (error) {
    return { kind: "failed", error, sentMs, givenUpMs: clock.now() };
  }
}

/** Says whose expiry the creation cut. */
function reportCuts(
  { account }: IssuanceRequest,
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
