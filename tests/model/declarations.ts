/** What one stack declares, and how it changes from run to run. */
import { isDeepStrictEqual } from "node:util";
import type { ModelStack, Program, StoredResource } from "./model-stack.js";
import type { AccountName, Change, Declared } from "./steps.js";

/** Ids of the world that a program names. */
export interface Places {
  readonly projectId: string;
  readonly otherProjectId: string;
  readonly clientIds: Readonly<Record<AccountName, string>>;
}

/** A declared secret with the ids that it allows to remove. */
type Entry = Declared & { readonly mayRemove: readonly string[] };

const OTHER_HOURS = 48;

/** Ends the name of a rotating resource, which is of another class. */
const ROTATING = "-rotating";

export class Declarations {
  readonly #places: Places;
  readonly #entries = new Map<string, Entry>();
  /** What it declared before the last change was undone. */
  #undone: ReadonlyMap<string, Entry> | undefined;
  #names = 0;

  constructor(places: Places, declared: readonly Declared[]) {
    this.#places = places;
    for (const one of declared) this.#entries.set(this.#createName(), { ...one, mayRemove: [] });
  }

  /** Accounts that it names now. */
  accounts(): AccountName[] {
    return [...this.#entries.values()].map(({ account }) => account);
  }

  /** Leaves one resource on each account, and none on those of somebody else. */
  keepOneOnEach(taken: readonly AccountName[] = []): void {
    this.redo();
    const seen = new Set(taken);
    for (const [name, { account }] of this.#entries) {
      if (seen.has(account)) this.#entries.delete(name);
      seen.add(account);
    }
  }

  /** Name of the resource that a step is about; `undefined` when none is declared. */
  nameOf(target: number): string | undefined {
    const names = Object.keys(this.toProgram());
    return names[target % names.length];
  }

  /** Ids that it allows to remove. */
  removable(): string[] {
    return [...this.#entries.values()].flatMap(({ mayRemove }) => mayRemove);
  }

  /**
   * Changes one of the resources.
   *
   * @param toRemovable gives a secret of an account that the user may name in `mayRemove`
   */
  change(
    change: Change,
    target: number,
    toRemovable: (account: AccountName, pick: number) => string | undefined,
  ): void {
    const names = [...this.#entries.keys()];
    const name = names[target % names.length];
    const entry = name === undefined ? undefined : this.#entries.get(name);
    if (name === undefined || !entry) return;
    switch (change.what) {
      case "twin":
        if (names.length > 1) this.#entries.delete(name);
        else this.#entries.set(this.#createName(), { ...entry, mayRemove: [], hours: OTHER_HOURS });
        return;
      case "rename":
        this.#entries.delete(name);
        this.#entries.set(this.#createName(), entry);
        return;
      case "taint":
        return;
      case "mayRemove": {
        const id = change.pick === undefined ? undefined : toRemovable(entry.account, change.pick);
        this.#entries.set(name, { ...entry, mayRemove: id === undefined ? [] : [...entry.mayRemove, id] });
        return;
      }
      default:
        this.#entries.set(name, { ...entry, ...toChanged(entry, change) });
    }
  }

  /** Lets a resource remove these ids. */
  allow(name: string, ids: readonly string[]): void {
    const entry = this.#entries.get(name);
    if (entry) this.#entries.set(name, { ...entry, mayRemove: [...entry.mayRemove, ...ids] });
  }

  /** Makes every secret due. */
  changeTriggers(): void {
    for (const [name, entry] of this.#entries) this.#entries.set(name, { ...entry, trigger: entry.trigger + 1 });
  }

  /** Declares again what the secrets of a stack were issued for, and no window, until `redo`; false when each one is declared so already. */
  undo({ resources }: ModelStack): boolean {
    const declared = new Map(this.#entries);
    let isChanged = false;
    for (const [name, entry] of this.#entries) {
      const { outputs } = resources.get(entry.isRotating ? `${name}${ROTATING}` : name) ?? {};
      if (!outputs) {
        // What is declared anew waits as well.
        this.#entries.delete(name);
        isChanged = true;
        continue;
      }
      const { projectId, clientId, secretExpiresAfterHours, issuedForHours, issuedForTriggers } = outputs;
      const { version: trigger = entry.trigger } = (issuedForTriggers ?? {}) as { version?: number };
      const isSame = clientId === this.#places.clientIds[entry.account];
      const isElsewhere = isSame ? projectId === this.#places.otherProjectId : entry.isElsewhere;
      const hours = Number(issuedForHours ?? secretExpiresAfterHours);
      const before = { trigger, hours, window: "none", isElsewhere } as const;
      if (isDeepStrictEqual({ ...entry, ...before }, entry)) continue;
      this.#entries.set(name, { ...entry, ...before });
      isChanged = true;
    }
    if (isChanged) this.#undone = declared;
    return isChanged;
  }

  /** Declares what was undone; false when nothing was. */
  redo(): boolean {
    const undone = this.#undone;
    this.#undone = undefined;
    for (const [name, { trigger, hours, window, isElsewhere, ...rest }] of undone ?? []) {
      this.#entries.set(name, { ...rest, ...this.#entries.get(name), trigger, hours, window, isElsewhere });
    }
    return undone !== undefined;
  }

  /** Names every account by the project that it is managed in; false when each one is already. */
  returnToProject(): boolean {
    const away = [...this.#entries].filter(([, { isElsewhere }]) => isElsewhere);
    for (const [name, entry] of away) this.#entries.set(name, { ...entry, isElsewhere: false });
    return away.length > 0;
  }

  /** Lets every resource remove expired secrets; false when each one does already. */
  reclaimExpired(): boolean {
    const strict = [...this.#entries].filter(([, { reclaimExpired }]) => !reclaimExpired);
    for (const [name, entry] of strict) this.#entries.set(name, { ...entry, reclaimExpired: true });
    return strict.length > 0;
  }

  /** Lowers every lifetime to what any organization allows. */
  lowerHours(hours: number): void {
    for (const [name, entry] of this.#entries)
      this.#entries.set(name, { ...entry, hours: Math.min(entry.hours, hours) });
  }

  /** @param stored what the stack holds before the run */
  toProgram(stored: readonly StoredResource[] = []): Program {
    const all = [...this.#entries.values()];
    const toInputs = (name: string, entry: Entry) => {
      const { account, isElsewhere, hours, window, trigger, verify, reclaimExpired, mayRemove } = entry;
      const windowHours = window === "none" ? 0 : window === "longest" ? hours - 1 : Math.floor(hours / 3);
      // The resource class refuses a second one on an account that is called exclusive.
      const isAlone = all.filter((other) => other.account === account).length === 1;
      // Nobody calls it exclusive who has just moved another resource away from it.
      const isVacated = stored.every(
        ({ name: other, outputs }) =>
          toEntryName(other) === name ||
          !this.#entries.has(toEntryName(other)) ||
          outputs.clientId !== this.#places.clientIds[account],
      );
      return {
        projectId: isElsewhere ? this.#places.otherProjectId : this.#places.projectId,
        clientId: this.#places.clientIds[account],
        secretExpiresAfterHours: hours,
        rotateBeforeExpiryHours: windowHours,
        triggers: { version: trigger },
        verify,
        reclaimExpired,
        mayRemove,
        exclusive: entry.exclusive && isAlone && isVacated,
        ...(entry.isRotating &&
          isAlone && {
            overlapHours: Math.min(entry.overlapHours, hours - windowHours),
            quietHours: entry.quietHours,
          }),
      };
    };
    return Object.fromEntries(
      [...this.#entries].map(([name, entry]) => {
        const inputs = toInputs(name, entry);
        return ["quietHours" in inputs ? `${name}${ROTATING}` : name, inputs];
      }),
    );
  }

  #createName(): string {
    this.#names += 1;
    return `secret-${this.#names}`;
  }
}

function toEntryName(resource: string): string {
  return resource.endsWith(ROTATING) ? resource.slice(0, -ROTATING.length) : resource;
}

function toChanged(
  entry: Entry,
  change: Exclude<Change, { what: "twin" | "rename" | "mayRemove" | "taint" }>,
): Partial<Entry> {
  switch (change.what) {
    case "hours":
      return { hours: change.hours };
    case "window":
      return { window: change.window };
    case "account":
      return { account: change.account, isElsewhere: false };
    case "project":
      return { isElsewhere: !entry.isElsewhere };
    case "overlap":
      return { overlapHours: change.hours };
    case "trigger":
      return { trigger: entry.trigger + 1 };
    case "quiet":
      return { quietHours: 24 - entry.quietHours };
    default:
      return { [change.what]: !entry[change.what] };
  }
}
