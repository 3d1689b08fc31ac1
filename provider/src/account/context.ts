/** What the steps of an issuance share: what is wanted, and what they work with. */
import type { AccountRef } from "../atlas/account-ref.js";
import type { ClientCredential } from "../atlas/auth/mint.js";
import type { AtlasClient } from "../atlas/client.js";
import type { Operation } from "../atlas/operation.js";
import type { Report } from "../atlas/report.js";
import type { Clock } from "../clock.js";
import type { HeldSecret, SlotPolicy } from "../rotation/slot.js";
import type { AccountLocks } from "./locks.js";

/** What issuance works with. */
export interface IssuanceContext {
  readonly client: Pick<AtlasClient, "fetchAccount" | "createSecret" | "deleteSecret" | "verify">;
  readonly clock: Clock;
  /** Whose time the waits take. */
  readonly operation: Operation;
  readonly locks: AccountLocks;
  /** The service account credential of the provider itself, if it is one. */
  readonly configured: ClientCredential | undefined;
  /** Shows one line to the user. */
  readonly report: Report;
  /** Called with the new secret before the account is unlocked. */
  readonly onCreated: (secret: HeldSecret) => void;
}

/** What to obtain. */
export interface IssuanceRequest {
  readonly account: AccountRef;
  /** Lifetime, 8 to 8760. */
  readonly hours: number;
  /** Read under the account's lock, so that it holds what an earlier operation of this process recorded. */
  readonly toPolicy: () => SlotPolicy;
  /** What this process created on the account and did not delete: a look may not show it yet. */
  readonly toCreatedHere: () => readonly HeldSecret[];
  /** Ids that this process deleted from the account: a look may still show them. */
  readonly toDeletedHere?: () => ReadonlySet<string>;
  readonly verify: boolean;
}
