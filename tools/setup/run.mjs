/**
 * Runs other programs: either with their output kept for a message, or on this terminal with signals passed on. No program
 * that was started here outlives this process.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGTERM");
});

/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} env
 * @property {string} [cwd]
 * @property {boolean} [shell] needed for `.cmd` files on Windows
 */

/**
 * Runs a program and returns its exit code and what it printed, both streams. A program that cannot be started has code 127.
 * @param {string} command @param {readonly string[]} args @param {RunOptions} options
 * @returns {Promise<{ code: number, output: string }>}
 */
export function capture(command, args, options) {
  return new Promise((settle) => {
    const child = start(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const output = [];
    child.stdout?.setEncoding("utf8").on("data", (text) => output.push(text));
    child.stderr?.setEncoding("utf8").on("data", (text) => output.push(text));
    child.once("error", (error) => settle({ code: 127, output: error.message }));
    child.once("close", (code, signal) => settle({ code: toExitCode(code, signal), output: output.join("").trim() }));
  });
}

/**
 * Runs a program on this terminal, waits for it, and returns its exit code. SIGINT and SIGTERM are passed on instead of ending
 * this process; the program may see a Ctrl-C twice, since the terminal sends it to both.
 * @param {string} command @param {readonly string[]} args @param {RunOptions} options
 * @returns {Promise<number>}
 */
export async function runHere(command, args, options) {
  const child = start(command, args, { ...options, stdio: "inherit" });
  const forward = (signal) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, forward);
  try {
    return await new Promise((settle, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => settle(toExitCode(code, signal)));
    });
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, forward);
  }
}

/**
 * Returns the last lines of a program's output, for a message.
 * @param {string} output @param {number} [count]
 */
export function lastLines(output, count = 12) {
  return output.split("\n").slice(-count).join("\n");
}

function start(command, args, options) {
  const child = spawn(command, args, options);
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

/** 128 and the signal's number, as shells do. */
function toExitCode(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}
