/**
 * Watches the exchanges of a stack with a rotating resource: its current secret and somebody else's are never deleted while they
 * live, the previous one not before its overlap is over, and a creation is asked for only after the looks that it needs.
 */
import type { Change, Exchange } from "pulumi-atlas-secrets-simulator";
import type { Properties } from "../../provider/src/protocol.js";
import { toCaller } from "../model/virtual-atlas.js";

export class RotationWatch {
  readonly breaches: string[] = [];
  readonly #outputs: () => Properties;
  readonly #nowMs: () => number;
  /** Ids of the secrets that the stack asked for. */
  readonly #own = new Set<string>();
  /** How many secrets the account holds by the last look of the run, as changed by the run since. */
  #held = 0;
  /** Looks since the last creation without a usable answer; absent when there was none. */
  #looksInDoubt: number | undefined;
  #run = "";

  /** @param outputs what the state holds of the account */
  constructor(outputs: () => Properties, nowMs: () => number) {
    this.#outputs = outputs;
    this.#nowMs = nowMs;
  }

  isOurs(secretId: string): boolean {
    return this.#own.has(secretId);
  }

  note(exchange: Exchange): void {
    const [, run = "", call = ""] = /^(\S+#\d+): (\S+) /.exec(toCaller(exchange)) ?? [];
    if (call === "" || !exchange.target.startsWith("/api/atlas/")) return;
    if (run !== this.#run) {
      this.#run = run;
      this.#looksInDoubt = undefined;
    }
    const isWrite = exchange.method !== "GET";
    if (isWrite && call === "read") this.#breach(call, `sends ${exchange.method}`);
    if (isWrite && (this.#looksInDoubt ?? 2) < 2) this.#breach(call, "writes before two looks for what was lost");
    for (const change of exchange.changes) this.#noteChange(change, call);
    if (exchange.method === "GET") this.#noteLook(exchange);
    if (exchange.method === "POST") this.#noteCreation(exchange, call);
  }

  #noteChange({ kind, secretId, expiresAt }: Change, call: string): void {
    if (kind === "created") {
      this.#own.add(secretId);
      return;
    }
    this.#held -= 1;
    const isLive = Date.parse(expiresAt) > this.#nowMs();
    if (!isLive || call === "delete") return;
    const { secretId: current, previousSecretId, retireAfter } = this.#outputs();
    if (secretId === current) this.#breach(call, "deletes the current secret");
    if (!this.isOurs(secretId)) this.#breach(call, "deletes a secret of somebody else");
    if (secretId === previousSecretId && !(Date.parse(String(retireAfter)) <= this.#nowMs()))
      this.#breach(call, "deletes the previous secret before its overlap is over");
  }

  #noteLook({ outcome }: Exchange): void {
    const shown = outcome.kind === "answer" && outcome.status === 200 ? parseSecrets(outcome.body) : undefined;
    if (!shown) return;
    this.#held = shown.length;
    if (this.#looksInDoubt !== undefined) this.#looksInDoubt += 1;
  }

  #noteCreation({ outcome }: Exchange, call: string): void {
    if (this.#held >= 2) this.#breach(call, "asks for a third secret");
    const isAnswered = outcome.kind === "answer";
    const isGiven = isAnswered && outcome.status === 201 && /"secret":"/.test(outcome.body);
    const isRefused = isAnswered && outcome.status >= 400 && outcome.status < 500;
    if (isGiven) this.#held += 1;
    this.#looksInDoubt = isGiven || isRefused || (outcome.kind === "closed" && outcome.isUnread) ? undefined : 0;
  }

  #breach(call: string, what: string): void {
    this.breaches.push(`${this.#run}: ${call} ${what}`);
  }
}

function parseSecrets(body: string): unknown[] | undefined {
  try {
    const { secrets } = JSON.parse(body) as { secrets?: unknown };
    return Array.isArray(secrets) ? secrets : undefined;
  } catch {
    return undefined; // Broken on purpose: it showed nothing.
  }
}
