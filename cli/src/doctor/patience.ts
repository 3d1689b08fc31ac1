/** A clock whose waits are bounded: a check that would take minutes says so instead. */
import { CliFailure } from "../failure.js";
import type { Environment } from "../environment.js";

/** How long `doctor` waits at a time, in milliseconds. */
export const USUAL_PATIENCE_MS = 15_000;

/** A clock for the client. */
export interface PatientClock {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** The longest wait from now on. */
  patienceMs: number;
}

/** Makes one; `sleep` rejects instead of a wait that is too long. */
export function createPatientClock({ now, sleep }: Pick<Environment, "now" | "sleep">): PatientClock {
  const clock: PatientClock = {
    patienceMs: USUAL_PATIENCE_MS,
    now,
    sleep: async (ms) => {
      if (ms <= clock.patienceMs) return sleep(ms);
      const seconds = Math.ceil(ms / 1000);
      throw new CliFailure(`Atlas's rate limit is reached: run 'atlas-secrets doctor' again after ${seconds} s.`);
    },
  };
  return clock;
}
