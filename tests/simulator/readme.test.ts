/** README's tables name what there is. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { DEFAULT_SWITCHES } from "pulumi-atlas-secrets-simulator";

const README = readFileSync(resolve(__dirname, "../../simulator/README.md"), "utf8");

/** The names in the first column of the table below a heading. */
function listNames(heading: string): string[] {
  const [, section = ""] = README.split(`## ${heading}`);
  const rows = (section.split("\n## ")[0] ?? "").split("\n").filter((line) => line.startsWith("| `"));
  return rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([\w-]+)`/g)].map(([, name = ""]) => name));
}

describe("the README of the simulator", () => {
  it("names every switch once, and no other", () => {
    expect(listNames("Switches").sort()).toEqual(Object.keys(DEFAULT_SWITCHES).sort());
  });

  it("tells their defaults", () => {
    const plain = Object.entries(DEFAULT_SWITCHES).filter(([, value]) => typeof value !== "object" || value === null);
    const wrong = plain.filter(([name, value]) => {
      const told = new RegExp(`^\\| \`${name}\` +\\| \`?${String(JSON.stringify(value))}\`? +\\|`, "m");
      return !told.test(README);
    });
    expect(wrong).toEqual([]);
  });
});
