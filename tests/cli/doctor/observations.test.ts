/** What the write check says it knows: each thing as it was seen, and nothing of what was not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Observations, toLearnt } from "../../../cli/src/write-check/observations.js";
import { seen } from "./facts.js";

/** Everything that can be seen. */
const ALL: Observations = {
  created: { hasMask: true, lastUsedAt: "null" },
  isListedAtOnce: true,
  isShorteningShownAtOnce: true,
  worksAfterMs: 0,
  lastUsedAtAfterMint: "set",
  isDeadAtOnce: true,
  unknownAccount: { status: 404 },
};

describe("docs/atlas-behaviour.md", () => {
  it("has each question that --write-check settles in the words of the rows that it prints", () => {
    const page = readFileSync(join(__dirname, "../../../docs/atlas-behaviour.md"), "utf8");
    const rows = [...page.matchAll(/^\| (.+?) +\| .+ \| .+ \| (yes|of an account) +\|$/gm)];
    const asked = rows.map(([, question]) => question);
    expect(asked.length).toBeGreaterThan(7);
    const printed = toLearnt(ALL, [seen("listAccounts", { listHoldsSecrets: true })]).map(({ question }) => question);
    expect(printed).toEqual(expect.arrayContaining(asked));
  });
});

describe("toLearnt", () => {
  it("knows nothing when nothing was seen", () => {
    expect(toLearnt({}, [])).toEqual([]);
    expect(toLearnt({}, [seen("mint")])).toEqual([]);
  });

  it.each<[string, Observations, string, string]>([
    ["a value that works at once", { worksAfterMs: 0 }, "When a new value works", "at once"],
    ["a value that works later", { worksAfterMs: 6_200 }, "When a new value works", "about 7 s after its creation"],
    [
      "a value that did not work",
      { worksAfterMs: null },
      "When a new value works",
      "not within a minute of its creation",
    ],
    [
      "a deleted secret that still works",
      { isDeadAtOnce: false },
      "Whether a deleted secret still mints a token",
      "yes",
    ],
    ["a deleted secret that does not", { isDeadAtOnce: true }, "Whether a deleted secret still mints a token", "no"],
    ["a use that shows", { lastUsedAtAfterMint: "set" }, "Whether a mint sets `lastUsedAt`, and how late", "at once"],
    [
      "a use that is null",
      { lastUsedAtAfterMint: "null" },
      "Whether a mint sets `lastUsedAt`, and how late",
      "not at once",
    ],
  ])("says of %s just that", (_, observations, question, learnt) => {
    expect(toLearnt(observations, [])).toEqual([{ question, learnt }]);
  });

  it("settles nothing about lists from one without accounts", () => {
    const rowsOf = (listHoldsSecrets?: boolean) => {
      const list = seen("listAccounts", listHoldsSecrets === undefined ? {} : { listHoldsSecrets });
      const rows = toLearnt({}, [list]).filter(({ question }) => question.includes("the list of accounts"));
      return rows.map(({ learnt }) => learnt);
    };
    expect([rowsOf(), rowsOf(true), rowsOf(false)]).toEqual([[], ["yes"], ["no"]]);
  });
});
