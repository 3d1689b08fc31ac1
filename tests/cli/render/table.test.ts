/** The table: everything that matters in it, as wide as the terminal, plain where there is none. */
import { stripVTControlCharacters } from "node:util";
import type { Inventory } from "../../../cli/src/audit/inventory.js";
import { toReport } from "../../../cli/src/audit/report.js";
import { DEFAULT_LIMITS } from "../../../cli/src/audit/rules/situation.js";
import { renderTable } from "../../../cli/src/render/table.js";
import { CLIENT_ID, CURRENT_ID, DAY_MS, LISTED_CURRENT, listed, NOW_MS, plain, recorded } from "../audit/fixtures.js";
import { Random, toRandomInventory } from "../audit/random-inventory.js";

const ESCAPE = "\u001b[";

function render(inventory: Inventory, options: Parameters<typeof renderTable>[1], nowMs = NOW_MS) {
  return renderTable(toReport(inventory, { nowMs, nowFrom: "machine", limits: DEFAULT_LIMITS }), options) as string;
}

describe("the table, piped", () => {
  it("is plain text with a line for each finding and each secret, none of them cut", () => {
    const text = render(listed(recorded(), LISTED_CURRENT), { hasColors: false }, NOW_MS + 10 * DAY_MS);
    expect(text).not.toContain(ESCAPE);
    expect(text.split("\n")).toEqual([
      "As of 2026-06-25T12:00:00Z (this machine's clock), from state.json, atlas",
      "",
      "Severity  Code           What is wrong, what to do, and who says so",
      `warning   inside-window  Service account ${CLIENT_ID} of project 0123456789abcdef01234567: secret ${CURRENT_ID} expires at 2026-07-05T12:00:00Z and has been inside its rotation window since 2026-06-25T12:00:00Z: it is replaced. Run 'pulumi up' before it expires. (From atlas, state.json.)`,
      "",
      "Account                             Secret                    Role     Created               Rotate after          Expires                        Last used             Recorded in",
      `${CLIENT_ID}  ${CURRENT_ID}  current  2026-06-05T12:00:00Z  2026-06-25T12:00:00Z  2026-07-05T12:00:00Z  in 10 d  2026-06-15T11:00:00Z  state.json (backend)`,
      "",
      "1 secret of 1 account: 0 errors, 1 warning, 0 info.",
      "",
    ]);
  });

  it("says first what could not be read, and last that this is not all", () => {
    const unreadSources = [{ source: "atlas", message: "Could not list the service accounts of project x." }];
    const text = render({ ...recorded(), unreadSources }, { hasColors: false });
    expect(text.split("\n")[2]).toBe("Not read, atlas: Could not list the service accounts of project x.");
    expect(text).toMatch(/Not everything could be read, so this is not all\.\n$/);
  });

  it("says of a secret where it is recorded, and that Atlas lacks it", () => {
    expect(render(listed(recorded()), { hasColors: false })).toContain("state.json (backend); not on Atlas");
    expect(render(listed({ ...recorded(), resources: [] }, LISTED_CURRENT), { hasColors: false })).toMatch(/nowhere$/m);
  });
});

describe("the table, on a terminal", () => {
  it.each([40, 60, 80, 100, 120, 160, 200, 300])("is never wider than %i columns", (width) => {
    let lines = 0;
    for (let seed = 0; seed < 20; seed++) {
      const text = render(toRandomInventory(new Random(seed)), { width, hasColors: true });
      // The first line and the last are sentences, which a terminal breaks itself.
      const framed = text
        .split("\n")
        .map(stripVTControlCharacters)
        .filter((line) => /[│─]/.test(line));
      lines += framed.length;
      expect(framed.filter((line) => line.length > width)).toEqual([]);
    }
    expect(lines).toBeGreaterThan(100);
  });

  it.each([80, 120, 250])("holds whole ids and every word at %i columns", (width) => {
    const text = stripVTControlCharacters(render(recorded(), { width, hasColors: true }, NOW_MS + 15 * DAY_MS));
    const cells = text
      .split("\n")
      .filter((line) => line.startsWith("│"))
      .map((line) =>
        line
          .split("│")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    const lastColumn = cells
      .filter((row) => row.length === 3)
      .map((row) => row[2])
      .join(" ");
    expect(lastColumn).toContain(`${CURRENT_ID} is the only one`);
    expect(lastColumn).toContain("(From state.json.)");
    const secrets = cells.filter((row) => row.length > 3);
    expect(secrets.map(([account]) => account).join("")).toContain(CLIENT_ID);
    expect(secrets.map((row) => row[1]).join("")).toContain(CURRENT_ID);
  });

  it("leaves columns out where there is no room, the least needed first", () => {
    const heads = (width: number) => {
      const lines = stripVTControlCharacters(render(recorded(), { width, hasColors: false })).split("\n");
      return lines.find((line) => line.includes("Role")) ?? "";
    };
    const has = (width: number) =>
      ["Created", "Last used", "Rotate after", "Expires"].map((name) => heads(width).includes(name));
    expect(has(240)).toEqual([true, true, true, true]);
    expect(has(200)).toEqual([false, true, true, true]);
    expect(has(184)).toEqual([false, false, true, true]);
    expect(has(140)).toEqual([false, false, false, true]);
  });

  it("has colours, or none", () => {
    const late = NOW_MS + 25 * DAY_MS;
    expect(render(recorded(plain()), { width: 100, hasColors: true }, late)).toContain(`${ESCAPE}31m`);
    expect(render(recorded(plain()), { width: 100, hasColors: false }, late)).not.toContain(ESCAPE);
  });
});
