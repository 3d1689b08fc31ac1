/** No test talks to a simulator whose exchanges nobody checks against the description. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const TESTS = join(__dirname, "..");

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|cjs|js|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("node_modules"));
}

describe("the tests", () => {
  it("start simulators in two places only, and both check every exchange", () => {
    const starters = listFiles(TESTS)
      .filter((path) => path !== __filename)
      .filter((path) => /\b(startSimulator|createLocalSimulator)\(/.test(readFileSync(path, "utf8")));
    expect(starters.map((path) => relative(TESTS, path)).sort()).toEqual([
      "contract/checked-simulator.ts",
      "model/virtual-atlas.ts",
    ]);
    for (const path of starters) expect(readFileSync(path, "utf8")).toContain("contract.note(exchange)");
  });
});
