/** What the write check says it knows: each thing as it was seen, and nothing of what was not. */
import { type Observations, toKnowledge } from "../../../cli/src/write-check/observations.js";
import { seen } from "./facts.js";

describe("toKnowledge", () => {
  it("knows nothing when nothing was seen", () => {
    expect(toKnowledge({}, [])).toEqual([]);
    expect(toKnowledge({}, [seen("mint")])).toEqual([]);
  });

  it.each<[string, Observations, string[]]>([
    ["a value that works at once", { worksAfterMs: 0 }, ["the value of a new secret works at once."]],
    [
      "a value that works later",
      { worksAfterMs: 6_200 },
      ["the value of a new secret works about 7 s after its creation, and not at once."],
    ],
    [
      "a value that did not work",
      { worksAfterMs: null },
      ["the value of a new secret does not work within a minute of its creation."],
    ],
    [
      "a deleted secret that still works",
      { isDeadAtOnce: false },
      ["a deleted secret still mints a token right after its deletion."],
    ],
    [
      "a deleted secret that does not",
      { isDeadAtOnce: true },
      ["a deleted secret mints no token any more right after its deletion."],
    ],
    ["a use that shows", { lastUsedAtAfterMint: "set" }, ["a minted token shows in 'lastUsedAt' right after."]],
    [
      "a use that is null",
      { lastUsedAtAfterMint: "null" },
      ["a minted token does not show in 'lastUsedAt' right after."],
    ],
  ])("says of %s just that", (_, observations, sentences) => {
    expect(toKnowledge(observations, [])).toEqual(sentences);
  });

  it("settles nothing about lists from one without accounts", () => {
    const sentences = (listHoldsSecrets?: boolean) => {
      const list = seen("listAccounts", listHoldsSecrets === undefined ? {} : { listHoldsSecrets });
      return toKnowledge({}, [list]).filter((sentence) => sentence.includes("a list of"));
    };
    expect([sentences(), sentences(true), sentences(false)]).toEqual([
      [],
      ["a list of service accounts holds their 'secrets'."],
      ["a list of service accounts does not hold their 'secrets'."],
    ]);
  });
});
