/**
 * What a failed creation asks for: a wait, another decision, a search for what a lost response left, or the end. Every wait
 * takes the operation's time, so that no failure can repeat for ever.
 */
import { describeAccount } from "../atlas/account-ref.js";
import { isUpgrade, toRetryWait, toWait, type Wait } from "../atlas/retry.js";
import { type AtlasError, ConnectionError, explain, RateLimitError, RejectionError } from "../errors.js";
import type { AccountView } from "../rotation/account-view.js";
import { SLOTS_PER_ACCOUNT } from "../rotation/slot.js";
import type { CreationRequest } from "./creation.js";
import { settleLostResponse, type UnansweredCreation } from "./lost-response.js";
import type { Operation } from "./operation.js";
import { toFullError } from "./room.js";
import { type AccountProcess, viewAccount } from "./view.js";

/** How often a creation may stay without a response: once more after what the first one left is known. */
const MAX_LOST_RESPONSES = 2;

/** What became of the creations of one request that failed, and whether another one may be asked for. */
export class FailedCreations {
  readonly #process: AccountProcess;
  readonly #operation: Operation;
  readonly #request: CreationRequest;
  #unsent = 0;
  #limited = 0;
  #conflicts = 0;
  #fullAfterAll = 0;

  constructor(process: AccountProcess, operation: Operation, request: CreationRequest) {
    this.#process = process;
    this.#operation = operation;
    this.#request = request;
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
    if (isUpgrade(error)) return this.#pause(error, toRetryWait(error, ++this.#unsent));
    const view = isAboutTheAccount(error) ? await this.#look() : undefined;
    if (view && view.secrets.length >= SLOTS_PER_ACCOUNT) {
      // Somebody took the slot that the view showed as free: decide again, once. Whatever Atlas calls it, that is why it refused.
      if (++this.#fullAfterAll === 1) return;
      throw this.#end(toFullError(view));
    }
    if (error.status === 409) return this.#pause(error, toWait(error, ++this.#conflicts));
    throw this.#end(view ? explain(error, describeDoubt(error, view, this.#request.policy.hours)) : error);
  }

  async #settleLost(error: ConnectionError, sent: Omit<UnansweredCreation, "error">): Promise<void> {
    const operation = this.#operation;
    await settleLostResponse(this.#process, operation, this.#request, { error, ...sent });
    if (++operation.lostResponses < MAX_LOST_RESPONSES) return;
    throw explain(
      error,
      `It was asked for ${MAX_LOST_RESPONSES} times; nothing of that was left on the account when last looked at.` +
        `${operation.describeDeleted()} The next 'pulumi up' starts over.`,
    );
  }

  async #pause(error: AtlasError, wait: Wait | undefined): Promise<void> {
    if (!wait) throw this.#end(error);
    const what = `the creation of a secret for ${describeAccount(this.#request.account)} is tried again`;
    if (await this.#operation.time.pause(wait.ms, wait.kind, wait.why ?? what)) return;
    throw this.#end(explain(error, "No time is left to wait for it."));
  }

  #end(error: unknown): unknown {
    return explain(error, this.#operation.describeEnd());
  }

  /** Nothing also when it cannot be told: the refusal itself is then what the user has to know. */
  async #look(): Promise<AccountView | undefined> {
    return viewAccount(this.#process, this.#operation, this.#request.account).catch(() => undefined);
  }
}

/** Where an organization sets it. @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-updateorgsettings */
export const MAXIMUM_SETTING =
  "the maximum in the organization's settings at Atlas (maxServiceAccountSecretValidityInHours)";

/** What a refusal may be about, whatever it says: it is not documented how Atlas refuses a third secret or a long lifetime. */
function describeDoubt({ status }: AtlasError, { secrets }: AccountView, hours: number): string {
  const ids = secrets.length > 0 ? ` (${secrets.map(({ id }) => id).join(" and ")})` : "";
  const missed = secrets.length > 0 ? "; one that was made a moment ago may not show yet" : "";
  const held = `When last looked at, the account held ${secrets.length} of ${SLOTS_PER_ACCOUNT} secrets${ids}${missed}.`;
  if (status !== 400) return held;
  return `${held} If Atlas objects to the lifetime of ${hours} h: ${MAXIMUM_SETTING} can be lower; ask for less by secretExpiresAfterHours, or have an Organization Owner raise it.`;
}

/** Whether the refusal can be about the number of secrets; it is not documented which one is. */
function isAboutTheAccount({ status }: AtlasError): boolean {
  return status !== 401 && status !== 404;
}
