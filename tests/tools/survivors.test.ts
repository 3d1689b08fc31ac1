/** The list of changes of the code that no test tells: what stands in it is let through, and nothing else is. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

type Survivor = Readonly<Record<"file" | "line" | "code" | "becomes", string>>;
type Listed = Readonly<Record<string, readonly { line: string; changes: Record<string, string[]>; reason: string }[]>>;

const { findUnlisted, readSurvivors } = jest.requireActual<{
  findUnlisted(survivors: readonly Survivor[], listed: Listed): Survivor[];
  readSurvivors(results: string): Survivor[];
}>("../../tools/mutation/survivors.cjs");

const ROOT = resolve(__dirname, "../..");
const FILE = "provider/src/records/scope.ts";
const SOURCE = ["export const x =", "  a ?? b;", "  if (a", "    && b) return c;"].join("\n");
const mutant = (status: string, start: [number, number], end: [number, number], replacement: string) => ({
  status,
  location: { start: { line: start[0], column: start[1] }, end: { line: end[0], column: end[1] } },
  replacement,
});

const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-survivors-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read() {
  const mutants = [
    mutant("Survived", [2, 3], [2, 9], "a && b"),
    mutant("NoCoverage", [3, 7], [4, 9], "true"),
    mutant("Killed", [2, 3], [2, 9], "b"),
    mutant("Timeout", [2, 3], [2, 9], "a"),
  ];
  const results = join(folder, "results.json");
  writeFileSync(results, JSON.stringify({ files: { [FILE]: { source: SOURCE, mutants } } }));
  return readSurvivors(results);
}

it("reads which code became what, also over several lines", () => {
  expect(read()).toEqual([
    { file: FILE, line: "a ?? b;", code: "a ?? b", becomes: "a && b" },
    { file: FILE, line: "if (a", code: "a && b", becomes: "true" },
  ]);
});

it("lets through what is listed, by its line, its code and what that became", () => {
  const survivors = read();
  const entry = { line: "a ?? b;", changes: { "a ?? b": ["a && b"] }, reason: "Both are the same." };
  expect(findUnlisted(survivors, {})).toEqual(survivors);
  expect(findUnlisted(survivors, { [FILE]: [entry] })).toEqual(survivors.slice(1));
  for (const other of [{ line: "a ?? c;" }, { changes: { "a ?? b": ["b"] } }, { changes: { a: ["a && b"] } }])
    expect(findUnlisted(survivors, { [FILE]: [{ ...entry, ...other }] })).toEqual(survivors);
  expect(findUnlisted(survivors, { "provider/src/other.ts": [entry] })).toEqual(survivors);
});

it("lists lines that stand in their files, each with a reason", () => {
  const listed = JSON.parse(readFileSync(join(ROOT, "tools/mutation/survivors.json"), "utf8")) as Listed;
  const wrong = Object.entries(listed).flatMap(([file, entries]) => {
    const lines = readFileSync(join(ROOT, file), "utf8")
      .split("\n")
      .map((line) => line.trim());
    return entries.filter(({ line, reason }) => !lines.includes(line) || reason === "").map(({ line }) => [file, line]);
  });
  expect(wrong).toEqual([]);
});
