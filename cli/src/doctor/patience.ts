/** A clock whose waits are bounded: a check that would take minutes, or that is interrupted, says so instead. */
import type { Environment } from "../environment.js";
import { CliFailure } from "../failure.js";

/** How long `doctor` waits at a time, in milliseconds. */
export const USUAL_PATIENCE_MS = 15_000;

/** A clock for the client. */
export interface PatientClock {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** The longest wait from now on. */
  patienceMs: number;
  /** Whether waits end, within a second. */
  shouldStop: () => boolean;
}

/** Makes one; `sleep` rejects instead of a wait that is too long, and when it shall stop. */
export function createPatientClock({ now, sleep }: Pick<Environment, "now" | "sleep">): PatientClock {
  const clock: PatientClock = {
    patienceMs: USUAL_PATIENCE_MS,
    shouldStop: () => false,
    now,
    sleep: async (ms) => {
      if (ms > clock.patienceMs) {
        const seconds = Math.ceil(ms / 1000);
        throw new CliFailure(
          `Atlas's rate limit is reached, or Atlas is not available for now: run 'atlas-secrets doctor' again after ${seconds} s.`,
        );
      }
      for (let leftMs = ms; leftMs > 0; leftMs -= 1_000) {
        if (clock.shouldStop()) throw new CliFailure("It was interrupted.");
        await sleep(Math.min(leftMs, 1_000));
      }
    },
  };
  return clock;
}
