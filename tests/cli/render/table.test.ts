/** The table: everything that matters in it, as wide as the terminal, plain where there is none. */
import { stripVTControlCharacters } from "node:util";
import { SEVERITIES } from "../../../cli/src/audit/codes.js";
import type { Inventory } from "../../../cli/src/audit/inventory.js";
import { toReport } from "../../../cli/src/audit/report.js";
import { DEFAULT_LIMITS } from "../../../cli/src/audit/rules/situation.js";
import { FORMATS, RENDERERS } from "../../../cli/src/render/index.js";
import { renderTable } from "../../../cli/src/render/table.js";
import {
  CLIENT_ID,
  CURRENT_ID,
  DAY_MS,
  FOREIGN_ID,
  LISTED_CURRENT,
  listed,
  NOW_MS,
  plain,
  recorded,
} from "../audit/fixtures.js";
import { Random, toRandomInventory } from "../audit/random-inventory.js";

const ESCAPE = "\u001b[";

function render(inventory: Inventory, options: Parameters<typeof renderTable>[1], nowMs = NOW_MS) {
  return renderTable(toReport(inventory, { nowMs, nowFrom: "machine", limits: DEFAULT_LIMITS }), options) as string;
}

describe("the table, piped", () => {
  it("leads with names, and has a line for each sentence and each secret, none of them cut", () => {
    const text = render(listed(recorded(), LISTED_CURRENT), { hasColors: false }, NOW_MS + 10 * DAY_MS);
    expect(text).not.toContain(ESCAPE);
    expect(text.split("\n")).toEqual([
      "As of 2026-06-25T12:00:00Z (this machine's clock), from state.json, atlas",
      "",
      `warning inside-window  shop/prod > backend > ${CLIENT_ID}`,
      `  Service account ${CLIENT_ID} of project 0123456789abcdef01234567: secret ${CURRENT_ID} expires at 2026-07-05T12:00:00Z and has been inside its rotation window since 2026-06-25T12:00:00Z: it is replaced.`,
      "  Run 'pulumi up' before it expires.",
      "  From atlas, state.json.",
      "",
      "Name                 Account                             Secret                    Role     Created               Rotate after          Expires                       Last used             Recorded in",
      `shop/prod > backend  ${CLIENT_ID}  ${CURRENT_ID}  current  2026-06-05T12:00:00Z  2026-06-25T12:00:00Z  2026-07-05T12:00:00Z in 10 d  2026-06-15T11:00:00Z  state.json (backend)`,
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
    expect(render(listed({ ...recorded(), resources: [] }, LISTED_CURRENT), { hasColors: false })).toMatch(
      /no name is known.*nowhere$/m,
    );
  });
});

describe("the table, on a terminal", () => {
  it.each([40, 60, 80, 100, 120, 160, 200, 300])(
    "is never wider than %i columns but for one word, which is whole",
    (width) => {
      let lines = 0;
      for (let seed = 0; seed < 20; seed++) {
        const text = stripVTControlCharacters(render(toRandomInventory(new Random(seed)), { width, hasColors: true }));
        lines += text.split("\n").length;
        const wide = text.split("\n").filter((line) => line.length > width);
        expect(
          wide.filter((line) => line.trim().split(" ").length > 1 && !/^ {2}[A-Z][a-z ]+ {2,}\S+$/.test(line)),
        ).toEqual([]);
      }
      expect(lines).toBeGreaterThan(100);
    },
  );

  it.each([40, 80, 120, 250])("holds whole ids, times and words at %i columns", (width) => {
    const text = stripVTControlCharacters(render(recorded(), { width, hasColors: true }, NOW_MS + 15 * DAY_MS));
    const words = text.split(/\s+/);
    for (const word of [CLIENT_ID, CURRENT_ID, "2026-07-05T12:00:00Z", "shop/prod", "state.json."]) {
      expect(words).toContain(word);
    }
    expect(words.join(" ")).toContain(`${CURRENT_ID} is the only one`);
  });

  it("is a block for each secret where its line does not fit, and a line where it does", () => {
    const block = render(recorded(), { width: 80, hasColors: false }).split("\n\n")[1];
    expect(block?.split("\n")).toEqual([
      "shop/prod > backend",
      `  Account       ${CLIENT_ID}`,
      `  Secret        ${CURRENT_ID}`,
      "  Role          current",
      "  Created       2026-06-05T12:00:00Z",
      "  Rotate after  2026-06-25T12:00:00Z",
      "  Expires       2026-07-05T12:00:00Z in 20 d",
      "  Recorded in   state.json (backend)",
    ]);
    expect(render(recorded(), { width: 250, hasColors: false })).toMatch(/^Name +Account +Secret +Role/m);
  });

  it("shows what is most urgent first", () => {
    const inventory = listed(recorded(), LISTED_CURRENT, {
      ...LISTED_CURRENT,
      id: FOREIGN_ID,
      expiresAtMs: NOW_MS + DAY_MS,
    });
    const text = render(inventory, { width: 80, hasColors: false }, NOW_MS + 22 * DAY_MS);
    const codes = [...text.matchAll(/^(error|warning|info) ([a-z-]+)/gm)].map(([, severity]) => severity);
    expect(codes).toEqual([...codes].sort((a, b) => SEVERITIES.indexOf(a as "info") - SEVERITIES.indexOf(b as "info")));
    expect(codes.length).toBeGreaterThan(2);
    expect(text.lastIndexOf(`Secret        ${CURRENT_ID}`)).toBeLessThan(
      text.lastIndexOf(`Secret        ${FOREIGN_ID}`),
    );
  });

  it.each(["\u001b[2J", "\u009b2J", "\r", "\u202e", "\u0000"])(
    "writes the control character %j of a name out",
    async (sign) => {
      const location = `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret::back${sign}end`;
      const report = toReport(recorded(plain({}, { location })), {
        nowMs: NOW_MS,
        nowFrom: "machine",
        limits: DEFAULT_LIMITS,
      });
      for (const format of FORMATS) {
        const text = await RENDERERS[format](report, { width: 80, hasColors: false });
        expect(text).not.toContain(sign);
      }
      expect(renderTable(report, { width: 80, hasColors: false })).toContain("back\\u{");
    },
  );

  it("has colors, or none", () => {
    const late = NOW_MS + 25 * DAY_MS;
    expect(render(recorded(plain()), { width: 100, hasColors: true }, late)).toContain(`${ESCAPE}31m`);
    expect(render(recorded(plain()), { width: 100, hasColors: false }, late)).not.toContain(ESCAPE);
  });
});
