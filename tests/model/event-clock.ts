/**
 * Virtual time for work that goes on at the same time: waits end in the order of their times, and time jumps to the earliest
 * one when everybody waits. Only for work that waits for nothing else but promises.
 */
import type { Clock } from "../../provider/src/clock.js";

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** Makes such a clock out of one whose waits move time at once. */
export function createEventClock(moved: Clock): Clock {
  const sleepers: Sleeper[] = [];
  let isTicking = false;

  function tickWhenIdle(): void {
    if (isTicking) return;
    isTicking = true;
    // Runs when every promise that can go on has done so.
    setImmediate(() => void tick());
  }

  async function tick(): Promise<void> {
    isTicking = false;
    const [first] = sleepers.sort((a, b) => a.wakeAtMs - b.wakeAtMs);
    if (!first) return;
    sleepers.shift();
    const aheadMs = first.wakeAtMs - moved.now();
    if (aheadMs > 0) await moved.sleep(aheadMs);
    first.wake();
    if (sleepers.length > 0) tickWhenIdle();
  }

  return {
    now: () => moved.now(),
    sleep: (ms) =>
      new Promise((resolve) => {
        sleepers.push({ wakeAtMs: moved.now() + Math.max(0, ms), wake: resolve });
        tickWhenIdle();
      }),
  };
}

/** Runs jobs, at most `limit` of them at the same time; resolves when all are over. */
export async function runPooled(jobs: readonly (() => Promise<void>)[], limit: number): Promise<void> {
  const queue = [...jobs];
  const work = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) await job();
  };
  await Promise.all(Array.from({ length: limit }, work));
}
