/** The page on Atlas's behavior: it names every switch, every refusal that is told apart, and what the write check can settle. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findCause } from "../../../provider/src/atlas/advice.js";
import { DEFAULT_SWITCHES } from "../../../simulator/src/switches.js";

const PAGE = readFileSync(join(__dirname, "../../../docs/atlas-behaviour.md"), "utf8");

/** A section of the page, up to the next heading. */
function section(title: string): string {
  const [, text = ""] = PAGE.split(`\n## ${title}`);
  return text.split("\n## ")[0] ?? "";
}

/** The cells of a section's table, without its head. */
function rowsOf(title: string): string[][] {
  const lines = section(title)
    .split("\n")
    .filter((line) => line.startsWith("| "));
  return lines.slice(2).map((line) => line.split(" | ").map((cell) => cell.replace(/^\||\|$/g, "").trim()));
}

const namesIn = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);

describe("docs/atlas-behaviour.md", () => {
  it("says first that nothing of it was tried on real Atlas", () => {
    expect(PAGE.split("\n\n")[1]).toContain("**Nothing on this page was tried on real Atlas by this project.**");
  });

  it("names every switch of the simulator, and no other one", () => {
    const open = rowsOf("Unknown, and what stands for it").flatMap(([, , switches = ""]) => namesIn(switches));
    const documented = namesIn(
      section("Unknown, and what stands for it").split("Switches for what is documented")[1] ?? "",
    );
    expect([...open, ...documented].sort()).toEqual(Object.keys(DEFAULT_SWITCHES).sort());
  });

  it("gives a source for everything that it calls known", () => {
    const sources = rowsOf("Known, and from where").map(([, source]) => source);
    expect(sources.length).toBeGreaterThan(10);
    for (const source of sources) expect(source).toMatch(/\]\(https:\/\/|^the same$/);
  });

  it("tells refusals apart as the provider does: rows with one meaning have one cause", () => {
    const rows = rowsOf("Refusals").map(([statuses = "", codes = ""]) => {
      const names = namesIn(codes.replace(/\[[^\]]*\]\([^)]*\)/g, ""));
      const pairs = statuses
        .split(", ")
        .flatMap((status) =>
          (names.length > 0 ? names : [""]).map((errorCode) => ({ status: Number(status), errorCode })),
        );
      return new Set(pairs.map(findCause));
    });
    expect(rows.map((causes) => [...causes])).toEqual([
      ["inputs"],
      ["version"],
      ["credential"],
      ["role"],
      ["organization-role"],
      ["owner-unseen"],
      ["suspended"],
      ["address"],
      ["forbidden"],
      ["tokens"],
      ["limit"],
      ["unknown-account"],
      ["owner-gone"],
      ["upgrade"],
      ["busy"],
      ["wait"],
      ["server", "wait"],
    ]);
  });

  it("says of each unknown whether the write check settles it", () => {
    for (const row of rowsOf("Unknown, and what stands for it")) expect(row[3]).toMatch(/^(yes|no|of an account)$/);
  });
});
