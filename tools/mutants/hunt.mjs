/** Seeds defects into copies of the checkout and runs the tests that must find them. The checkout itself is never changed. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { capture, lastLines } from "../setup/run.mjs";

/** What a copy needs to run unit tests; the packages are linked. */
const COPIED = ["provider", "policy", "cli", "simulator", "tests", "tools", "jest.config.cjs", "package.json"];

/**
 * Seeds every defect and prints what became of it. Returns the exit code: 0 when each was found by its test.
 * @param {import("../setup/index.mjs").Tools} tools
 * @param {readonly import("./defects.mjs").Defect[]} defects
 */
export async function hunt(tools, defects) {
  const folders = Array.from({ length: Math.min(availableParallelism(), 4, defects.length) }, () =>
    copyCheckout(tools.root),
  );
  const removeAll = () => folders.forEach((folder) => void rmSync(folder, { recursive: true, force: true }));
  process.on("exit", removeAll);
  const open = [...defects];
  const escaped = [];
  await Promise.all(
    folders.map(async (folder) => {
      for (let defect = open.shift(); defect; defect = open.shift()) {
        const problem = await seed(tools, folder, defect);
        process.stdout.write(`  ${problem ? "ESCAPED" : "found  "}  ${defect.name}${problem ? `: ${problem}` : ""}\n`);
        if (problem) escaped.push(defect.name);
      }
    }),
  );
  process.stdout.write(
    `\n${defects.length - escaped.length} of ${defects.length} seeded defects found by their tests\n`,
  );
  return escaped.length === 0 ? 0 : 1;
}

/** Says why a defect was not found; `undefined` when its test passes without it and fails with it. */
async function seed(tools, folder, { test, edits }) {
  const before = await runTest(tools, folder, test);
  if (before.passed === 0 || before.failed > 0) {
    return `its test does not pass without it (${before.passed} passed, ${before.failed} failed)\n${before.output}`;
  }
  const originals = new Map(edits.map(({ file }) => [file, readFileSync(join(folder, file), "utf8")]));
  try {
    for (const { file, find, replace } of edits) {
      const path = join(folder, file);
      const text = readFileSync(path, "utf8");
      if (text.split(find).length !== 2) return `"${find}" does not stand once in ${file}`;
      writeFileSync(
        path,
        text.replace(find, () => replace),
      );
    }
    const after = await runTest(tools, folder, test);
    return after.failed > 0 ? undefined : `its test still passes (${after.passed} passed)\n${after.output}`;
  } finally {
    for (const [file, text] of originals) writeFileSync(join(folder, file), text);
  }
}

/** Runs the tests of one file whose names match; a file that cannot be loaded counts as nothing passed. */
async function runTest({ node, env, root }, folder, { file, title }) {
  const jest = join(root, "node_modules/jest/bin/jest.js");
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  const args = [
    jest,
    "--rootDir",
    folder,
    "--runInBand",
    "--json",
    `--outputFile=${report}`,
    "--runTestsByPath",
    join(folder, file),
  ];
  const { output } = await capture(node, [...args, "--testNamePattern", toPattern(title)], { cwd: folder, env });
  const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = JSON.parse(readFileSync(report, "utf8"));
  return { passed, failed, output: lastLines(output) };
}

function toPattern(title) {
  return title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function copyCheckout(root) {
  const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-mutants-"));
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}
