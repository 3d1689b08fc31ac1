/**
 * What the engine calls for a set: the accounts of its program matched with those of its record, and for each what a rotating
 * resource would do, many at once. Accounts fail alone.
 *
 * An update that changes what consumers get ends without failure, whatever became of the other accounts: the engine gives new values
 * to consumers only then, and what a rotation has shortened works for a week at most. What failed is told, and fails the next run
 * that has no values to give out.
 */
import { randomUUID } from "node:crypto";
import { Semaphore } from "async-mutex";
import type { ProviderProcess } from "../account/process.js";
import { describeAccount } from "../atlas/account-ref.js";
import { AtlasSecretsError, PartialFailure } from "../errors.js";
import { type DiffResult, PROVIDER_KEY, type Properties, type SecretHandlers } from "../protocol.js";
import type { ResourceKind } from "../records/description.js";
import type { RotationInputValues } from "../records/inputs.js";
import { type RotationRecord, toOwnInputs } from "../records/rotation-record.js";
import { type Scope, toAccountRef } from "../records/scope.js";
import { toText } from "../records/secret-record.js";
import { findSetProblems, listDeclared, toDesiredSet, toSetInputValues } from "../records/set-inputs.js";
import { type DeclaredMember, matchAccounts, type SetMembers } from "../records/set-members.js";
import { type SetRecord, toSetOutputs, toSetRecord } from "../records/set-record.js";
import { toRecordedIds } from "../records/transitions.js";
import { redact } from "../redact.js";
import { Reason } from "../rotation/reasons.js";
import { decideRotation, type RotationVerdict } from "../rotation/rotating.js";
import { type DesiredRotation, type OwnerInputs, Unknown } from "../rotation/secret.js";
import { explainFor, hideStack, NO_CHANGES, toCheckResult } from "./calls.js";
import { Retries } from "./retries.js";
import {
  deleteAccount,
  issueFirst,
  noteRecord,
  readAccount,
  reportOldCredential,
  settleAccount,
  toEmptyRecord,
} from "./rotating-account.js";
import { retireRemoved } from "./rotating-removals.js";

/** How many accounts a look or a deletion works on at once: those calls get no inputs. */
const CONCURRENCY_WITHOUT_INPUTS = 16;

const UPDATE: DiffResult = { changes: true, replaces: [], deleteBeforeReplace: false };

/** Makes the handlers of a set. All handlers of a process share it. */
export function createSetHandlers({ level }: Scope, process: ProviderProcess): SecretHandlers {
  const set = new SetHandlers({ level, isRotating: true, isSet: true }, process);
  const retries = new Retries();
  return {
    configure: (request) => process.configure(request),
    check: (olds, news) => set.check(olds, news),
    diff: (_id, olds, news) => set.diff(set.toRecord(olds), news),
    create: (inputs) => retries.keep(hideStack(() => set.create(inputs))),
    read: (id, outputs) => hideStack(() => set.read(id, outputs)),
    update: (id, given, news) => retries.resume(id, given, (olds) => hideStack(() => set.update(id, olds, news))),
    delete: (_id, outputs) => hideStack(() => set.remove(set.toRecord(outputs))),
  };
}

/** What became of one account. */
interface MemberOutcome {
  /** Absent when nothing is left of it, or nothing was made. */
  readonly record?: RotationRecord | undefined;
  readonly failure?: Failure | undefined;
}

interface Failure {
  readonly name: string;
  /** For the account alone. */
  readonly message: string;
  /** What several accounts can have in common: a failure that names none of them. */
  readonly shared: string;
}

class SetHandlers {
  readonly #kind: ResourceKind;
  readonly #process: ProviderProcess;

  constructor(kind: ResourceKind, process: ProviderProcess) {
    this.#kind = kind;
    this.#process = process;
  }

  check(olds: Properties, news: Properties) {
    const recorded = listDeclared(this.#kind, olds);
    for (const { given } of recorded === Unknown ? [] : recorded) {
      const clientId = toText(given.clientId);
      if (clientId !== undefined) this.#process.known.noteChecked(clientId);
    }
    return toCheckResult(this.#process, this.#kind, news, findSetProblems(this.#kind, news));
  }

  diff(recorded: SetRecord, news: Properties): DiffResult {
    const wanted = toDesiredSet(this.#kind, news);
    if (wanted === Unknown) return UPDATE;
    const nowMs = this.#process.clock.now();
    const { declared, removed } = matchAccounts(recorded, wanted, toKnownOwner);
    const verdicts = [
      ...declared.map(({ name, inputs, recorded: own }) => ({
        name,
        record: own,
        verdict: decideMember(own, inputs, nowMs),
      })),
      ...removed.map((own) => {
        const record = { removedAtMs: nowMs, ...own };
        return { name: own.clientId, record, verdict: decideRotation(record, toOwnInputs(record), nowMs) };
      }),
    ];
    const isNewlyRemoved = removed.some(({ removedAtMs }) => removedAtMs === undefined);
    reportVerdicts(this.#process, isNewlyRemoved ? verdicts : verdicts.filter(({ verdict }) => !isWaiting(verdict)));
    const isRenamed = declared.some(({ name, recordedName }) => recordedName !== name);
    const isDue = verdicts.some(({ verdict }) => verdict.action !== "keep");
    if (isDue || isRenamed || isNewlyRemoved || recorded.isUndelivered) return UPDATE;
    for (const { record } of verdicts) if (record) reportOldCredential(this.#process, record);
    return NO_CHANGES;
  }

  async create(inputs: Properties) {
    const outcome = await this.#settle({ accounts: [], removed: [], isUndelivered: false }, inputs);
    const id = randomUUID();
    const { record, reasons } = outcome;
    if (reasons.length === 0) return { id, outs: toSetOutputs(this.#kind, record, inputs) };
    // Without any secret there is nothing to keep.
    if (record.accounts.every(({ record: own }) => !own.current && !own.pending)) throw toFailure(reasons);
    throw this.#toPartialFailure(id, { ...record, isUndelivered: true }, inputs, reasons);
  }

  async update(id: string, olds: Properties, news: Properties) {
    const recorded = this.toRecord(olds);
    const { record, reasons, isDelivering } = await this.#settle(recorded, news);
    if (reasons.length > 0 && !isDelivering) throw this.#toPartialFailure(id, record, news, reasons);
    if (reasons.length > 0) {
      const end = "This run hands out the values of the others. The next 'pulumi up' tries these again.";
      this.#process.report(`${reasons.length === 1 ? "" : `${reasons.length} failures: `}${reasons.join(" ")} ${end}`);
    }
    return { outs: toSetOutputs(this.#kind, record, news) };
  }

  async read(id: string, outputs: Properties) {
    const recorded = this.toRecord(outputs);
    const names = [...recorded.accounts.map(({ name }) => name), ...recorded.removed.map(({ clientId }) => clientId)];
    const records = [...recorded.accounts.map(({ record }) => record), ...recorded.removed];
    const outcomes = await forEachOf(CONCURRENCY_WITHOUT_INPUTS, records, (record, index) =>
      this.#attempt(
        names[index] ?? "",
        record,
        async () => ({ record: await readAccount(this.#process, record) }),
        true,
      ),
    );
    const failures = outcomes.flatMap(({ failure }) => failure ?? []);
    const reasons = toReasons(failures);
    if (failures.length > 0 && failures.length === records.length) throw toFailure(reasons);
    for (const reason of reasons) this.#process.report(`The record stays. ${reason}`);
    const seen = outcomes.map(({ record }, index) => record ?? records[index]);
    const accounts = recorded.accounts.map(({ name, record }, index) => ({ name, record: seen[index] ?? record }));
    const removed = recorded.removed.map((record, index) => seen[recorded.accounts.length + index] ?? record);
    return { id, props: toSetOutputs(this.#kind, { ...recorded, accounts, removed }, outputs) };
  }

  async remove({ accounts, removed }: SetRecord): Promise<void> {
    const all = [...accounts, ...removed.map((record) => ({ name: record.clientId, record }))];
    const outcomes = await forEachOf(CONCURRENCY_WITHOUT_INPUTS, all, ({ name, record }) =>
      this.#attempt(name, record, async () => deleteAccount(this.#process, record).then(() => ({})), true),
    );
    const failures = outcomes.flatMap(({ failure }) => failure ?? []);
    if (failures.length > 0) throw toFailure(toReasons(failures));
  }

  /** Reads a record and remembers what the stack holds. */
  toRecord(outputs: Properties): SetRecord {
    const recorded = toSetRecord(this.#kind, outputs);
    for (const { record } of recorded.accounts) noteRecord(this.#process, record);
    for (const record of recorded.removed) noteRecord(this.#process, record);
    return recorded;
  }

  /** Does what is due on every account. `isDelivering`: whether consumers get something that they did not have. */
  async #settle(
    recorded: SetRecord,
    given: Properties,
  ): Promise<{ readonly record: SetRecord; readonly reasons: readonly string[]; readonly isDelivering: boolean }> {
    const { accounts, concurrency } = toSetInputValues(this.#kind, given);
    const members = matchAccounts(recorded, accounts, (inputs) => inputs);
    const outcomes = await this.#settleMembers(members, concurrency);
    const count = members.declared.length;
    const declared = members.declared.map(({ name, inputs, recorded: own }, index) => ({
      name,
      record: outcomes[index]?.record ?? own ?? toEmptyRecord(inputs),
    }));
    const removed = outcomes.slice(count).flatMap(({ record }) => record ?? []);
    const reasons = toReasons(outcomes.flatMap(({ failure }) => failure ?? []));
    const [before, after] = [toGivenOut(recorded.accounts), toGivenOut(declared)];
    const isDelivering = recorded.isUndelivered || before !== after;
    return { record: { accounts: declared, removed, isUndelivered: false }, reasons, isDelivering };
  }

  #settleMembers(
    { declared, removed }: SetMembers<RotationInputValues>,
    concurrency: number,
  ): Promise<readonly MemberOutcome[]> {
    const works = [
      ...declared.map((member) => () => this.#settleMember(member)),
      ...removed.map(
        (record) => () =>
          this.#attempt(record.clientId, record, async () => ({ record: await this.#removeMember(record) })),
      ),
    ];
    return forEachOf(concurrency, works, (work) => work());
  }

  async #settleMember({ name, inputs, recorded }: DeclaredMember<RotationInputValues>): Promise<MemberOutcome> {
    const process = this.#process;
    if (!recorded) return this.#attempt(name, toEmptyRecord(inputs), () => issueFirst(process, inputs));
    const looked = await this.#lookIfBack(name, recorded);
    const { record } = looked;
    return record && !looked.failure
      ? this.#attempt(name, record, () => settleAccount(process, record, inputs))
      : looked;
  }

  /** A killed run may have deleted secrets of an account that comes back. */
  async #lookIfBack(name: string, recorded: RotationRecord): Promise<MemberOutcome> {
    const { removedAtMs, ...record } = recorded;
    if (removedAtMs === undefined) return { record };
    return this.#attempt(name, recorded, async () => ({ record: await readAccount(this.#process, record) }));
  }

  /** Nothing goes in the run in which an account leaves: only when that has ended do its consumers do without. */
  async #removeMember(record: RotationRecord): Promise<RotationRecord | undefined> {
    if (record.removedAtMs !== undefined) return retireRemoved(this.#process, record);
    const isEmpty = toRecordedIds(record).length === 0;
    return isEmpty ? undefined : { ...record, removedAtMs: this.#process.clock.now() };
  }

  /** Works on one account; a failure keeps its record, and nothing else from its work. */
  async #attempt(
    name: string,
    record: RotationRecord,
    work: () => Promise<{ readonly record?: RotationRecord | undefined; readonly failure?: string | undefined }>,
    isRecorded = false,
  ): Promise<MemberOutcome> {
    try {
      const { record: after, failure } = await work();
      return { record: after, ...(failure !== undefined && { failure: { name, message: failure, shared: failure } }) };
    } catch (error) {
      // Also one that nobody expected must not lose what was made for the others.
      const failure =
        error instanceof AtlasSecretsError ? error : new AtlasSecretsError("state", redact(String(error)));
      const { message } = explainFor(toAccountRef(record), failure, isRecorded ? this.#process : undefined);
      return { record, failure: { name, message, shared: failure.message } };
    }
  }

  #toPartialFailure(id: string, record: SetRecord, inputs: Properties, reasons: readonly string[]): PartialFailure {
    const outs = toSetOutputs(this.#kind, record, inputs);
    return new PartialFailure(id, { ...outs, [PROVIDER_KEY]: inputs[PROVIDER_KEY] }, reasons);
  }
}

const NEW_ACCOUNT: RotationVerdict = {
  action: "issue",
  reason: Reason.CurrentMissing,
  properties: ["accounts"],
  message: "it is new in the set: 'pulumi up' makes its first secret.",
};

const ACCOUNT_IS_BACK: RotationVerdict = {
  action: "update",
  reason: Reason.AccountRemoved,
  properties: ["accounts"],
  message: "it is in the set again: 'pulumi up' looks at what is left of its secrets, and goes on with them.",
};

function decideMember(recorded: RotationRecord | undefined, inputs: DesiredRotation, nowMs: number): RotationVerdict {
  if (!recorded) return NEW_ACCOUNT;
  return recorded.removedAtMs === undefined ? decideRotation(recorded, inputs, nowMs) : ACCOUNT_IS_BACK;
}

function toKnownOwner({ projectId, orgId, clientId }: DesiredRotation): OwnerInputs | undefined {
  if (clientId === Unknown || projectId === Unknown || orgId === Unknown) return undefined;
  return { clientId, ...(projectId !== undefined && { projectId }), ...(orgId !== undefined && { orgId }) };
}

/** Nothing that is to be seen in each run. */
function isWaiting({ action, reason }: RotationVerdict): boolean {
  return action === "keep" && reason === Reason.AccountRemoved;
}

/** What consumers have by names, for a comparison. */
function toGivenOut(accounts: SetRecord["accounts"]): string {
  const given = accounts.flatMap(({ name, record: { current, removedAtMs } }) =>
    current && removedAtMs === undefined ? [[name, current.secretId]] : [],
  );
  return JSON.stringify(given.sort());
}

/** How many accounts are named where several have one thing in common. */
const MOST_NAMES = 10;

function listNames(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more > 1 ? `${names.slice(0, MOST_NAMES).join(", ")} and ${more} more` : names.join(", ");
}

/** One line for an account; accounts of which the same is to be said share one. */
function reportVerdicts(
  process: ProviderProcess,
  verdicts: readonly {
    readonly name: string;
    readonly record?: RotationRecord | undefined;
    readonly verdict: RotationVerdict;
  }[],
): void {
  const groups = new Map<string, (typeof verdicts)[number][]>();
  for (const found of verdicts) {
    const { action, reason } = found.verdict;
    if (reason === Reason.UpToDate || reason === Reason.SettingsChanged) continue;
    const key = `${action} ${reason}`;
    groups.set(key, [...(groups.get(key) ?? []), found]);
  }
  for (const [first, ...rest] of groups.values()) {
    if (!first) continue;
    const { name, record, verdict } = first;
    const what = record ? `${name} (${describeAccount(toAccountRef(record))})` : name;
    const same =
      rest.length > 0 ? ` The same goes for ${rest.length} more: ${listNames(rest.map((other) => other.name))}.` : "";
    process.report(`${what}: ${verdict.message}${same}`);
  }
}

/** One reason for each failure, with the accounts that it is about. */
function toReasons(failures: readonly Failure[]): string[] {
  const groups = new Map<string, Failure[]>();
  for (const failure of failures) groups.set(failure.shared, [...(groups.get(failure.shared) ?? []), failure]);
  return [...groups.values()].map((group) => {
    const [{ message, shared, name } = { message: "", shared: "", name: "" }] = group;
    if (group.length === 1) return `${name}: ${message}`;
    return `${shared} This was for ${group.length} accounts: ${listNames(group.map((failure) => failure.name))}.`;
  });
}

function toFailure(reasons: readonly string[]): AtlasSecretsError {
  return new AtlasSecretsError("partial", reasons.join(" "));
}

/** Does the same with each item, so many at once, and resolves with the results in their order. */
async function forEachOf<T, R>(
  atOnce: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const turns = new Semaphore(atOnce);
  return Promise.all(items.map((item, index) => turns.runExclusive(() => work(item, index))));
}
