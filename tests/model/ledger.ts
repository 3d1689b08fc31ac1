/**
 * Watches every exchange of stacks with a simulated Atlas and notes each breach of what must always hold: what may be deleted,
 * how many secrets may be asked for, and that a creation whose answer was lost is looked for before the next one. It knows the
 * truth that the provider has to infer: who created what, and what the states record.
 */
import type { Change, Exchange } from "atlas-simulator";
import type { ModelStack } from "./model-stack.js";
import { toCaller } from "./virtual-atlas.js";

/** What one run has seen of one account. */
interface Sight {
  /** How many secrets it held by the last answer, as changed by the run since. */
  held: number;
  /** Whether a creation had no usable answer, and the account was not looked at since. */
  isInDoubt: boolean;
}

/** A call of a run: `stack#run: create name`. */
interface Caller {
  readonly stack: string;
  readonly run: string;
  readonly call: string;
  /** Name of the resource, or id to delete. */
  readonly subject: string;
}

export class Ledger {
  /** What must not have happened, in words. */
  readonly breaches: string[] = [];
  /** Ids that are the credential of a provider. */
  readonly configuredIds = new Set<string>();
  readonly #stacks: () => readonly ModelStack[];
  readonly #nowMs: () => number;
  /** Which run created a secret. */
  readonly #births = new Map<string, string>();
  readonly #sights = new Map<string, Sight>();

  constructor(stacks: () => readonly ModelStack[], nowMs: () => number) {
    this.#stacks = stacks;
    this.#nowMs = nowMs;
  }

  /** Whether a run of a stack created the secret, rather than somebody else. */
  isOurs(secretId: string): boolean {
    return this.#births.has(secretId);
  }

  note(exchange: Exchange): void {
    const caller = parseCaller(toCaller(exchange));
    if (!caller) return;
    const [, clientId] = /\/serviceAccounts\/([^/?]+)/.exec(exchange.target) ?? [];
    if (clientId !== undefined) this.#noteCall(exchange, caller, clientId);
    for (const change of exchange.changes) {
      if (change.kind === "created") this.#births.set(change.secretId, caller.run);
      else this.#judgeDeletion(change, caller);
    }
  }

  #noteCall({ method, outcome, fault }: Exchange, caller: Caller, clientId: string): void {
    const key = `${caller.run} ${clientId}`;
    const sight = this.#sights.get(key) ?? { held: 0, isInDoubt: false };
    this.#sights.set(key, sight);
    const isAnswered = outcome.kind === "answer" && fault !== "delay";
    if (method === "GET" && isAnswered && outcome.status === 200) {
      const held = countSecrets(outcome.body);
      if (held !== undefined) Object.assign(sight, { held, isInDoubt: false });
    }
    if (method === "DELETE") sight.held -= 1;
    if (method !== "POST") return;
    if (caller.call !== "create" && caller.call !== "replace")
      this.#breach(caller, `asks for a secret during ${caller.call}`);
    if (sight.isInDoubt) this.#breach(caller, "asks again before it has looked for what a lost answer left");
    if (sight.held >= 2) this.#breach(caller, "asks for a third secret");
    const isRefused = isAnswered && outcome.status >= 400 && outcome.status < 500 && outcome.status !== 408;
    const isGiven = isAnswered && outcome.status === 201 && fault !== "no-secret" && fault !== "malformed";
    if (isGiven) sight.held += 1;
    const isUnsent = outcome.kind === "closed" && outcome.isUnread;
    sight.isInDoubt = !isRefused && !isGiven && !isUnsent;
  }

  #judgeDeletion({ secretId, expiresAt }: Change, caller: Caller): void {
    if (this.configuredIds.has(secretId)) this.#breach(caller, `deletes the provider's own credential ${secretId}`);
    if (caller.call === "delete") {
      if (!caller.subject.endsWith(`/${secretId}`)) this.#breach(caller, `deletes ${secretId}`);
      return;
    }
    if (caller.call !== "create" && caller.call !== "replace")
      this.#breach(caller, `deletes ${secretId} during ${caller.call}`);
    if (Date.parse(expiresAt) <= this.#nowMs()) return;
    const recorder = this.#stacks().find((stack) => stack.recordedIds().has(secretId));
    if (recorder) this.#breach(caller, `deletes the live secret ${secretId}, which ${recorder.name} records`);
    if (this.#births.get(secretId) === caller.run) return;
    const inputs = this.#stacks().find(({ name }) => name === caller.stack)?.declared[caller.subject] ?? {};
    const mayRemove = Array.isArray(inputs.mayRemove) && inputs.mayRemove.includes(secretId);
    if (!mayRemove && inputs.exclusive !== true)
      this.#breach(caller, `deletes the live secret ${secretId} of somebody else`);
  }

  #breach(caller: Caller, what: string): void {
    this.breaches.push(`${caller.run}: ${caller.call} ${caller.subject} ${what}`);
  }
}

function parseCaller(text: string): Caller | undefined {
  const [, stack = "", number = "", call = "", subject = ""] = /^(.+)#(\d+): (\S+) (.*)$/.exec(text) ?? [];
  return call === "" ? undefined : { stack, run: `${stack}#${number}`, call, subject };
}

function countSecrets(body: string): number | undefined {
  try {
    const { secrets } = JSON.parse(body) as { secrets?: unknown };
    return Array.isArray(secrets) ? secrets.length : undefined;
  } catch {
    return undefined; // Broken on purpose: it showed nothing.
  }
}
