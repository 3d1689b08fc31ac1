/** Which recorded account of a set is which of its program, whatever their names: pure. */
import type { OwnerInputs } from "../rotation/secret.js";
import type { RotationRecord } from "./rotation-record.js";
import { type SetRecord, toAccountKey } from "./set-record.js";

/** An account that the program names, with what is recorded of it. */
export interface DeclaredMember<Inputs> {
  readonly name: string;
  readonly inputs: Inputs;
  /** Absent for a new one; with `removedAtMs` for one that comes back. */
  readonly recorded?: RotationRecord;
  /** The name that the last run knew it by; absent for a new one, and for one that comes back. */
  readonly recordedName?: string;
}

/** The accounts of a set in a run. */
export interface SetMembers<Inputs> {
  readonly declared: readonly DeclaredMember<Inputs>[];
  /** Recorded ones that the program no longer names; those that it named in the last run have no `removedAtMs` yet. */
  readonly removed: readonly RotationRecord[];
}

/**
 * Matches the accounts of a program with the recorded ones.
 *
 * @param toOwner the account that inputs name; `undefined` when that is not known in a preview
 */
export function matchAccounts<Inputs>(
  { accounts, removed }: SetRecord,
  wanted: readonly { readonly name: string; readonly inputs: Inputs }[],
  toOwner: (inputs: Inputs) => OwnerInputs | undefined,
): SetMembers<Inputs> {
  const named = new Map(accounts.map((account) => [toAccountKey(account.record), account]));
  const gone = new Map(removed.map((record) => [toAccountKey(record), record]));
  const declared = wanted.map(({ name, inputs }): DeclaredMember<Inputs> => {
    const owner = toOwner(inputs);
    const key = owner === undefined ? "" : toAccountKey(owner);
    const [account, back] = [named.get(key), gone.get(key)];
    named.delete(key);
    gone.delete(key);
    if (account) return { name, inputs, recorded: account.record, recordedName: account.name };
    return back ? { name, inputs, recorded: back } : { name, inputs };
  });
  return { declared, removed: [...gone.values(), ...[...named.values()].map(({ record }) => record)] };
}
