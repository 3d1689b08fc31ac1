/**
 * Keeps the requests of this process within Atlas's rate limits: what one request learns from a refusal, all others wait for.
 * Requests to a limit that never refused one go at once.
 */
import { Mutex } from "async-mutex";
import type { Clock } from "../clock.js";
import { parseLimit } from "./limit.js";
import { Throttle } from "./throttle.js";
import type { TimeBudget } from "./time-budget.js";
import type { Answer, NoAnswer } from "./transport.js";

/** `NoAnswer.cause` of a request that was not sent because its operation has no time left to wait for its turn. */
export const OUT_OF_TIME = "out-of-time";

const NO_TIME: NoAnswer = { kind: "no-answer", cause: OUT_OF_TIME, mayHaveBeenApplied: false };

interface Limit {
  readonly throttle: Throttle;
  /** Whose turn it is, first come first served. */
  readonly turn: Mutex;
}

/** The rate limits that this process has met. */
export class Pacer {
  readonly #clock: Clock;
  readonly #limits = new Map<string, Limit>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Sends a request when its limit allows it.
   *
   * @param name which limit it counts against, in words: `project 0123...`
   */
  async run(name: string, budget: TimeBudget, send: () => Promise<Answer | NoAnswer>): Promise<Answer | NoAnswer> {
    const { throttle, turn } = this.#get(name);
    if (throttle.isOpen) return this.#send(throttle, budget, send);
    const queuedMs = this.#clock.now();
    const { outcome } = await turn.runExclusive(async () => {
      budget.noteServerWait(this.#clock.now() - queuedMs);
      for (;;) {
        const admission = throttle.admit(this.#clock.now());
        // In an object the promise is not waited for here: the next one's turn comes at once.
        if (admission.go === "now") return { outcome: this.#send(throttle, budget, send) };
        if (admission.go === "alone") return { outcome: await this.#send(throttle, budget, send) };
        const what = `Atlas asked to wait (rate limit of ${name})`;
        if (!(await budget.pause(admission.waitMs, "server", what))) return { outcome: NO_TIME };
      }
    });
    return outcome;
  }

  async #send(
    throttle: Throttle,
    budget: TimeBudget,
    send: () => Promise<Answer | NoAnswer>,
  ): Promise<Answer | NoAnswer> {
    budget.noteRequest();
    const generation = throttle.noteSent();
    const outcome = await send().catch((error: unknown) => {
      throttle.noteUnsent(); // It could not be signed.
      throw error;
    });
    if (outcome.kind === "answer") {
      if (outcome.status === 429) throttle.noteRefused(generation, this.#clock.now(), parseLimit(outcome));
      else throttle.noteAccepted();
    } else if (!outcome.mayHaveBeenApplied) {
      throttle.noteUnsent();
    }
    return outcome;
  }

  #get(name: string): Limit {
    let limit = this.#limits.get(name);
    if (!limit) {
      limit = { throttle: new Throttle(), turn: new Mutex() };
      this.#limits.set(name, limit);
    }
    return limit;
  }
}
