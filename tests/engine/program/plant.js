/**
 * Puts a value into every place in which no confidential one may be, so that a test can see its search find something there:
 * both streams, the debug messages, a file for temporary data that is gone at once, the arguments of a process, and the
 * folder of the CLI; and it names a resource, so that every command shows it that lists what it deals with. The caller adds it to the
 * outputs of the stack, and so to its state.
 */
const { spawn } = require("node:child_process");
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const pulumi = require("@pulumi/pulumi");

/** Longer than it takes to look for it, shorter than a run. */
const LIFETIME_MS = 1_000;

exports.plant = function plant(value) {
  process.stdout.write(`${value}\n`);
  process.stderr.write(`${value}\n`);
  void pulumi.log.debug(value);
  writeFileSync(join(process.env.PULUMI_HOME, "planted"), value);
  const folder = mkdtempSync(join(tmpdir(), "planted-"));
  writeFileSync(join(folder, "planted"), value);
  setTimeout(() => rmSync(folder, { recursive: true }), LIFETIME_MS);
  spawn(process.execPath, ["-e", `setTimeout(() => {}, ${LIFETIME_MS})`, value], { stdio: "ignore" }).unref();
  new pulumi.ComponentResource("test:index:Planted", value);
  return value;
};
