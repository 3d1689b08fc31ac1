/** One call of the engine, or one command: the client within its time, whom it tells, and what it has done so far. */
import type { ClientCredential } from "../atlas/auth/mint.js";
import type { AtlasClient } from "../atlas/client.js";
import type { Report } from "../atlas/report.js";
import type { TimeBudget } from "../atlas/time-budget.js";

/** What the steps of an operation work with. */
export interface OperationOptions {
  readonly client: Pick<AtlasClient, "fetchAccount" | "fetchAccounts" | "createSecret" | "deleteSecret" | "verify">;
  /** Whose waits take its time. */
  readonly time: TimeBudget;
  /** Shows one line to the user. */
  readonly report: Report;
  /** The service account credential of the provider itself, if it is one. */
  readonly credential: ClientCredential | undefined;
}

/** The operation. */
export class Operation {
  readonly client: OperationOptions["client"];
  readonly time: TimeBudget;
  readonly credential: ClientCredential | undefined;
  /** Ids that Atlas said to have deleted. */
  readonly deleted: string[] = [];
  /** Creations that stayed without a usable answer, and of which nothing showed or is left. */
  lostResponses = 0;
  readonly #report: Report;
  readonly #told = new Set<string>();

  constructor({ client, time, report, credential }: OperationOptions) {
    this.client = client;
    this.time = time;
    this.credential = credential;
    this.#report = report;
  }

  /** Shows one line to the user, once. */
  report(line: string): void {
    if (this.#told.has(line)) return;
    this.#told.add(line);
    this.#report(line);
  }

  /** What was deleted, in words, to follow another sentence; empty when that is nothing. */
  describeDeleted(): string {
    return this.deleted.length === 0 ? "" : ` Deleted before that: ${this.deleted.join(" and ")}.`;
  }

  /** The end of the message of a failed creation that leaves nothing in doubt. */
  describeEnd(): string {
    const lost =
      this.lostResponses === 0
        ? ""
        : " An earlier request of this run stayed without a usable answer; nothing of it was left on the account when last looked at.";
    return `Nothing was created.${this.describeDeleted()}${lost} The next 'pulumi up' starts over.`;
  }
}
