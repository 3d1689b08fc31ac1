/**
 * The changes of the code that no test tells, beside those in `survivors.json`, where each has its reason: what is not listed is to be told by a
 * test, or to be listed.
 */
const { readFileSync } = require("node:fs");

/** Stryker's states of a change that no test told. */
const UNTOLD = ["Survived", "NoCoverage"];

/**
 * A change that no test tells.
 * @typedef {{ file: string, line: string, code: string, becomes: string }} Survivor `line` is the first line of the changed code as it stands
 */

/**
 * Reads what Stryker left of a layer.
 * @param {string} results path of its results
 * @returns {Survivor[]}
 */
function readSurvivors(results) {
  const { files } = JSON.parse(readFileSync(results, "utf8"));
  return Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split("\n");
    return mutants
      .filter(({ status }) => UNTOLD.includes(status))
      .map(({ location: { start, end }, replacement }) => ({
        file,
        line: lines[start.line - 1].trim(),
        code: cut(lines, start, end),
        becomes: flatten(replacement),
      }));
  });
}

/**
 * Compares survivors with the list. Several changes of a line may share a reason, and a line may stand in a file more than once.
 * @param {readonly Survivor[]} survivors
 * @param {Readonly<Record<string, readonly { line: string, changes: Readonly<Record<string, readonly string[]>>, reason: string }[]>>} listed by file
 * @returns {Survivor[]} those that the list lacks
 */
function findUnlisted(survivors, listed) {
  return survivors.filter(({ file, line, code, becomes }) => {
    const entries = (listed[file] ?? []).filter((entry) => entry.line === line);
    return !entries.some(({ changes }) => changes[code]?.includes(becomes));
  });
}

/** Columns and lines of Stryker count from 1. */
function cut(lines, start, end) {
  const first = lines[start.line - 1];
  if (start.line === end.line) return first.slice(start.column - 1, end.column - 1);
  const between = lines.slice(start.line, end.line - 1);
  return flatten([first.slice(start.column - 1), ...between, lines[end.line - 1].slice(0, end.column - 1)].join("\n"));
}

const flatten = (text = "") => text.replace(/\s+/g, " ").trim();

module.exports = { readSurvivors, findUnlisted };
