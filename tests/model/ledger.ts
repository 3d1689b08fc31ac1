/**
 * Watches every exchange of stacks with a simulated Atlas and notes each breach of what must always hold: what may be deleted
 * and why, how many secrets may be asked for, and that a creation whose answer was lost is looked for before the next one. It
 * knows the truth that the provider has to infer: who created what, and what the states record.
 */
import type { Change, Exchange } from "pulumi-atlas-secrets-simulator";
import { findProblem, type Role } from "./ledger-rules.js";
import type { ModelStack } from "./model-stack.js";
import { countShown, type Doubt, parseAnswer, Sight } from "./sight.js";
import { toRecordedIds } from "./stored-outputs.js";
import { isTimedOut, toCaller, toReleasedMs } from "./virtual-atlas.js";

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
  /** Runs to which a look showed a secret while they created another one, by its id. */
  readonly #seers = new Map<string, Set<string>>();
  /** Runs that came to a good end, so that what they saw was told. */
  readonly goodRuns = new Set<string>();
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

  /** Whether a later run of its stack than the one that created the secret came to see it, and to a good end. */
  wasSeen(secretId: string): boolean {
    const birth = this.births.get(secretId);
    const seers = [...(this.#seers.get(secretId) ?? [])].filter((run) => this.goodRuns.has(run));
    return seers.some((run) => run !== birth?.run && run.startsWith(`${birth?.stack}#`));
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
    if (clientId === undefined) {
      this.#noteMint(exchange, caller);
      this.#noteList(exchange, caller);
      return;
    }
    const sight = this.#toSight(caller.run, clientId);
    const wasFresh = sight.isFresh;
    if (this.#mayWrite(caller)) {
      if (exchange.method === "GET") this.#noteLook(exchange, sight, caller);
      else this.#judgeWrite(exchange, sight, caller);
    } else if (exchange.method === "POST" || (exchange.method === "DELETE" && caller.call !== "delete")) {
      this.#breach(caller, `sends ${exchange.method} during ${caller.call}`);
    }
    for (const change of exchange.changes) {
      const { secretId } = change;
      if (change.kind === "deleted") {
        const isPrevious = this.#roleOf(secretId, caller) === "previous";
        this.#judgeDeletion(change, sight, caller);
        const isLive = Date.parse(change.expiresAt) > this.#nowMs();
        // Whoever still uses the previous one of a rotating resource had the time of its overlap.
        if (isLive && !isPrevious) this.deaths.set(secretId, caller.stack);
      } else this.births.set(secretId, { secretId, clientId, run: caller.run, stack: caller.stack });
    }
    if (exchange.method === "POST") this.#noteCreation(exchange, sight, caller);
    if (exchange.method === "DELETE") sight.noteDeletion(exchange);
    // Refused for want of a token that is still valid: sent again with another one, it is still the same decision.
    const { outcome } = exchange;
    if (exchange.method !== "GET" && outcome.kind === "answer" && outcome.status === 401) sight.isFresh = wasFresh;
  }

  /** Creations ask for secrets; a rotating resource does so in updates as well. */
  #mayWrite({ stack, call, subject }: Caller): boolean {
    if (call === "create" || call === "replace") return true;
    return call === "update" && this.#find(stack)?.declared[subject]?.quietHours !== undefined;
  }

  /** What a secret is to the resource that a call is about, as the state holds it. */
  #roleOf(secretId: string, { stack, call, subject }: Caller): Role {
    if (call !== "update") return "other";
    const { outputs = {} } = this.#find(stack)?.resources.get(subject) ?? {};
    if (outputs.pendingSecretId === secretId) return "pending";
    if (outputs.previousSecretId === secretId) return "previous";
    return outputs.secretId === secretId ? "current" : "other";
  }

  #find(stack: string): ModelStack | undefined {
    return this.#stacks().find(({ name }) => name === stack);
  }

  /** Remembers for which accounts a run was told that a pair is not valid. */
  #noteMint({ outcome, headers }: Exchange, { run }: Caller): void {
    if (outcome.kind !== "answer" || !outcome.body.includes("invalid_client")) return;
    const pair = Buffer.from(String(headers.authorization).slice("Basic ".length), "base64").toString();
    this.#toSight(run, pair.split(":")[0] ?? "").isToldInvalid = true;
  }

  /** A list of accounts is a look at each of them, for every call of the run; which of them a call comes to see, only it knows. */
  #noteList(exchange: Exchange, { run }: Caller): void {
    if (exchange.method !== "GET" || isTimedOut(exchange, this.#nowMs())) return;
    const { results } = parseAnswer(exchange);
    for (const { clientId, secrets } of Array.isArray(results) ? (results as Record<string, unknown>[]) : [])
      this.#toSight(run, String(clientId)).noteShown(secrets, this.#nowMs());
  }

  #noteLook(exchange: Exchange, sight: Sight, { run, subject }: Caller): void {
    const isSeen = !isTimedOut(exchange, this.#nowMs());
    if (!isSeen || !sight.noteShown(parseAnswer(exchange).secrets, this.#nowMs())) return;
    sight.ownLooks.set(subject, [...sight.shown.keys()]);
    for (const id of sight.shown.keys()) {
      const seers = this.#seers.get(id) ?? new Set();
      this.#seers.set(id, seers.add(run));
    }
  }

  #judgeWrite({ method, changes }: Exchange, sight: Sight, caller: Caller): void {
    if (!sight.isFresh) this.#breach(caller, `sends ${method} without a look after the last write`);
    sight.isFresh = false;
    const { doubt } = sight;
    const graceMs = doubt?.subject === caller.subject ? GRACE_MS : 0;
    if (doubt && sight.lookedAtMs - doubt.givenUpMs < graceMs)
      this.#breach(caller, `sends ${method} before it has looked for what a lost answer left, after the grace`);
    // A list that was answered in between may show what this very request made.
    const made = new Set(changes.map(({ secretId }) => secretId));
    if (method === "POST" && countShown(sight, caller.subject, made) >= 2)
      this.#breach(caller, "asks for a third secret");
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
      sentMs: toReleasedMs(exchange) ?? this.#nowMs(),
      givenUpMs: this.#nowMs(),
    };
  }

  #judgeDeletion({ secretId, expiresAt }: Change, sight: Sight, caller: Caller): void {
    if (this.configuredIds.has(secretId) || this.credentialIds.get(caller.stack) === secretId)
      this.#breach(caller, `deletes the provider's own credential ${secretId}`);
    const stack = this.#find(caller.stack);
    if (caller.call === "delete") {
      const doomed = stack?.stored().filter(({ id }) => id === caller.subject) ?? [];
      const isAskedFor = doomed.some(({ outputs }) => toRecordedIds(outputs).includes(secretId));
      if (!isAskedFor) this.#breach(caller, `deletes ${secretId}`);
      return;
    }
    const problem = findProblem({
      secretId,
      expiresAtMs: Date.parse(expiresAt),
      nowMs: this.#nowMs(),
      recorded: stack?.recordOf(secretId),
      isOwnLost: sight.doubt !== undefined && this.births.get(secretId)?.run === caller.run,
      sight,
      inputs: stack?.declared[caller.subject] ?? {},
      role: this.#roleOf(secretId, caller),
      outputs: stack?.resources.get(caller.subject)?.outputs ?? {},
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
