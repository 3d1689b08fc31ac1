/**
 * Finds out what a creation without a usable response left on the account, and removes it when it can be nothing else. Until
 * that is known nothing more may be asked for.
 */
import { describeAccount } from "../atlas/account-ref.js";
import type { HeldSecret } from "../atlas/types.js";
import { toIsoTime } from "../clock.js";
import { type ConnectionError, explain } from "../errors.js";
import { type AccountView, describeSecret, toRemoveCommand, type ViewedSecret } from "../rotation/account-view.js";
import { decideLostSecret, type LostCreation, type LostVerdict } from "../rotation/lost-secret.js";
import { RemovalReason } from "../rotation/reasons.js";
import type { CreationRequest } from "./creation.js";
import type { Operation } from "./operation.js";
import { removeSecret } from "./removal.js";
import { type AccountProcess, viewAccount } from "./view.js";

const NEXT_RUN = "The next 'pulumi up' asks for a new secret when a slot is free.";

/** How long after the first look the second one comes: what was created may show late, and so may its use by somebody. */
export const GRACE_MS = 30_000;

/** A creation that was sent and not answered. */
export interface UnansweredCreation {
  readonly error: ConnectionError;
  /** The view before it was sent. */
  readonly before: AccountView;
  /** When it was sent and given up, by our clock. */
  readonly sentMs: number;
  readonly givenUpMs: number;
}

/** Why it stops. Becomes part of the message of the unanswered creation, which is what failed. */
class AmbiguousOutcome extends Error {}

/**
 * Resolves when nothing of the creation is left, so that another one may be asked for.
 *
 * @throws ConnectionError when that cannot be told: names what may be on the account and what to do
 */
export async function settleLostResponse(
  process: AccountProcess,
  operation: Operation,
  request: CreationRequest,
  creation: UnansweredCreation,
): Promise<void> {
  try {
    await new LostResponse(process, operation, request, creation).settle();
  } catch (error) {
    throw explain(creation.error, `${operation.describeDeleted()} ${toText(error)}`.trim());
  }
}

class LostResponse {
  readonly #process: AccountProcess;
  readonly #operation: Operation;
  readonly #request: CreationRequest;
  readonly #creation: UnansweredCreation;

  constructor(process: AccountProcess, operation: Operation, request: CreationRequest, creation: UnansweredCreation) {
    this.#process = process;
    this.#operation = operation;
    this.#request = request;
    this.#creation = creation;
  }

  async settle(): Promise<void> {
    const { error } = this.#creation;
    const early = await this.#decide();
    const serverMs = (error.retryAfterSeconds ?? 0) * 1000;
    const [ms, kind] = serverMs > GRACE_MS ? ([serverMs, "server"] as const) : ([GRACE_MS, "backoff"] as const);
    const what = `a creation for ${describeAccount(this.#request.account)} got no answer, and the account is looked at again then`;
    if (!(await this.#operation.time.pause(ms, kind, what))) {
      const why = `No time was left to wait and look for it. ${this.#describeUnknown()}`;
      throw new AmbiguousOutcome(`${why}${this.#describeEarly(early)}`);
    }
    // Also when the first look was in doubt: what shows by then may be somebody's, and the lost one still to come.
    const late = await this.#decide().catch((failure: unknown) => {
      throw new AmbiguousOutcome(`${toText(failure)}${this.#describeEarly(early)}`);
    });
    if (late.action === "stop") {
      throw new AmbiguousOutcome(
        `Nothing of that was deleted, since ${late.message} ${NEXT_RUN}${this.#describeWaysOut(late.suspects)}`,
      );
    }
    if (late.action === "delete") await this.#remove(late.secret, late.view);
  }

  async #decide(): Promise<LostVerdict & { readonly view: AccountView }> {
    try {
      const view = await viewAccount(this.#process, this.#operation, this.#request.account);
      return { ...decideLostSecret({ ...this.#toLost(), after: view.secrets.filter(isUntracked) }), view };
    } catch (error) {
      throw new AmbiguousOutcome(`${toText(error)} ${this.#describeUnknown()}`);
    }
  }

  /** What is recorded can be no lost one, also when it shows only now. */
  #toLost(): Omit<LostCreation, "after"> {
    const { before, sentMs, givenUpMs } = this.#creation;
    const { serverAheadMs } = before;
    const { known } = this.#process;
    const { account, policy } = this.#request;
    return {
      before: before.secrets.filter(({ id }) => known.roleOf(account.clientId, id) === "untracked"),
      hours: policy.hours,
      serverTimes:
        serverAheadMs === undefined
          ? undefined
          : { sentMs: sentMs + serverAheadMs, givenUpMs: givenUpMs + serverAheadMs },
    };
  }

  async #remove(secret: HeldSecret, view: AccountView): Promise<void> {
    const { account } = this.#request;
    const purpose = { kind: "lost-response", ...this.#toLost() } as const;
    const task = { account, secretId: secret.id, purpose, view };
    const { verdict } = await removeSecret(this.#process, this.#operation, task).catch((error: unknown) => {
      throw new AmbiguousOutcome(this.#describeLeft(secret, toText(error)));
    });
    if (verdict.action === "gone") return;
    if (verdict.action !== "delete") {
      const why =
        verdict.reason === RemovalReason.OwnCredential ? verdict.message : `It was not deleted: ${verdict.message}`;
      throw new AmbiguousOutcome(this.#describeLeft(secret, why));
    }
    this.#operation.report(
      `${describeAccount(account)}: secret ${describeSecret(secret)} came from a request whose response was lost: it was deleted.`,
    );
  }

  /** What the first look found, when the second one could not be had; empty when that is nothing. */
  #describeEarly(early: LostVerdict): string {
    if (early.action === "ask-again") return "";
    const found = early.action === "delete" ? [early.secret] : early.suspects;
    const were = found.length === 1 ? "was" : "were";
    return ` New on it at once ${were} ${found.map(describeSecret).join("; ")}.${this.#describeWaysOut(found)}`;
  }

  /** The commands for what nobody uses: a used one is somebody's, since nobody can sign in with the lost one. */
  #describeWaysOut(suspects: readonly HeldSecret[]): string {
    const { account } = this.#request;
    const unused = suspects.filter(({ lastUsedAtMs }) => lastUsedAtMs === undefined);
    const commands = unused.map(({ id }) => `'${toRemoveCommand(account, id)}'`).join(" or ");
    return (
      commands && ` In 10 minutes, ${commands} deletes it after looking, unless a state records it or somebody uses it.`
    );
  }

  #describeLeft(secret: HeldSecret, why: string): string {
    const command = toRemoveCommand(this.#request.account, secret.id);
    return (
      `It had created secret ${describeSecret(secret)}. ${why} ${NEXT_RUN} In 10 minutes, '${command}' deletes it after looking, unless ` +
      "a state records it or somebody uses it."
    );
  }

  #describeUnknown(): string {
    const { before, sentMs } = this.#creation;
    const { account, policy } = this.#request;
    const others = before.secrets.length > 0 ? `, besides ${before.secrets.map(({ id }) => id).join(" and ")}` : "";
    const at = toIsoTime(sentMs + (before.serverAheadMs ?? 0));
    return (
      `So ${describeAccount(account)} may hold a secret for ${policy.hours} h, created at about ${at} and never used${others}. ` +
      "The next 'pulumi up' looks first, and names it by its id if it is there."
    );
  }
}

function isUntracked({ role }: ViewedSecret): boolean {
  return role === "untracked";
}

function toText(error: unknown): string {
  return error instanceof Error ? error.message : "An unknown failure.";
}
