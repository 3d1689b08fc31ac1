/**
 * Obtains a new secret without losing or breaking one: look at the account, make room only as allowed, ask once, settle what
 * a lost answer left, prove that the answer works. It decides nothing itself (`rotation/`), and knows nothing of Pulumi.
 */
import { describeAccount } from "../atlas/account-ref.js";
import { toRetryWait, toWait } from "../atlas/retry.js";
import type { CreatedSecret } from "../atlas/wire.js";
import { toIsoTime } from "../clock.js";
import { type AtlasError, ConnectionError, explain, RateLimitError, RejectionError } from "../errors.js";
import { OTHERS_LIVE_AT_MOST_MS } from "../rotation/orphan.js";
import { type HeldSecret, SLOTS_PER_ACCOUNT } from "../rotation/slot.js";
import type { IssuanceContext, IssuanceRequest } from "./context.js";
import { type Look, lookAtAccount } from "./look.js";
import { settleLostAnswer } from "./lost-answer.js";
import { makeRoom } from "./room.js";
import { describeStrays } from "./strays.js";
import { type Verification, verifySecret } from "./verification.js";

/** How often a creation may stay without an answer: once more after what the first one left is settled. */
const MAX_LOST_ANSWERS = 2;

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
  const report = toSafeReport(context.report);
  const issued = await context.locks.runExclusive(account.clientId, () => issue(request, { ...context, report }));
  if (!verify) return issued;
  const { secret } = issued;
  const credential = { clientId: account.clientId, secret: secret.value };
  const { client, operation, clock } = context;
  return {
    ...issued,
    verification: await verifySecret((pair) => client.verify(pair), credential, { operation, clock }),
  };
}

async function issue(request: IssuanceRequest, context: IssuanceContext): Promise<Issued> {
  const { account, hours } = request;
  const { client, clock, report } = context;
  const failures = new FailedCreations(request, context);
  for (let isFirst = true; ; isFirst = false) {
    const before = await makeRoom(request, context);
    if (isFirst) for (const line of describeStrays(request, before, clock)) report(line);
    const sentMs = clock.now();
    try {
      const { value: secret } = await client.createSecret(account, hours);
      context.onCreated(secret);
      reportCuts(request, before.held, secret, report);
      return { secret, others: before.held };
    } catch (error) {
      await failures.settle(error, { before, sentMs, givenUpMs: clock.now() });
    }
  }
}

/** What became of the creations of one issuance that failed, and whether another one may be asked for. */
class FailedCreations {
  readonly #request: IssuanceRequest;
  readonly #context: IssuanceContext;
  #lostAnswers = 0;
  #unsent = 0;
  #conflicts = 0;
  #refusals = 0;

  constructor(request: IssuanceRequest, context: IssuanceContext) {
    this.#request = request;
    this.#context = context;
  }

  /** Resolves when the account may be looked at and asked once more; rejects with what the user has to know. */
  async settle(error: unknown, sent: { before: Look; sentMs: number; givenUpMs: number }): Promise<void> {
    if (error instanceof ConnectionError && error.mayHaveBeenApplied) return this.#settleLost(error, sent);
    if (error instanceof ConnectionError) return this.#pause(error, toRetryWait(error, ++this.#unsent));
    // Its limit is closed until the time that Atlas told: the next look waits there for its turn.
    if (error instanceof RateLimitError) return;
    if (!(error instanceof RejectionError)) throw error;
    const isFull = isAboutTheAccount(error) && (await this.#isFull());
    // Somebody took the slot that the look showed as free: decide again, once.
    if (isFull && ++this.#refusals === 1) return;
    if (error.status === 409 && !isFull) return this.#pause(error, toWait(error, ++this.#conflicts));
    throw error;
  }

  async #settleLost(error: ConnectionError, sent: { before: Look; sentMs: number; givenUpMs: number }): Promise<void> {
    await settleLostAnswer({ error, ...sent }, this.#request, this.#context);
    if (++this.#lostAnswers < MAX_LOST_ANSWERS) return;
    throw explain(
      error,
      `It was asked for ${MAX_LOST_ANSWERS} times; nothing of that is left on the account. The next 'pulumi up' starts afresh.`,
    );
  }

  async #pause(error: AtlasError, wait: ReturnType<typeof toRetryWait>): Promise<void> {
    if (!wait) throw error;
    if (await this.#context.operation.pause(wait.ms, wait.kind)) return;
    throw explain(error, "No time is left to wait for it. Nothing was created; the next 'pulumi up' starts afresh.");
  }

  /** False also when it cannot be told: the refusal itself is then what the user has to know. */
  async #isFull(): Promise<boolean> {
    try {
      const { held } = await lookAtAccount(this.#request, this.#context);
      return held.length >= SLOTS_PER_ACCOUNT;
    } catch {
      return false;
    }
  }
}

/** Whether the refusal can be about the number of secrets; it is not documented which one is. */
function isAboutTheAccount({ status }: AtlasError): boolean {
  return status !== 401 && status !== 403 && status !== 404;
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

/** A line that cannot be shown must not lose a secret. */
function toSafeReport(report: IssuanceContext["report"]): IssuanceContext["report"] {
  return (line) => {
    try {
      report(line);
    } catch {
      // Nobody listens any more.
    }
  };
}
