/**
 * One set-up at a time for a checkout's node_modules, which npm changes in place: two at once would take each other's files away. A
 * lock is a folder; its holder touches it every few seconds, so one that is left behind by a killed process is seen as old, on any
 * machine that shares the cache.
 */
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createFolder } from "./cache.mjs";

const TOUCH_MS = 2_000;
const STALE_MS = 20_000;
const POLL_MS = 250;

/** @type {Set<string>} */
const held = new Set();
process.on("exit", () => {
  for (const path of held) rmSync(path, { recursive: true, force: true });
});

/**
 * Runs an action while holding the lock of the machine's checkout.
 * @template T
 * @param {import("./machine.mjs").Machine} machine
 * @param {import("./progress.mjs").Progress} progress
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withLock(machine, progress, action) {
  const key = createHash("sha256").update(machine.root).digest("hex").slice(0, 16);
  const path = join(createFolder(join(machine.cache, "locks")), key);
  if (!take(path)) await progress.step("Waiting for another set-up", () => wait(path));
  held.add(path);
  const touching = setInterval(() => touch(path), TOUCH_MS);
  try {
    return await action();
  } finally {
    clearInterval(touching);
    held.delete(path);
    rmSync(path, { recursive: true, force: true });
  }
}

async function wait(path) {
  while (!take(path)) {
    const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (touched !== undefined && Date.now() - touched > STALE_MS) rmSync(path, { recursive: true, force: true });
    else await sleep(POLL_MS);
  }
}

function take(path) {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** The lock may be gone when this process was suspended. */
function touch(path) {
  const now = new Date();
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) utimesSync(path, now, now);
}
