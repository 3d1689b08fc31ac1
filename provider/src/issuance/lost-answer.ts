/**
 * Finds out what a creation without a usable answer left on the account, and removes it when it can be nothing else. Until
 * that is known nothing more may be asked for.
 */
import { describeAccount } from "../atlas/account-ref.js";
import { toRetryWait } from "../atlas/retry.js";
import { type ConnectionError, explain } from "../errors.js";
import { decideLostSecret, type LostCreation, type LostVerdict } from "../rotation/lost-secret.js";
import { describeSecret, type HeldSecret } from "../rotation/slot.js";
import { assertNotConfigured, toDeletionTarget } from "./configured-credential.js";
import type { IssuanceContext, IssuanceRequest } from "./context.js";
import { type Look, lookAtAccount } from "./look.js";
import { isNotFound } from "./missing.js";
import { toDeleteCommand } from "./strays.js";

/** How long after the first look the second one comes: what was created may show late, and so may its use by somebody. */
export const GRACE_MS = 30_000;

/** A creation that was sent and not answered. */
export interface UnansweredCreation {
  readonly error: ConnectionError;
  /** The look before it was sent. */
  readonly before: Look;
  /** When it was sent and given up, by our clock. */
  readonly sentMs: number;
  readonly givenUpMs: number;
}

/**
 * Resolves when nothing of the creation is left, so that another one may be asked for.
 *
 * @throws ConnectionError when that cannot be told: names what may be on the account and what to do
 */
export async function settleLostAnswer(
  creation: UnansweredCreation,
  request: IssuanceRequest,
  context: IssuanceContext,
): Promise<void> {
  const { account } = request;
  let verdict = await lookAndDecide(creation, request, context);
  if (verdict.action !== "stop") {
    const toldMs = (creation.error.retryAfterSeconds ?? 0) * 1000;
    const [ms, kind] = toldMs > GRACE_MS ? ([toldMs, "told"] as const) : ([GRACE_MS, "own"] as const);
    if (!(await context.operation.pause(ms, kind))) {
      throw explain(creation.error, `No time was left to wait and look for it. ${toUnknownText(request, creation)}`);
    }
    verdict = await lookAndDecide(creation, request, context);
  }
  if (verdict.action === "stop") throw explain(creation.error, toStopText(request, verdict));
  if (verdict.action === "ask-again") return;
  await removeLost(verdict.secret, creation, request, context);
  context.report(
    `${describeAccount(account)}: secret ${describeSecret(verdict.secret)} came from a request whose answer was lost, so that ` +
      "nobody knows its value: it was deleted.",
  );
}

async function lookAndDecide(
  creation: UnansweredCreation,
  request: IssuanceRequest,
  context: IssuanceContext,
): Promise<LostVerdict> {
  try {
    const { held } = await lookAtAccount(request, context);
    return decideLostSecret(toLostCreation(creation, held, request.hours));
  } catch (error) {
    throw explain(creation.error, `${toText(error)} ${toUnknownText(request, creation)}`);
  }
}

function toLostCreation(
  { before, sentMs, givenUpMs }: UnansweredCreation,
  after: readonly HeldSecret[],
  hours: number,
): LostCreation {
  const { serverAheadMs } = before;
  const serverTimes =
    serverAheadMs === undefined ? undefined : { sentMs: sentMs + serverAheadMs, givenUpMs: givenUpMs + serverAheadMs };
  return { before: before.held, after, hours, serverTimes };
}

/** Deletes the lost secret; each try after the first follows a look that still shows it unchanged. */
async function removeLost(
  secret: HeldSecret,
  creation: UnansweredCreation,
  request: IssuanceRequest,
  context: IssuanceContext,
): Promise<void> {
  const { account } = request;
  const { client, configured, operation } = context;
  assertNotConfigured(toDeletionTarget(account.clientId, secret), configured);
  for (let failures = 1; ; failures++) {
    try {
      return await client.deleteSecret(account, secret.id);
    } catch (error) {
      if (isNotFound(error)) return;
      const wait = toRetryWait(error, failures);
      if (!wait || !(await operation.pause(wait.ms, wait.kind))) {
        const command = toDeleteCommand(account, secret.id);
        const what = `It had created secret ${describeSecret(secret)}, which nobody knows the value of.`;
        throw explain(creation.error, `${what} ${toText(error)} Delete it: ${command}`);
      }
      const again = await lookAndDecide(creation, request, context);
      if (again.action === "ask-again") return;
      if (again.action === "stop") throw explain(creation.error, toStopText(request, again));
    }
  }
}

function toStopText(
  { account }: IssuanceRequest,
  { message, suspects }: Extract<LostVerdict, { action: "stop" }>,
): string {
  const commands = suspects.map(({ id }) => toDeleteCommand(account, id)).join("; or ");
  return (
    `Nothing was deleted, since ${message} If one of them is the lost one, nobody knows its value and it can go: ${commands}. ` +
    "The next 'pulumi up' asks for a new secret when a slot is free."
  );
}

function toUnknownText({ account, hours }: IssuanceRequest, { before }: UnansweredCreation): string {
  const others = before.held.length > 0 ? `, besides ${before.held.map(({ id }) => id).join(" and ")}` : "";
  return (
    `So ${describeAccount(account)} may hold a secret for ${hours} h, created at the time of this message and never used${others}; ` +
    "nobody knows its value. The next 'pulumi up' looks first, and names it by its id if it is there."
  );
}

function toText(error: unknown): string {
  return error instanceof Error ? error.message : "An unknown failure.";
}
