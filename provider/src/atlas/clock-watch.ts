/** Tells the user when this machine's clock is wrong: rotations are decided by it, expiries by Atlas's. */
import { type Clock, MINUTE_MS, toIsoTime } from "../clock.js";
import type { Report } from "./report.js";
import type { Transport } from "./transport.js";

/** Clocks that differ by no more than this are taken for equal; the way of an answer is in it. */
const MAX_DIFFERENCE_MS = 10 * MINUTE_MS;

/** The same transport, which compares the time of its first answer that has one with the clock, and reports a difference. */
export function watchClock(transport: Transport, clock: Clock, report: Report): Transport {
  let isCompared = false;
  return async (request) => {
    const outcome = await transport(request);
    if (isCompared || outcome.kind !== "answer" || outcome.serverTimeMs === undefined) return outcome;
    isCompared = true;
    const nowMs = clock.now();
    if (Math.abs(nowMs - outcome.serverTimeMs) > MAX_DIFFERENCE_MS) {
      report(
        `Warning: this machine's clock says ${toIsoTime(nowMs)}, Atlas says ${toIsoTime(outcome.serverTimeMs)}. ` +
          "Rotations are decided by this machine's clock: correct it, or they come at the wrong time.",
      );
    }
    return outcome;
  };
}
