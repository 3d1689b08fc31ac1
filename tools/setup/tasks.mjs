/** What the entry points share: the set-up with its message, the build, and running a program with Node 24. */

import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setUp } from "./index.mjs";
import { capture, runHere } from "./run.mjs";
import { SetUpError } from "./setup-error.mjs";

/**
 * Sets up, hands the tools to an action, and ends with the exit code that it returns; a set-up that fails ends with 1.
 * @param {(tools: import("./index.mjs").Tools) => Promise<number>} action
 * @param {{ languages?: boolean }} [options] `languages`: whether Python and Go programs are to run too
 */
export async function runWithTools(action, { languages = false } = {}) {
  try {
    process.exitCode = await action(await setUp({ languages }));
  } catch (error) {
    process.stderr.write(`\n${error instanceof SetUpError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}

/**
 * Builds what has changed and returns the exit code; only a failure is shown.
 * @param {import("./index.mjs").Tools} tools
 */
export async function build({ root, node, env }) {
  const { code, output } = await capture(node, [join(root, "node_modules/typescript/bin/tsc"), "-b"], {
    cwd: root,
    env,
  });
  if (code !== 0) process.stderr.write(`${output}\nThe build failed.\n`);
  return code;
}

/**
 * Runs a script of the checkout with Node 24 on this terminal and returns its exit code.
 * @param {import("./index.mjs").Tools} tools
 * @param {string} script relative to the checkout
 * @param {readonly string[]} [args]
 */
export function runScript({ root, node, env }, script, args = []) {
  return runHere(node, [join(root, script), ...args], { cwd: root, env });
}

/**
 * Runs named steps to the end whatever fails, prints a summary, and returns 0 only when all of them did.
 * @param {readonly { name: string, run: () => Promise<number> }[]} steps
 */
export async function runAll(steps) {
  const lines = [];
  for (const { name, run } of steps) {
    const begun = performance.now();
    const code = await run();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    lines.push({ text: `  ${code === 0 ? "ok    " : "FAILED"}  ${name}, ${seconds} s`, isGood: code === 0 });
  }
  process.stdout.write(`\n${lines.map(({ text }) => text).join("\n")}\n`);
  return lines.every(({ isGood }) => isGood) ? 0 : 1;
}
