/** Keeps the requests of this process within Atlas's rate limits: what one request learns from its answer, all others wait for. */
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
  /** How many requests are not answered yet. */
  underWay: number;
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
    const limit = this.#get(name);
    const queuedMs = this.#clock.now();
    const { outcome } = await limit.turn.runExclusive(async () => {
      budget.noteServerWait(this.#clock.now() - queuedMs);
      for (;;) {
        const admission = limit.throttle.admit(this.#clock.now(), limit.underWay);
        // In an object the promise is not waited for here: the next one's turn comes at once.
        if (admission.go === "now") return { outcome: this.#send(limit, budget, send) };
        if (admission.go === "alone") return { outcome: await this.#send(limit, budget, send) };
        const what = `the rate limit of ${name} is reached`;
        if (!(await budget.pause(admission.waitMs, "server", what))) return { outcome: NO_TIME };
      }
    });
    return outcome;
  }

  async #send(limit: Limit, budget: TimeBudget, send: () => Promise<Answer | NoAnswer>): Promise<Answer | NoAnswer> {
    const { throttle } = limit;
    budget.noteRequest();
    const generation = throttle.noteSent();
    limit.underWay += 1;
    const outcome = await send()
      .catch((error: unknown) => {
        throttle.noteUnanswered(generation, { mayHaveBeenApplied: false }); // It could not be signed.
        throw error;
      })
      .finally(() => {
        limit.underWay -= 1;
      });
    const nowMs = this.#clock.now();
    if (outcome.kind !== "answer") throttle.noteUnanswered(generation, outcome);
    else if (outcome.status === 429) throttle.noteRefused(generation, nowMs, parseLimit(outcome));
    else throttle.noteAccepted(generation, nowMs, parseLimit(outcome));
    return outcome;
  }

  #get(name: string): Limit {
    let limit = this.#limits.get(name);
    if (!limit) {
      limit = { throttle: new Throttle(), turn: new Mutex(), underWay: 0 };
      this.#limits.set(name, limit);
    }
    return limit;
  }
}
