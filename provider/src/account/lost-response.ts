/**
 * Finds out what a creation without a usable answer left on the account, and removes it when it can be nothing else. Until
 * that is known nothing more may be asked for.
 */
import { describeAccount } from "../atlas/account-ref.js";
import { toIsoTime } from "../clock.js";
import { type ConnectionError, explain } from "../errors.js";
import { decideLostSecret, type LostVerdict } from "../rotation/lost-secret.js";
import { describeSecret, type HeldSecret } from "../rotation/slot.js";
import { assertNotConfigured, toDeletionTarget } from "./configured-credential.js";
import type { IssuanceRequest } from "./context.js";
import { type Look, lookAtAccount } from "./look.js";
import type { IssuanceWork } from "./progress.js";
import { toDeletionWait } from "./removal.js";
import { toDeleteCommand } from "./strays.js";

const NEXT_RUN = "The next 'pulumi up' asks for a new secret when a slot is free.";

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
  work: IssuanceWork,
): Promise<void> {
  try {
    await settle(creation, request, work);
  } catch (error) {
    throw explain(creation.error, `${work.progress.describeDeleted()} ${toText(error)}`.trim());
  }
}

/** Why it stops. Becomes part of the message of the unanswered creation, which is what failed. */
class Doubt extends Error {}

async function settle(creation: UnansweredCreation, request: IssuanceRequest, work: IssuanceWork): Promise<void> {
  const early = await lookOrDoubt(creation, request, work);
  const toldMs = (creation.error.retryAfterSeconds ?? 0) * 1000;
  const [ms, kind] = toldMs > GRACE_MS ? ([toldMs, "server"] as const) : ([GRACE_MS, "backoff"] as const);
  if (!(await work.operation.pause(ms, kind))) {
    const why = `No time was left to wait and look for it. ${toUnknownText(request, creation)}`;
    throw new Doubt(`${why}${toEarlyText(request, early)}`);
  }
  // Also when the first look was in doubt: what shows by then may be somebody's, and the lost one still to come.
  const late = await lookOrDoubt(creation, request, work).catch((error: unknown) => {
    throw new Doubt(`${toText(error)}${toEarlyText(request, early)}`);
  });
  if (late.action === "stop") throw new Doubt(toStopText(request, late));
  if (late.action === "ask-again") return;
  await removeLost(late.secret, creation, request, work);
  work.report(
    `${describeAccount(request.account)}: secret ${describeSecret(late.secret)} came from a request whose answer was lost, so that ` +
      "nobody knows its value: it was deleted.",
  );
}

async function lookOrDoubt(
  creation: UnansweredCreation,
  request: IssuanceRequest,
  work: IssuanceWork,
): Promise<LostVerdict> {
  try {
    return await lookAndDecide(creation, request, work);
  } catch (error) {
    throw new Doubt(`${toText(error)} ${toUnknownText(request, creation)}`);
  }
}

async function lookAndDecide(
  { before, sentMs, givenUpMs }: UnansweredCreation,
  request: IssuanceRequest,
  work: IssuanceWork,
): Promise<LostVerdict> {
  const { held } = await lookAtAccount(request, work);
  const { recordedIds } = request.toPolicy();
  const isUnknown = ({ id }: HeldSecret) => !recordedIds.has(id);
  const { serverAheadMs } = before;
  const serverTimes =
    serverAheadMs === undefined ? undefined : { sentMs: sentMs + serverAheadMs, givenUpMs: givenUpMs + serverAheadMs };
  // What is recorded can be no lost one, also when it shows only now.
  const [known, after] = [before.held.filter(isUnknown), held.filter(isUnknown)];
  return decideLostSecret({ before: known, after, hours: request.hours, serverTimes });
}

/** Deletes the lost secret; each try after the first follows a look that still shows it unchanged. */
async function removeLost(
  secret: HeldSecret,
  creation: UnansweredCreation,
  request: IssuanceRequest,
  work: IssuanceWork,
): Promise<void> {
  const { account } = request;
  const { client, configured, operation, progress } = work;
  const toDoubt = (why: string) => new Doubt(toLeftText(request, secret, why));
  try {
    assertNotConfigured(toDeletionTarget(account.clientId, secret), configured);
  } catch (error) {
    throw toDoubt(toText(error));
  }
  for (let failures = 1; ; failures++) {
    try {
      await client.deleteSecret(account, secret.id);
      progress.deleted.add(secret.id);
      return;
    } catch (error) {
      const why = toText(error);
      const wait = toDeletionWait(error, failures);
      if (!wait || !(await operation.pause(wait.ms, wait.kind))) throw toDoubt(why);
      const again = await lookAndDecide(creation, request, work).catch((failure: unknown) => {
        throw toDoubt(`${why} ${toText(failure)}`);
      });
      if (again.action === "ask-again") return;
      if (again.action === "stop") throw toDoubt(`${why} It was not tried again, since ${again.message}`);
    }
  }
}

function toStopText(request: IssuanceRequest, verdict: Extract<LostVerdict, { action: "stop" }>): string {
  return `Nothing of that was deleted, since ${verdict.message} ${NEXT_RUN}${toWayOut(request, verdict.suspects)}`;
}

/** What the first look found, when the second one could not be had; empty when that is nothing. */
function toEarlyText(request: IssuanceRequest, early: LostVerdict): string {
  if (early.action === "ask-again") return "";
  const found = early.action === "delete" ? [early.secret] : early.suspects;
  const were = found.length === 1 ? "was" : "were";
  return ` New on it at once ${were} ${found.map(describeSecret).join("; ")}.${toWayOut(request, found)}`;
}

/** The commands for what nobody uses: a used one is somebody's, since nobody knows the value of the lost one. */
function toWayOut({ account }: IssuanceRequest, suspects: readonly HeldSecret[]): string {
  const unused = suspects.filter(({ lastUsedAtMs }) => lastUsedAtMs === undefined);
  const commands = unused.map(({ id }) => `'${toDeleteCommand(account, id)}'`).join(" or ");
  return commands && ` If one that was never used is the lost one, nobody knows its value and it can go: ${commands}.`;
}

function toLeftText({ account }: IssuanceRequest, secret: HeldSecret, why: string): string {
  return (
    `It had created secret ${describeSecret(secret)}, which nobody knows the value of. ${why} ${NEXT_RUN} ` +
    `If it is still there, delete it: '${toDeleteCommand(account, secret.id)}'.`
  );
}

function toUnknownText({ account, hours }: IssuanceRequest, { before, sentMs }: UnansweredCreation): string {
  const others = before.held.length > 0 ? `, besides ${before.held.map(({ id }) => id).join(" and ")}` : "";
  return (
    `So ${describeAccount(account)} may hold a secret for ${hours} h, created at about ${toIsoTime(sentMs + (before.serverAheadMs ?? 0))} and never used${others}; ` +
    "nobody knows its value. The next 'pulumi up' looks first, and names it by its id if it is there."
  );
}

function toText(error: unknown): string {
  return error instanceof Error ? error.message : "An unknown failure.";
}
