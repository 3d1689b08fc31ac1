/** Whether and when a request that failed is worth another try. Only for requests that may be repeated without harm. */
import { AtlasError, type AtlasFault, ConnectionError, RateLimitError } from "../errors.js";
import { findCause } from "./advice.js";
import type { TimeBudget, WaitKind } from "./time-budget.js";
import { CERTIFICATE_CAUSE } from "./transport.js";

/** How often a request is sent at most, but for an outage that Atlas tells of: that is waited for as long as time is left. */
export const MAX_TRIES = 4;

/** The first backoff; doubled each time. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** A wait before the next try. */
export interface Wait {
  readonly ms: number;
  readonly kind: WaitKind;
  /** What is waited for, where that is not what the caller waits for. */
  readonly why?: string;
}

/** Failures that stay as they are however often one asks. */
const LASTING = /^(engine-gone|out-of-time|unsafe-url|unusable-proxy|proxy-answered-4|ERR_TLS_|ERR_INVALID_)/;

/** Failures of what was tried often enough: a request that waited for it, as for a token, is not tried again for it. */
const exhausted = new WeakSet<AtlasError>();

/** The backoff after so many failures: 1 s, 2 s, 4 s, ... up to a minute. */
export function toBackoffMs(failures: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);
}

/** The wait that the server asked for, or a backoff when it asked for none or a shorter one. */
export function toWait({ retryAfterSeconds }: Pick<AtlasError, "retryAfterSeconds">, failures: number): Wait {
  const backoffMs = toBackoffMs(failures);
  const serverMs = (retryAfterSeconds ?? 0) * 1000;
  return serverMs > backoffMs ? { ms: serverMs, kind: "server" } : { ms: backoffMs, kind: "backoff" };
}

/** Whether Atlas says that it takes no changes for now: nothing was done, and a wait helps. */
export function isUpgrade(fault: AtlasFault): boolean {
  return findCause(fault) === "upgrade";
}

/** The wait before the next try of a request that failed for the `failures`th time; `undefined` when none can help. */
export function toRetryWait(error: unknown, failures: number): Wait | undefined {
  if (!(error instanceof AtlasError) || exhausted.has(error)) return undefined;
  if (isUpgrade(error))
    return { ...toWait(error, failures), why: "Atlas is being upgraded and takes no changes for now" };
  if (error.status === 503) return { ...toWait(error, failures), why: "Atlas is not available for now (503)" };
  if (failures >= MAX_TRIES) return undefined;
  // Its limit is closed until the time that Atlas told: the next try waits there for its turn.
  if (error instanceof RateLimitError) return { ms: 0, kind: "server" };
  if (!(error instanceof ConnectionError)) return undefined;
  if ([LASTING, CERTIFICATE_CAUSE].some((causes) => causes.test(error.noAnswer ?? ""))) return undefined;
  const isRedirect = error.status !== undefined && error.status >= 300 && error.status < 400;
  return isRedirect ? undefined : toWait(error, failures);
}

/** Runs `attempt` as often as can help; rejects with the last error. */
export async function repeat<T>(attempt: () => Promise<T>, budget: TimeBudget): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const wait = toRetryWait(error, failures);
      if (wait && (await budget.pause(wait.ms, wait.kind, wait.why))) continue;
      if (error instanceof AtlasError) exhausted.add(error);
      throw error;
    }
  }
}
