/**
 * How long one call of the engine may take: five minutes for its account, one hour in all. Waits that the server told, or
 * that come from the queue of this process, count for the hour only.
 */
import { type Clock, MINUTE_MS } from "../clock.js";

/** From its first request, without waits that were told. */
export const ACCOUNT_BUDGET_MS = 5 * MINUTE_MS;

/** From its start, with all waits. */
export const OPERATION_BUDGET_MS = 60 * MINUTE_MS;

/** Who decided on a wait: we, or the server (or the queue that follows it). */
export type WaitKind = "own" | "told";

export class Operation {
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  #firstRequestAtMs: number | undefined;
  #toldMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAtMs = clock.now();
  }

  /** A request is about to be sent: the five minutes run from the first one. */
  noteRequest(): void {
    this.#firstRequestAtMs ??= this.#clock.now();
  }

  /** Time went by that the server asked for: it does not count for the five minutes. */
  noteTold(ms: number): void {
    if (this.#firstRequestAtMs !== undefined) this.#toldMs += ms;
  }

  /** Waits and resolves with true; resolves with false at once when the wait would not fit into the time that is left. */
  async pause(ms: number, kind: WaitKind): Promise<boolean> {
    const startMs = this.#clock.now();
    if (startMs - this.#startedAtMs + ms > OPERATION_BUDGET_MS) return false;
    const ownMs = startMs - (this.#firstRequestAtMs ?? startMs) - this.#toldMs;
    if (kind === "own" && ownMs + ms > ACCOUNT_BUDGET_MS) return false;
    await this.#clock.sleep(ms);
    if (kind === "told") this.noteTold(this.#clock.now() - startMs);
    return true;
  }
}
