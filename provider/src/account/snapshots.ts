/**
 * One list in place of many looks: when a run touches several accounts of an owner, what the owner's list shows of them is shared
 * for a while. It only saves requests: whatever it does not hold, a look at the account itself tells, and so does everything that
 * is decided after a write.
 */
import { describeOwner } from "../atlas/account-ref.js";
import type { AtlasClient } from "../atlas/client.js";
import type { AccountRef, HeldSecret } from "../atlas/types.js";
import type { Clock } from "../clock.js";
import { toComparableClientId } from "../ids.js";

/** How old a list may be, in milliseconds, from when it was asked for. */
const MAX_AGE_MS = 30_000;

/** What Atlas showed of an account, and when. */
export interface Shown {
  readonly secrets: readonly HeldSecret[];
  /** Atlas's time less ours at that answer, in milliseconds; absent when it held none. */
  readonly serverAheadMs?: number;
}

interface OwnerList {
  readonly askedAtMs: number;
  /** By comparable client id; none when the list could not be read. */
  readonly accounts: Promise<ReadonlyMap<string, Shown>>;
}

/** The lists of a process. */
export class AccountSnapshots {
  readonly #clock: Clock;
  /** Accounts that were looked at, by owner. */
  readonly #seen = new Map<string, Set<string>>();
  readonly #lists = new Map<string, OwnerList>();
  /** Owners whose list shows no secrets: it is not asked for again. */
  readonly #silent = new Set<string>();
  /** When each account was last written to, or may have been. */
  readonly #writtenAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What a list of at most 30 s ago shows of the account; `undefined` for the first account of an owner, and where it does not tell. */
  async find(client: Pick<AtlasClient, "fetchAccounts">, account: AccountRef): Promise<Shown | undefined> {
    const [owner, key] = [describeOwner(account), toComparableClientId(account.clientId)];
    const seen = this.#seen.get(owner) ?? new Set();
    this.#seen.set(owner, seen.add(key));
    if (seen.size < 2 || this.#silent.has(owner)) return undefined;
    let list = this.#lists.get(owner);
    if (!list || this.#clock.now() - list.askedAtMs > MAX_AGE_MS) {
      list = { askedAtMs: this.#clock.now(), accounts: this.#fetch(client, account, owner) };
      this.#lists.set(owner, list);
    }
    if ((this.#writtenAtMs.get(key) ?? Number.NEGATIVE_INFINITY) >= list.askedAtMs) return undefined;
    return (await list.accounts).get(key);
  }

  /** A write to the account begins: what was shown of it before does not count any more. */
  drop({ clientId }: AccountRef): void {
    this.#writtenAtMs.set(toComparableClientId(clientId), this.#clock.now());
  }

  async #fetch(
    client: Pick<AtlasClient, "fetchAccounts">,
    account: AccountRef,
    owner: string,
  ): Promise<ReadonlyMap<string, Shown>> {
    try {
      const { value, serverTimeMs } = await client.fetchAccounts(account);
      const time = serverTimeMs === undefined ? {} : { serverAheadMs: serverTimeMs - this.#clock.now() };
      const shown = value.flatMap(({ clientId, secrets }) =>
        secrets ? [[toComparableClientId(clientId), { secrets, ...time }] as const] : [],
      );
      if (shown.length === 0) this.#silent.add(owner);
      return new Map(shown);
    } catch {
      return new Map(); // Each account is looked at by itself, and tells what is wrong.
    }
  }
}
