/**
 * Watches every exchange of stacks with a simulated Atlas and notes each breach of what must always hold: what may be deleted
 * and why, how many secrets may be asked for, and that a creation whose answer was lost is looked for before the next one. It
 * knows the truth that the provider has to infer: who created what, and what the states record.
 */
import type { Change, Exchange } from "atlas-simulator";
import { mayGo } from "./ledger-rules.js";
import type { ModelStack } from "./model-stack.js";
import { countShown, type Doubt, Sight } from "./sight.js";
import { isTimedOut, toCaller, toSentMs } from "./virtual-atlas.js";

/** How long after a lost answer was given up the account has to be looked at once more before anything is written. */
const GRACE_MS = 30_000;

/** A call of a run: `stack#run: create name`. */
export interface Caller {
  readonly stack: string;
  readonly run: string;
  readonly call: string;
  /** Name of the resource, or id to delete. */
  readonly subject: string;
}

/** A secret that a stack asked for. */
export interface Birth {
  readonly secretId: string;
  readonly clientId: string;
  readonly run: string;
  readonly stack: string;
}

export class Ledger {
  /** What must not have happened, in words. */
  readonly breaches: string[] = [];
  /** Ids that are the credential of every provider. */
  readonly configuredIds = new Set<string>();
  /** The id that is the credential of one stack's provider, by the stack. */
  readonly credentialIds = new Map<string, string>();
  /** Secrets that runs of stacks created, by id. */
  readonly births = new Map<string, Birth>();
  /** Which stack deleted a secret that was not expired, by its id. */
  readonly deaths = new Map<string, string>();
  /** Requests by run. */
  readonly requests = new Map<string, number>();
  /** Runs that looked at an account while they created a secret there, by client id. */
  readonly creators = new Map<string, Set<string>>();
  readonly #stacks: () => readonly ModelStack[];
  readonly #nowMs: () => number;
  readonly #sights = new Map<string, Sight>();

  constructor(stacks: () => readonly ModelStack[], nowMs: () => number) {
    this.#stacks = stacks;
    this.#nowMs = nowMs;
  }

  /** Whether a run of a stack created the secret, rather than somebody else. */
  isOurs(secretId: string): boolean {
    return this.births.has(secretId);
  }

  /** Whether a run of the stack deleted the secret before it had expired. */
  deletedBy(secretId: string, stack: string): boolean {
    return this.deaths.get(secretId) === stack;
  }

  note(exchange: Exchange): void {
    const caller = parseCaller(toCaller(exchange));
    if (!caller) return;
    this.requests.set(caller.run, (this.requests.get(caller.run) ?? 0) + 1);
    const [, clientId] = /\/serviceAccounts\/([^/?]+)/.exec(exchange.target) ?? [];
    if (clientId === undefined) return;
    const sight = this.#toSight(caller.run, clientId);
    const wasFresh = sight.isFresh;
    if (caller.call === "create" || caller.call === "replace") {
      if (exchange.method === "GET") this.#noteLook(exchange, sight, caller, clientId);
      else this.#judgeWrite(exchange, sight, caller);
    } else if (exchange.method === "POST" || (exchange.method === "DELETE" && caller.call !== "delete")) {
      this.#breach(caller, `sends ${exchange.method} during ${caller.call}`);
    }
    for (const change of exchange.changes) {
      const { secretId } = change;
      if (change.kind === "deleted") {
        this.#judgeDeletion(change, sight, caller);
        if (Date.parse(change.expiresAt) > this.#nowMs()) this.deaths.set(secretId, caller.stack);
      } else this.births.set(secretId, { secretId, clientId, run: caller.run, stack: caller.stack });
    }
    if (exchange.method === "POST") this.#noteCreation(exchange, sight, caller);
    if (exchange.method === "DELETE") sight.noteDeletion(exchange);
    // Refused for want of a token that is still valid: sent again with another one, it is still the same decision.
    const { outcome } = exchange;
    if (exchange.method !== "GET" && outcome.kind === "answer" && outcome.status === 401) sight.isFresh = wasFresh;
  }

  #noteLook(exchange: Exchange, sight: Sight, { run }: Caller, clientId: string): void {
    if (isTimedOut(exchange, this.#nowMs()) || !sight.noteLook(exchange, this.#nowMs())) return;
    const creators = this.creators.get(clientId) ?? new Set();
    this.creators.set(clientId, creators.add(run));
  }

  #judgeWrite({ method }: Exchange, sight: Sight, caller: Caller): void {
    if (!sight.isFresh) this.#breach(caller, `sends ${method} without a look after the last write`);
    sight.isFresh = false;
    const { doubt } = sight;
    const graceMs = doubt?.subject === caller.subject ? GRACE_MS : 0;
    if (doubt && sight.lookedAtMs - doubt.givenUpMs < graceMs)
      this.#breach(caller, `sends ${method} before it has looked for what a lost answer left, after the grace`);
    if (method === "POST" && countShown(sight) >= 2) this.#breach(caller, "asks for a third secret");
  }

  #noteCreation(exchange: Exchange, sight: Sight, { subject }: Caller): void {
    const { outcome, body } = exchange;
    const isAnswered = outcome.kind === "answer" && !isTimedOut(exchange, this.#nowMs());
    const isRefused = isAnswered && outcome.status >= 400 && outcome.status < 500 && outcome.status !== 408;
    const isGiven = isAnswered && outcome.status === 201 && /"secret":"/.test(outcome.body);
    const isUnsent = outcome.kind === "closed" && outcome.isUnread;
    if (isGiven) sight.noteCreated(exchange);
    if (isRefused || isGiven || isUnsent) return;
    const { secretExpiresAfterHours: hours } = JSON.parse(body) as { secretExpiresAfterHours: number };
    sight.doubt = {
      subject,
      known: new Set(sight.shown.keys()),
      hours,
      sentMs: toSentMs(exchange) ?? this.#nowMs(),
      givenUpMs: this.#nowMs(),
    };
  }

  #judgeDeletion({ secretId, expiresAt }: Change, sight: Sight, caller: Caller): void {
    if (this.configuredIds.has(secretId) || this.credentialIds.get(caller.stack) === secretId)
      this.#breach(caller, `deletes the provider's own credential ${secretId}`);
    if (caller.call === "delete") {
      if (!caller.subject.endsWith(`/${secretId}`)) this.#breach(caller, `deletes ${secretId}`);
      return;
    }
    const stack = this.#stacks().find(({ name }) => name === caller.stack);
    const problem = mayGo({
      secretId,
      expiresAtMs: Date.parse(expiresAt),
      nowMs: this.#nowMs(),
      recorded: stack?.recordOf(secretId),
      isOwnLost: sight.doubt !== undefined && this.births.get(secretId)?.run === caller.run,
      sight,
      inputs: stack?.declared[caller.subject] ?? {},
    });
    if (problem) this.#breach(caller, `deletes ${secretId}, ${problem}`);
  }

  #toSight(run: string, clientId: string): Sight {
    const key = `${run} ${clientId}`;
    const sight = this.#sights.get(key) ?? new Sight();
    this.#sights.set(key, sight);
    return sight;
  }

  #breach(caller: Caller, what: string): void {
    this.breaches.push(`${caller.run}: ${caller.call} ${caller.subject} ${what}`);
  }
}

export type { Doubt };

function parseCaller(text: string): Caller | undefined {
  const [, stack = "", number = "", call = "", subject = ""] = /^(.+)#(\d+): (\S+) (.*)$/.exec(text) ?? [];
  return call === "" ? undefined : { stack, run: `${stack}#${number}`, call, subject };
}
