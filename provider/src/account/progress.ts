/** What one issuance has done so far: for the looks that follow, and for what the user reads when it fails. */
import type { IssuanceContext } from "./context.js";

export class Progress {
  /** Ids that Atlas said to have deleted. */
  readonly deleted = new Set<string>();
  /** Creations that stayed without a usable answer, and of which nothing showed or is left. */
  lostAnswers = 0;

  /** What was deleted, in words, to follow another sentence; empty when that is nothing. */
  describeDeleted(): string {
    return this.deleted.size === 0 ? "" : ` Deleted before that: ${[...this.deleted].join(" and ")}.`;
  }

  /** The end of the message of a failure that leaves nothing in doubt. */
  describeEnd(): string {
    const lost =
      this.lostAnswers === 0
        ? ""
        : " An earlier request of this run stayed without a usable answer; nothing of it was left on the account when last looked at.";
    return `Nothing was created.${this.describeDeleted()}${lost} The next 'pulumi up' starts afresh.`;
  }
}

/** What the steps of one issuance work with. */
export interface IssuanceWork extends IssuanceContext {
  readonly progress: Progress;
}
