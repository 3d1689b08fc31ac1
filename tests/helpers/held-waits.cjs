/**
 * Preload (`node --require`) for the host of dynamic providers; in other processes it does nothing. A timer of one second up
 * to two minutes lasts until the file `released` is in the folder `HELD_WAITS`, however long that takes, and the clock of the
 * process then moves on by what was left out: a test can act inside a wait, and no wait takes its real time. The file `log`
 * in that folder gets a line when such a timer begins and when it ends.
 */
const { appendFileSync, existsSync } = require("node:fs");
const { join } = require("node:path");

const SHORTEST_MS = 1_000;
const LONGEST_MS = 120_000;
const POLL_MS = 10;

const folder = process.env.HELD_WAITS;
if (folder && /[/\\]dynamic-provider\b/.test(process.argv[1] ?? "")) holdWaits(folder);

/** The host talks to the engine by gRPC, which has timers of its own. */
function isOfHost(stack = "") {
  return /[/\\]@grpc[/\\]/.test(stack);
}

function holdWaits(folder) {
  const RealDate = Date;
  const realSetTimeout = setTimeout;
  let skippedMs = 0;
  const note = (what, ms) => appendFileSync(join(folder, "log"), `${what} ${ms}\n`);

  globalThis.Date = class extends RealDate {
    constructor(...args) {
      if (args.length === 0) super(RealDate.now() + skippedMs);
      else super(...args);
    }

    static now() {
      return RealDate.now() + skippedMs;
    }
  };

  globalThis.setTimeout = (callback, ms, ...args) => {
    const isWait = ms >= SHORTEST_MS && ms <= LONGEST_MS && !isOfHost(new Error().stack);
    if (!isWait) return realSetTimeout(callback, ms, ...args);
    note("begun", ms);
    const begunMs = RealDate.now();
    const poll = setInterval(() => {
      if (!existsSync(join(folder, "released"))) return;
      clearInterval(poll);
      skippedMs += Math.max(0, ms - (RealDate.now() - begunMs));
      note("ended", ms);
      callback(...args);
    }, POLL_MS);
    return poll;
  };
}
