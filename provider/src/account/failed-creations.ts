/**
 * What a failed creation asks for: a wait, another decision, a search for what a lost answer left, or the end. Every wait
 * takes the operation's time, so that no failure can repeat for ever.
 */
import { toRetryWait, toWait, type Wait } from "../atlas/retry.js";
import { type AtlasError, ConnectionError, explain, RateLimitError, RejectionError } from "../errors.js";
import { SLOTS_PER_ACCOUNT } from "../rotation/slot.js";
import type { IssuanceRequest } from "./context.js";
import { lookAtAccount } from "./look.js";
import { settleLostAnswer, type UnansweredCreation } from "./lost-response.js";
import type { IssuanceWork } from "./progress.js";

/** How often a creation may stay without an answer: once more after what the first one left is settled. */
const MAX_LOST_ANSWERS = 2;

/** What became of the creations of one issuance that failed, and whether another one may be asked for. */
export class FailedCreations {
  readonly #request: IssuanceRequest;
  readonly #work: IssuanceWork;
  #unsent = 0;
  #limited = 0;
  #conflicts = 0;
  #fullAfterAll = 0;

  constructor(request: IssuanceRequest, work: IssuanceWork) {
    this.#request = request;
    this.#work = work;
  }

  /** Resolves when the account may be looked at and asked once more; rejects with what the user has to know. */
  async settle(error: unknown, sent: Omit<UnansweredCreation, "error">): Promise<void> {
    if (error instanceof ConnectionError && error.mayHaveBeenApplied) return this.#settleLost(error, sent);
    if (error instanceof ConnectionError) return this.#pause(error, toRetryWait(error, ++this.#unsent));
    // Also without a word of how long, it is Atlas that asks to wait.
    if (error instanceof RateLimitError) {
      return this.#pause(error, { ...toWait(error, ++this.#limited), kind: "server" });
    }
    if (!(error instanceof RejectionError)) throw this.#end(error);
    const isFull = isAboutTheAccount(error) && (await this.#isFull());
    // Somebody took the slot that the look showed as free: decide again, once.
    if (isFull && ++this.#fullAfterAll === 1) return;
    if (error.status === 409 && !isFull) return this.#pause(error, toWait(error, ++this.#conflicts));
    throw this.#end(error);
  }

  async #settleLost(error: ConnectionError, sent: Omit<UnansweredCreation, "error">): Promise<void> {
    const { progress } = this.#work;
    await settleLostAnswer({ error, ...sent }, this.#request, this.#work);
    if (++progress.lostAnswers < MAX_LOST_ANSWERS) return;
    throw explain(
      error,
      `It was asked for ${MAX_LOST_ANSWERS} times; nothing of that was left on the account when last looked at.` +
        `${progress.describeDeleted()} The next 'pulumi up' starts afresh.`,
    );
  }

  async #pause(error: AtlasError, wait: Wait | undefined): Promise<void> {
    if (!wait) throw this.#end(error);
    if (await this.#work.operation.pause(wait.ms, wait.kind)) return;
    throw this.#end(explain(error, "No time is left to wait for it."));
  }

  #end(error: unknown): unknown {
    return explain(error, this.#work.progress.describeEnd());
  }

  /** False also when it cannot be told: the refusal itself is then what the user has to know. */
  async #isFull(): Promise<boolean> {
    try {
      const { held } = await lookAtAccount(this.#request, this.#work);
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
