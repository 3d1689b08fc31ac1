/**
 * How long one call of the engine may take: five minutes for its account, one hour in all. Waits that the server asked for,
 * or that come from the queue of this process, count for the hour only.
 */
import { type Clock, MINUTE_MS } from "../clock.js";
import { type Report, reportWait } from "./report.js";

/** From its first request, without the waits that the server asked for. */
export const ACCOUNT_BUDGET_MS = 5 * MINUTE_MS;

/** From its start, with all waits. */
export const OPERATION_BUDGET_MS = 60 * MINUTE_MS;

/** Why a wait is made: the server asked for it (or the queue that follows it), or we back off. */
export type WaitKind = "server" | "backoff";

/** What a wait is for when its caller does not say. */
const USUAL_REASONS: Readonly<Record<WaitKind, string>> = {
  server: "Atlas asked to wait",
  backoff: "the last try failed, and the next one follows then",
};

export class TimeBudget {
  readonly #clock: Clock;
  readonly #report: Report | undefined;
  readonly #startedAtMs: number;
  #firstRequestAtMs: number | undefined;
  #serverWaitMs = 0;

  /** @param report shows a line for each long wait */
  constructor(clock: Clock, report?: Report) {
    this.#clock = clock;
    this.#report = report;
    this.#startedAtMs = clock.now();
  }

  /** A request is about to be sent: the five minutes run from the first one. */
  noteRequest(): void {
    this.#firstRequestAtMs ??= this.#clock.now();
  }

  /** Time went by that the server asked for: it does not count for the five minutes. */
  noteServerWait(ms: number): void {
    if (this.#firstRequestAtMs !== undefined) this.#serverWaitMs += ms;
  }

  /**
   * Waits and resolves with true; resolves with false at once when the wait would not fit into the time that is left.
   *
   * @param what what is waited for, to follow 'Waiting 30 s, until ...:' in the line for a long wait; empty when its
   *   caller says it
   */
  async pause(ms: number, kind: WaitKind, what = USUAL_REASONS[kind]): Promise<boolean> {
    const startMs = this.#clock.now();
    if (startMs - this.#startedAtMs + ms > OPERATION_BUDGET_MS) return false;
    const ownMs = startMs - (this.#firstRequestAtMs ?? startMs) - this.#serverWaitMs;
    if (kind === "backoff" && ownMs + ms > ACCOUNT_BUDGET_MS) return false;
    if (this.#report && what !== "") reportWait(this.#report, what, { nowMs: startMs, untilMs: startMs + ms });
    await this.#clock.sleep(ms);
    if (kind === "server") this.noteServerWait(this.#clock.now() - startMs);
    return true;
  }
}
